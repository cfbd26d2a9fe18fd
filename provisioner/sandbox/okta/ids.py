"""Identifiers, times and cursors in the form Okta gives them."""

from __future__ import annotations

import base64
import binascii
import secrets
import string
from datetime import UTC, datetime

_BASE62 = string.digits + string.ascii_letters


def new(prefix: str) -> str:
    """A fresh object id: three characters for the kind and seventeen more (recording 21: `00uvozgevpwhNsOXx1d7`)."""
    return prefix + "".join(secrets.choice(_BASE62) for _ in range(17))


def error_id() -> str:
    """A fresh `errorId` (recording 09)."""
    return "oae" + secrets.token_urlsafe(16)


def request_id() -> str:
    """A fresh `x-okta-request-id` (recording 09)."""
    return secrets.token_hex(16)


def moment(seconds: float) -> datetime:
    """A time in whole seconds, which is all that Okta keeps."""
    return datetime.fromtimestamp(int(seconds), UTC)


def stamp(seconds: float) -> str:
    """A time as Okta writes it; milliseconds are always zero in recordings."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def cursor(position: int) -> str:
    """An opaque paging cursor for the place after `position`."""
    digits = str(position)
    return base64.urlsafe_b64encode(f"{digits}:{binascii.crc32(digits.encode()):08x}".encode()).decode().rstrip("=")


def position(cursor_text: str) -> int | None:
    """The place that a cursor of ours stands for, or None where the text is not one."""
    try:
        text = base64.urlsafe_b64decode(cursor_text + "=" * (-len(cursor_text) % 4)).decode()
        digits, _, check = text.partition(":")
        return int(digits) if cursor(int(digits)) == cursor_text and check else None
    except ValueError:
        return None
