"""The signing keys of a SAML application: which certificate comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provisioner.adapters.metadata import pem

Json = dict[str, Any]


def certificate(keys: Iterable[Json], kid: str) -> str:
    """The certificate of the key with this id, "" where the application's keys lack it."""
    return next((pem(key["x5c"][0]) for key in keys if key["kid"] == kid), "")


def next_certificate(keys: Iterable[Json], active: str) -> str:
    """The newest key's certificate, where that key is newer than the active one; else "".

    A generated key signs nothing before the application names it (OpenAPI: generateApplicationKey).
    """
    by_age = sorted(keys, key=lambda key: str(key.get("created", "")))
    if not by_age or by_age[-1]["kid"] == active:
        return ""
    return pem(by_age[-1]["x5c"][0])
