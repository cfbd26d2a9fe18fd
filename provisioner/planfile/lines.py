"""Where a plan file speaks of a resource, found by its words: good enough to point at, not to edit by."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOP = re.compile(r"[^\s#-]")


def line_of(lines: Sequence[str], address: str, fields: Sequence[str] = ()) -> int:
    """The first line with the key of the `address`, counted from 1; 0 where the file has none.

    For a single field, the line below that names it, as long as it is in the same section.
    """
    key = address.partition(":")[2]
    start = next((number for number, line in enumerate(lines, 1) if _says(line, key)), 0)
    if not start or len(fields) != 1:
        return start
    name = re.compile(rf"\b{re.escape(fields[0].rpartition('.')[2])}\s*:")
    for number, line in enumerate(lines[start - 1 :], start):
        if number > start and _TOP.match(line):
            break
        if name.search(line):
            return number
    return start


def _says(line: str, key: str) -> bool:
    return bool(key) and key in line and not line.lstrip().startswith("#")
