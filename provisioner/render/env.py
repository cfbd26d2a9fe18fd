"""Flex values as assignments for a POSIX shell: `. flex.env`. Readers that go line by line do not take certificates."""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def values(fields: Mapping[str, object]) -> str:
    """One `FLEX_NAME='value'` a line; lists are joined by commas, absent values are empty."""
    return "".join(f"FLEX_{name.upper()}={shlex.quote(_text(value))}\n" for name, value in fields.items())


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
