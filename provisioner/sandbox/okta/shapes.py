"""The form of request bodies: which fields exist, and of which JSON type; nothing about their meaning.

Okta answers an unknown field and a wrong type alike, with E0000003 and no cause (public issues flypenguin/okta-cli 1
and okta-sdk-python 6). A null is always let through, as recordings show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioner.sandbox.okta import errors

Shape = Callable[[Any], bool]


def text(value: Any) -> bool:
    """A JSON string."""
    return isinstance(value, str)


def flag(value: Any) -> bool:
    """A JSON boolean."""
    return isinstance(value, bool)


def whole(value: Any) -> bool:
    """A JSON number without a fraction."""
    return isinstance(value, int) and not isinstance(value, bool)


def anything(_value: Any) -> bool:
    """Any JSON value."""
    return True


def open_object(value: Any) -> bool:
    """An object with any fields; its rules, if any, are checked elsewhere."""
    return isinstance(value, dict)


def one_of(*names: str) -> Shape:
    """A string out of a closed list; Okta cannot read any other into its type (E0000003)."""
    return lambda value: value in names


def array(item: Shape) -> Shape:
    """An array of one shape."""
    return lambda value: isinstance(value, list) and all(entry is not None and item(entry) for entry in value)


def mapping(item: Shape) -> Shape:
    """An object with any names and values of one shape."""
    return lambda value: isinstance(value, dict) and all(entry is None or item(entry) for entry in value.values())


def record(fields: Mapping[str, Shape]) -> Shape:
    """An object with these fields and no others, each of which may be left out or null."""

    def matches(value: Any) -> bool:
        return isinstance(value, dict) and all(
            name in fields and (entry is None or fields[name](entry)) for name, entry in value.items()
        )

    return matches


def require(shape: Shape, body: Any) -> dict[str, Any]:
    """The body, when it is an object of this shape; otherwise E0000003."""
    if not isinstance(body, dict) or not shape(body):
        raise errors.malformed()
    return body
