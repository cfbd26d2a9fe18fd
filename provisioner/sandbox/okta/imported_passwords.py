"""Passwords that were imported as hashes of another system (OpenAPI: PasswordCredentialHash)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

Body = dict[str, Any]

_PLAIN = {"SHA-512": "sha512", "SHA-256": "sha256", "SHA-1": "sha1", "MD5": "md5"}
_DERIVED = {"SHA256_HMAC": "sha256", "SHA512_HMAC": "sha512"}


def checkable(kept: Body) -> bool:
    """Whether the sandbox can compute such a hash; BCRYPT it cannot."""
    return kept["algorithm"] in _PLAIN or (kept["algorithm"] == "PBKDF2" and kept.get("digestAlgorithm") in _DERIVED)


def matches(kept: Body, password: str) -> bool:
    """Whether this is the password that the hash was made of; what cannot be computed matches nothing."""
    if not checkable(kept):
        return False
    try:
        wanted, salt = base64.b64decode(kept.get("value") or ""), base64.b64decode(kept.get("salt") or "")
        return secrets.compare_digest(_digest(kept, salt, password.encode()), wanted)
    except (KeyError, ValueError, TypeError, OverflowError):
        return False


def _digest(kept: Body, salt: bytes, password: bytes) -> bytes:
    if kept["algorithm"] == "PBKDF2":
        name = _DERIVED[kept["digestAlgorithm"]]
        return hashlib.pbkdf2_hmac(name, password, salt, int(kept["iterationCount"]), kept.get("keySize"))
    first, last = (password, salt) if kept.get("saltOrder") == "POSTFIX" else (salt, password)
    return hashlib.new(_PLAIN[kept["algorithm"]], first + last).digest()
