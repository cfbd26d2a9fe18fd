"""Identifiers, times and cursors in the form Auth0 gives them."""

from __future__ import annotations

import secrets
import string
import uuid
from datetime import UTC, datetime

_BASE62 = string.digits + string.ascii_letters


def _letters(number: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(number))


def client() -> str:
    """A client id (recording 01)."""
    return _letters(32)


def prefixed(prefix: str, length: int = 16) -> str:
    """An id that says its kind: `con_…` (recording 42), `job_…` (recording 38), `cred_…`."""
    return f"{prefix}_{_letters(length)}"


def unique() -> str:
    """The id of an Action, a version or a binding (recording 13)."""
    return str(uuid.uuid4())


def user() -> str:
    """What stands behind `auth0|` (recording 31)."""
    return secrets.token_hex(12)


def secret() -> str:
    """A client secret: 64 characters (OpenAPI: `client_secret`)."""
    return secrets.token_urlsafe(48)


def key() -> str:
    """The `kid` of a signing key: 21 characters (OpenAPI: getSigningKeys)."""
    return _letters(21)


def nanoseconds(now: float) -> str:
    """A time as Actions write it (recording 13)."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%S.%f}{secrets.randbelow(1000):03}Z"
