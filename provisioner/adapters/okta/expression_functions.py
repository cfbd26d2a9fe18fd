"""The functions of Okta's Expression Language, each as far as Okta's documentation shows what it gives. Pure.

Empty values and texts that are not found have no documented result, so there is none here either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | float | bool | list[Any] | None"
Function = Callable[[Sequence[Value]], Value]


class NotComputable(Exception):
    """What an expression gives cannot be told; the text says why, in words that fit behind a colon."""


def is_text(value: Value) -> bool:
    """Whether the value is a text, or a number that is written as one without ambiguity."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _texts(name: str, values: Sequence[Value], count: int) -> list[str]:
    if len(values) != count:
        raise NotComputable(f"{name} takes {count} values and is given {len(values)}")
    for value in values:
        if not isinstance(value, str):
            what = "an empty value" if value is None else "what is no text"
            raise NotComputable(f"what {name} makes of {what} is not documented")
    return [str(value) for value in values]


def _of_texts(name: str, count: int, function: Callable[..., Value]) -> Function:
    return lambda values: function(*_texts(name, values, count))


def _join(values: Sequence[Value]) -> Value:
    separator, *others = _texts("String.join", values, max(len(values), 1))
    return separator.join(others)


def _substring(values: Sequence[Value]) -> Value:
    match values:
        case [str(text), int(start), int(end)] if 0 <= start <= end <= len(text):
            return text[start:end]
    raise NotComputable("String.substring is asked for more than there is")


def _cut(after: bool) -> Callable[[str, str], Value]:
    def cut(text: str, mark: str) -> Value:
        before, found, behind = text.partition(mark) if mark else ("", "", "")
        if not found:
            raise NotComputable(f"`{mark}` is not in the text that is to be cut there")
        return behind if after else before

    return cut


def _replace(count: int) -> Callable[[str, str, str], Value]:
    def replace(text: str, old: str, new: str) -> Value:
        if not old or re.escape(old).replace("\\ ", " ") != old:
            raise NotComputable("whether String.replace takes a pattern is not documented")
        return text.replace(old, new, count)

    return replace


def _switch(values: Sequence[Value]) -> Value:
    """The first key that the text contains counts: substrings do."""
    text, default, *pairs = _texts("String.stringSwitch", values, max(len(values), 2))
    if len(pairs) % 2:
        raise NotComputable("String.stringSwitch has a key without a value")
    return next((value for key, value in zip(pairs[::2], pairs[1::2], strict=True) if key in text), default)


def _array(value: Value) -> list[Any]:
    """A list; a text is one with commas between its items ("you can use comma-separated values")."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",")] if value else []
    if isinstance(value, list):
        return value
    raise NotComputable("what a function of lists makes of an empty value is not documented")


def _flatten(values: Sequence[Value]) -> Value:
    found: list[Any] = []
    for value in values:
        found += _array(value) if isinstance(value, str | list) or value is None else [value]
    return found


def _of_list(function: Callable[..., Value], count: int = 1, of_nothing: Value = None) -> Function:
    def call(values: Sequence[Value]) -> Value:
        if len(values) != count:
            raise NotComputable(f"a function of lists takes {count} values and is given {len(values)}")
        if values[0] is None and of_nothing is not None:
            return of_nothing
        return function(_array(values[0]), *values[1:])

    return call


def _get(items: list[Any], place: Value) -> Value:
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(items):
        raise NotComputable("Arrays.get is asked for an item that is not there")
    value: Value = items[place]
    return value


def _csv(items: list[Any]) -> Value:
    if not all(is_text(item) for item in items):
        raise NotComputable("what Arrays.toCsvString makes of an empty item is not documented")
    return ",".join(map(str, items))


def _to_int(values: Sequence[Value]) -> Value:
    match values:
        case [str(text)] if re.fullmatch("-?[0-9]+", text):
            return int(text)
        case [float(number)] if number >= 0:
            return int(number + 0.5)
    raise NotComputable("Convert.toInt is given what is no number")


def _to_num(values: Sequence[Value]) -> Value:
    match values:
        case [str(text)] if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return float(text)
    raise NotComputable("Convert.toNum is given what is no number")


_UPPER = _of_texts("String.toUpperCase", 1, str.upper)
_LOWER = _of_texts("String.toLowerCase", 1, str.lower)
_BEFORE = _of_texts("String.substringBefore", 2, _cut(after=False))
_AFTER = _of_texts("String.substringAfter", 2, _cut(after=True))

# Okta docs "Expression Language": String, Array and Data Conversion Functions; those without a prefix are their elders.
FUNCTIONS: Mapping[str, Function] = {
    "String.append": _of_texts("String.append", 2, lambda text, suffix: text + suffix),
    "String.join": _join,
    "String.len": _of_texts("String.len", 1, len),
    "String.removeSpaces": _of_texts("String.removeSpaces", 1, lambda text: text.replace(" ", "")),
    "String.replace": _of_texts("String.replace", 3, _replace(-1)),
    "String.replaceFirst": _of_texts("String.replaceFirst", 3, _replace(1)),
    "String.startsWith": _of_texts("String.startsWith", 2, str.startswith),
    "String.stringContains": _of_texts("String.stringContains", 2, lambda text, part: part in text),
    "String.stringSwitch": _switch,
    "String.substring": _substring,
    "String.substringAfter": _AFTER,
    "String.substringBefore": _BEFORE,
    "String.toLowerCase": _LOWER,
    "String.toUpperCase": _UPPER,
    "substring": _substring,
    "substringAfter": _AFTER,
    "substringBefore": _BEFORE,
    "toLowerCase": _LOWER,
    "toUpperCase": _UPPER,
    "Arrays.add": _of_list(lambda items, value: [*items, value], 2),
    "Arrays.clear": _of_list(lambda _: []),
    "Arrays.contains": _of_list(lambda items, value: value in items, 2),
    "Arrays.flatten": _flatten,
    "Arrays.get": _of_list(_get, 2),
    "Arrays.isEmpty": _of_list(lambda items: not items, of_nothing=True),
    "Arrays.remove": _of_list(lambda items, value: [item for item in items if item != value], 2),
    "Arrays.size": _of_list(len, of_nothing=0),
    "Arrays.toCsvString": _of_list(_csv),
    "Convert.toInt": _to_int,
    "Convert.toNum": _to_num,
}
