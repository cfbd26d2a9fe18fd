"""What a response is held against: the Flex values, and the certificates among them in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.x509 import InvalidVersion

from provisioner.errors import UsageError
from provisioner.flex import values

_UNREADABLE = (ValueError, InvalidVersion)


class Trusted(NamedTuple):
    """The Flex values that a response must agree with: what Twilio Console was given."""

    certificate_pem: str
    issuer: str
    acs_url: str
    audience: str
    next_certificate_pem: str = ""


def trusted(outputs: Mapping[str, Any]) -> Trusted:
    """Out of the JSON of `provisioner outputs`. Raises `UsageError` for anything else."""
    found = {name: outputs.get(name) or "" for name in Trusted._fields}
    missing = [name for name in Trusted._fields[:4] if not found[name]]
    if missing or not all(isinstance(value, str) for value in found.values()):
        what = f"{', '.join(missing)} missing" if missing else "a value is no text"
        raise UsageError(f"these are no Flex values: {what}", hint="take what `outputs --format json` prints")
    for name in ("certificate_pem", "next_certificate_pem"):
        _check_certificate(name, found[name])
    return Trusted(**found)


def _check_certificate(name: str, pem: str) -> None:
    try:
        if pem:
            values.not_after(pem)
    except _UNREADABLE as error:
        raise UsageError(f"these are no Flex values: {name} cannot be read: {error}") from None


def embedded(text: str) -> str:
    """The certificate that a signature carries, as PEM; "" where it cannot be read."""
    try:
        pem = values.pem(base64.b64decode("".join(text.split()), validate=True))
        values.not_after(pem)
    except _UNREADABLE:
        return ""
    return pem


def in_words(pem: str, now: datetime) -> str:
    """`3f9c0123456789ab… until 2036-11-21 (3,650 days left)`, by the start of its SHA-256 fingerprint."""
    if not pem:
        return "none that can be read"
    days = (values.not_after(pem) - now).days
    left = f"{days:,} days left" if days >= 0 else f"ended {-days:,} days ago"
    return f"{values.fingerprint(pem)[:16]}… until {values.not_after(pem):%Y-%m-%d} ({left})"
