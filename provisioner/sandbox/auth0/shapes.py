"""The form of request bodies: fields, types and bounds, refused in the words of the vendor's validator (z-schema)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from provisioner.sandbox.auth0 import errors

Shape = Callable[[Any, str], None]
"""Takes a value and its place; raises `Wrong`."""


class Wrong(Exception):
    """What is wrong with a body, and where; `code` is the validator's own name for it."""

    def __init__(self, code: str, cause: str, place: str) -> None:
        super().__init__(cause)
        self.code, self.cause, self.place = code, cause, place


def require(shape: Shape, body: Any) -> Any:
    """The body, when it has this shape; otherwise 400 `invalid_body` with the first thing that is wrong."""
    try:
        shape(body, "")
    except Wrong as wrong:
        raise errors.invalid_body(wrong.cause, wrong.place) from None
    return body


def kind(value: Any) -> str:
    """The JSON type as the validator names it."""
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", int: "integer", float: "number", type(None): "null"}
    return names[type(value)]


def _of(expected: str, value: Any, place: str) -> None:
    if kind(value) != expected:
        raise Wrong("INVALID_TYPE", f"Expected type {expected} but found type {kind(value)}", place)


def flag(value: Any, place: str) -> None:
    """A boolean."""
    _of("boolean", value, place)


def anything(value: Any, place: str) -> None:
    """Any JSON value."""


def text(
    least: int = 0, most: int | None = None, pattern: str | None = None, form: Callable[[str], bool] | None = None
) -> Shape:
    """A string within bounds; `form` is a named format, such as `url`."""

    def check(value: Any, place: str) -> None:
        _of("string", value, place)
        if len(value) < least:
            raise Wrong("MIN_LENGTH", f"String is too short ({len(value)} chars), minimum {least}", place)
        if most is not None and len(value) > most:
            raise Wrong("MAX_LENGTH", f"String is too long ({len(value)} chars), maximum {most}", place)
        if pattern and not re.search(pattern, value):
            raise Wrong("PATTERN", f"String does not match pattern {pattern}: {value}", place)
        if form and not form(value):
            raise Wrong(
                "INVALID_FORMAT",
                f"Object didn't pass validation for format {form.__name__.replace('_', '-')}: {value}",
                place,
            )

    return check


def whole(least: int | None = None, most: int | None = None) -> Shape:
    """An integer within bounds."""

    def check(value: Any, place: str) -> None:
        _of("integer", value, place)
        if least is not None and value < least:
            raise Wrong("MINIMUM", f"Value {value} is less than minimum {least}", place)
        if most is not None and value > most:
            raise Wrong("MAXIMUM", f"Value {value} is greater than maximum {most}", place)

    return check


def choice(*names: str) -> Shape:
    """A string out of a closed list."""

    def check(value: Any, place: str) -> None:
        _of("string", value, place)
        if value not in names:
            raise Wrong("ENUM_MISMATCH", f"No enum match for: {value}", place)

    return check


def nullable(shape: Shape) -> Shape:
    """The shape, or null."""

    def check(value: Any, place: str) -> None:
        if value is not None:
            shape(value, place)

    return check


def array(item: Shape, least: int = 0, most: int | None = None) -> Shape:
    """An array of one shape; its entries are numbered in places: `callbacks.0`."""

    def check(value: Any, place: str) -> None:
        _of("array", value, place)
        if len(value) < least:
            raise Wrong("ARRAY_LENGTH_SHORT", f"Array is too short ({len(value)}), minimum {least}", place)
        if most is not None and len(value) > most:
            raise Wrong("ARRAY_LENGTH_LONG", f"Array is too long ({len(value)}), maximum {most}", place)
        for number, entry in enumerate(value):
            item(entry, _below(place, str(number)))

    return check


def record(fields: Mapping[str, Shape], *needed: str, extra: bool = False, least: int = 0, most: int = 1_000) -> Shape:
    """An object with these fields, and with others only if `extra`; `needed` must be there."""

    def check(value: Any, place: str) -> None:
        _of("object", value, place)
        for name in needed:
            if name not in value:
                raise Wrong("OBJECT_MISSING_REQUIRED_PROPERTY", f"Missing required property: {name}", place)
        unknown = [name for name in value if name not in fields]
        if unknown and not extra:
            raise Wrong(
                "OBJECT_ADDITIONAL_PROPERTIES", f"Additional properties not allowed: {','.join(unknown)}", place
            )
        if len(value) < least:
            raise Wrong(
                "OBJECT_PROPERTIES_MINIMUM", f"Too few properties defined ({len(value)}), minimum {least}", place
            )
        if len(value) > most:
            raise Wrong(
                "OBJECT_PROPERTIES_MAXIMUM", f"Too many properties defined ({len(value)}), maximum {most}", place
            )
        for name, shape in fields.items():
            if name in value:
                shape(value[name], _below(place, name))

    return check


def mapping(item: Shape, most: int) -> Shape:
    """An object with up to `most` fields of any name and of one shape."""

    def check(value: Any, place: str) -> None:
        record({}, extra=True, most=most)(value, place)
        for name, entry in value.items():
            item(entry, _below(place, name))

    return check


def one_of(shape: Shape) -> Shape:
    """The shape as the only branch of a `oneOf`, which hides what exactly is wrong."""

    def check(value: Any, place: str) -> None:
        try:
            shape(value, place)
        except Wrong:
            raise Wrong("ONE_OF_MISSING", "Data does not match any schemas from 'oneOf'", place) from None

    return check


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def url(value: str) -> bool:
    """An absolute address on the web."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", value)


def callback_url(value: str) -> bool:
    """An address of any scheme, without white space (custom schemes of native apps are in recordings)."""
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", value)) or value.startswith("{")


def url_or_empty(value: str) -> bool:
    """An absolute address, or nothing."""
    return value == "" or url(value)


def email(value: str) -> bool:
    """Something with one `@` and a domain with a dot behind it."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value))


def client_id(value: str) -> bool:
    """Letters, digits, `_` and `-` (recording 47 refuses `#<Random:…>`)."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value))


def user_id(value: str) -> bool:
    """A provider, `|`, and what it calls the user."""
    return bool(re.fullmatch(r"[^|\s]+\|\S+", value))


STRING = text()
FILLED = text(least=1)
OBJECT = record({}, extra=True)
