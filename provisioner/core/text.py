"""Text from outside as people may get to see it: nothing invisible in it, and not endless. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

# C0 and C1, which move cursors and clear lines; what turns the direction of reading; separators that end a line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# What a text of several lines is made of.
_LAYOUT = "\t\n\r"


def visible(text: str) -> str:
    r"""The text on one line, each control character as its escape: `\n`, `\x1b`, `\u202e`."""
    return text if text.isprintable() else _CONTROL.sub(_escape, text)


def control_in(text: str, *, layout: bool = False) -> str:
    r"""The escape of the first control character, else ""; with `layout`, tabs and line ends do not count."""
    if text.isprintable():
        return ""
    return next((_escape(found) for found in _CONTROL.finditer(text) if not (layout and found[0] in _LAYOUT)), "")


def shortened(text: str, most: int = 60) -> str:
    """The text, cut after so many characters."""
    return text if len(text) <= most else f"{text[:most]}…"


def some(names: Collection[str], most: int = 3) -> str:
    """So many of the names, and how many more there are: `a, b, c and 4 more`."""
    shown = list(names)[:most]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
