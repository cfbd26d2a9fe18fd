"""Passwords of seeded and created people: only a salted digest is ever kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping


def digested(password: str) -> dict[str, str]:
    """What to keep of a password."""
    salt = secrets.token_hex(8)
    return {"salt": salt, "digest": _digest(salt, password)}


def matches(kept: Mapping[str, str], password: str) -> bool:
    """Whether this is the password that was kept; nothing matches where none was."""
    return secrets.compare_digest(_digest(kept.get("salt", ""), password), kept.get("digest", ""))


def _digest(salt: str, password: str) -> str:
    return hashlib.sha256((salt + password).encode()).hexdigest()
