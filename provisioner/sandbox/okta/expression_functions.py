"""The functions and methods of both dialects of Okta's Expression Language, each as a table of the vendor's reference.

The classic one is for attribute statements and user names ("Okta Expression Language overview"), the other for
federated claims ("Okta Expression Language in Identity Engine"). Where no example has a null, none is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from provisioner.sandbox.okta.expression_nodes import Unknown, Value, as_text


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise Unknown(f"a text is needed in place of {'null' if value is None else 'another value'}")
    return value


def _array(value: Value) -> list[Value]:
    """A list; null counts as an empty one, and a text as its parts between commas (both documented)."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if not isinstance(value, list):
        raise Unknown("an array is needed")
    return value


def _join(separator: Value, *texts: Value) -> str:
    return _text(separator).join(as_text(text) for text in texts)


def _replace(text: Value, match: Value, replacement: Value) -> str:
    return _text(text).replace(_text(match), _text(replacement))


def _replace_first(text: Value, match: Value, replacement: Value) -> str:
    return _text(text).replace(_text(match), _text(replacement), 1)


def _substring(text: Value, start: int, end: int | None = None) -> str:
    whole = _text(text)
    end = len(whole) if end is None else end
    if not 0 <= start <= end <= len(whole):
        raise Unknown("a substring goes beyond the text")
    return whole[start:end]


def _after(text: Value, searched: Value) -> str:
    return _text(text).partition(_text(searched))[2]


def _before(text: Value, searched: Value) -> str:
    return _text(text).partition(_text(searched))[0]


def _contains(text: Value, searched: Value) -> bool:
    return _text(searched) in _text(text)


def _starts_with(text: Value, searched: Value) -> bool:
    return _text(text).startswith(_text(searched))


def _switch(text: Value, default: Value, *pairs: Value) -> Value:
    """The value of the first key that the text contains."""
    if len(pairs) % 2:
        raise Unknown("String.stringSwitch needs a value for every key")
    whole = _text(text)
    keys = zip(pairs[::2], pairs[1::2], strict=True)
    return next((value for key, value in keys if _text(key) in whole), default)


def _no_spaces(text: Value) -> str:
    return _text(text).replace(" ", "")


def _flatten(*values: Value) -> list[Value]:
    """One flat list; a text among the arguments is taken for the parts between its commas."""
    return _flat([_array(value) if isinstance(value, str) or value is None else value for value in values])


def _flat(value: Value) -> list[Value]:
    return [item for each in value for item in _flat(each)] if isinstance(value, list) else [value]


def _without(array: Value, item: Value) -> list[Value]:
    return [each for each in _array(array) if each != item]


def _get(array: Value, place: Value) -> Value:
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(_array(array)):
        raise Unknown("Arrays.get asks for a place that is not there")
    return _array(array)[place]


def _csv(array: Value) -> str:
    return ",".join(as_text(item) for item in _array(array))


def _to_integer(value: Value) -> int:
    """The nearest whole number; halves go away from zero (the reference has -1.6 → -2 and 123.6 → 124)."""
    number = _to_number(value)
    return int(math.copysign(math.floor(abs(number) + 0.5), number))


def _to_number(value: Value) -> float:
    number = float(as_text(value))
    if not math.isfinite(number):
        raise Unknown("a finite number is needed")
    return number


def _internal(user: Value, name: Value) -> Value:
    """`user.getInternalProperty("status")`: what is no profile attribute."""
    if not isinstance(user, Mapping) or name not in user.get("", {}):
        raise Unknown(f"{name} is no internal property of a user")
    return user[""][name]


_STRINGS: Mapping[str, Callable[..., Value]] = {
    "toUpperCase": lambda text: _text(text).upper(),
    "toLowerCase": lambda text: _text(text).lower(),
    "substring": _substring,
    "substringAfter": _after,
    "substringBefore": _before,
}
"""Functions that the classic dialect has with `String.` before them and, deprecated, without."""

CLASSIC: Mapping[str, Callable[..., Value]] = {
    **_STRINGS,
    **{f"String.{name}": function for name, function in _STRINGS.items()},
    "String.append": lambda text, suffix: _text(text) + _text(suffix),
    "String.join": _join,
    "String.len": lambda text: len(_text(text)),
    "String.removeSpaces": _no_spaces,
    "String.replace": _replace,
    "String.replaceFirst": _replace_first,
    "String.startsWith": _starts_with,
    "String.stringContains": _contains,
    "String.stringSwitch": _switch,
    "Arrays.add": lambda array, item: [*_array(array), item],
    "Arrays.remove": _without,
    "Arrays.clear": lambda _array: [],
    "Arrays.get": _get,
    "Arrays.flatten": _flatten,
    "Arrays.contains": lambda array, item: item in _array(array),
    "Arrays.size": lambda array: len(_array(array)),
    "Arrays.isEmpty": lambda array: not _array(array),
    "Arrays.toCsvString": _csv,
    "Convert.toInt": _to_integer,
    "Convert.toNum": _to_number,
}
CLASSIC_METHODS: Mapping[str, Callable[..., Value]] = {"getInternalProperty": _internal}


def _list(value: Any) -> list[Value]:
    if not isinstance(value, list):
        raise Unknown("an array is needed")
    return value


ENGINE_METHODS: Mapping[str, Callable[..., Value]] = {
    **_STRINGS,
    "replace": _replace,
    "replaceFirst": _replace_first,
    "length": lambda text: len(_text(text)),
    "removeSpaces": _no_spaces,
    "toInteger": _to_integer,
    "toNumber": _to_number,
    "contains": lambda whole, part: _contains(whole, part) if isinstance(whole, str) else part in _list(whole),
    "size": lambda array: len(_list(array)),
    "isEmpty": lambda array: not _list(array),
    "add": lambda array, item: [*_list(array), item],
    "remove": lambda array, item: _without(_list(array), item),
    "flatten": lambda array: _flat(_list(array)),
}
