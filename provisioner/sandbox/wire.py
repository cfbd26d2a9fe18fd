"""What a vendor part's handler gives back, and the content types of the vendors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

JSON = "application/json"
XML = "application/xml"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What a handler answers: a JSON value, or text where `media` says so; None is an empty body."""

    body: Any = None
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    media: str = JSON
