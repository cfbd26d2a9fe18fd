"""What pydantic finds, said in the words of the plan file and with the place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from provisioner.core.text import shortened
from provisioner.errors import Problem
from provisioner.flex.spelling import did_you_mean
from provisioner.planfile.credentials import COME_FROM, NEVER_IN_PLAN, looks_like_credential
from provisioner.planfile.document import Document, Place, Step
from provisioner.planfile.sections import EXPECTED

_EXPECTED_TYPES = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "date_type": "a date such as 2027-03-31",
    "string_too_short": "something",
    "too_short": "at least one",
}
# Text that would be right if it were not quoted.
_UNQUOTED = {
    "bool_type": re.compile("true|false|yes|no|on|off", re.I),
    "int_type": re.compile(r"-?\d+"),
    "float_type": re.compile(r"-?\d+(\.\d+)?"),
    "date_type": re.compile(r"\d{4}-\d\d-\d\d"),
}
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}


def translate(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """One problem for each of pydantic's errors."""
    return [_problem(each, document, model) for each in error.errors(include_url=False)]


def _problem(error: Any, document: Document, model: type[BaseModel]) -> Problem:
    path: tuple[Step, ...] = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            message, hint = _unknown_key(str(path[-1]), _keys_at(model, path[:-1]))
            place = document.place_of_key(path)
        case "missing":
            message, hint = f"missing key `{path[-1]}`" + _inside(path[:-1]), ""
            place = _head(document, path[:-1])
        case "mistake":
            message, hint = _mistake(error, document.written(path))
            place = _head(document, path) if isinstance(error["input"], Mapping) else document.place(path)
        case _:
            message, hint = _expectation(error, document.written(path))
            message, place = f"{_dotted(path)}: {message}", document.place(path)
    return Problem(document.file, *place, message, hint)


def _mistake(error: Any, written: str | None) -> tuple[str, str]:
    message, hint, given = str(error["ctx"]["message"]), str(error["ctx"]["hint"]), error["input"]
    if written and isinstance(given, str) and given:
        # The value of a variable may be nobody's business: what the file says is shown.
        message, hint = (text.replace(given, shortened(written)) for text in (message, hint))
    return (f"{_dotted(error['loc'])}: {message}" if isinstance(given, Mapping) else message), hint


def _unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    if looks_like_credential(key):
        return NEVER_IN_PLAN.format(shortened(key)), COME_FROM
    return f"unknown key `{shortened(key)}`", did_you_mean(key, known) or f"known here: {', '.join(known)}"


def _expectation(error: Any, written: str | None) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    found = _found(error["input"], written)
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context["expected"])
        expected = context["expected"].replace("'", "`")
        return f"expected {expected}, found {found}", did_you_mean(str(error["input"]), words)
    if kind == "string_pattern_mismatch":
        return f"expected {EXPECTED.get(context['pattern'], context['pattern'])}, found {found}", ""
    if kind in _BOUNDS:
        name, words_ = _BOUNDS[kind]
        return f"expected {words_} {context[name]:g}, found {found}", ""
    if kind not in _EXPECTED_TYPES:
        return f"{error['msg']}, found {found}", ""
    return f"expected {_EXPECTED_TYPES[kind]}, found {found}", _quoting(kind, error["input"], written)


def _quoting(kind: str, value: object, written: str | None) -> str:
    if kind == "string_type" and written and value is not None:
        return f'quote it: "{shortened(written)}"'
    if isinstance(value, str) and kind in _UNQUOTED and _UNQUOTED[kind].fullmatch(value):
        return "write it without quotes"
    return ""


def _found(value: object, written: str | None) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "the boolean"),
        ((int, float), "the number"),
        (date, "the date"),
        (str, ""),
    )
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    kind = next((words for types, words in kinds if isinstance(value, types)), None)
    if kind is None or not written:
        return "nothing"
    return f"{kind} `{shortened(written)}`".strip()


def _head(document: Document, path: Sequence[Step]) -> Place:
    """The place of a section: its key, or its first line where it is the item of a list or the whole file."""
    return document.place_of_key(path) if path and isinstance(path[-1], str) else document.place(path)


def _inside(path: Sequence[Step]) -> str:
    return f" in `{_dotted(path)}`" if path else ""


def _dotted(path: Sequence[Step]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _keys_at(model: Any, path: Sequence[Step]) -> list[str]:
    """The keys that the model at `path` knows."""
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = _inner(model.model_fields[str(step)].annotation)
        else:
            model = _inner(get_args(model)[-1])
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _inner(annotation: Any) -> Any:
    """The type without `| None` and `Annotated`."""
    choices = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) in (list, dict) or not choices:
        return annotation
    return _inner(choices[0])
