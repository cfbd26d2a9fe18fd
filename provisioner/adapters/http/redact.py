"""What may be shown of a request or an answer, and what is taken out before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

HIDDEN = "[hidden]"

# An allow-list: a header that a vendor adds tomorrow is not shown until somebody has looked at it.
SHOWN_HEADERS = frozenset(
    {
        "content-length",
        "content-type",
        "date",
        "retry-after",
        "x-auth0-requestid",
        "x-okta-request-id",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    }
)

_TOKEN = re.compile(
    r"(?i:\b(?:SSWS|Bearer|DPoP|Basic)\s+[\w~+/.=-]{8,})"  # an Authorization header
    r"|\beyJ[\w-]+\.[\w-]+\.?[\w-]*"  # a JWT: token, client assertion or DPoP proof
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    re.DOTALL,
)
_PERSON = re.compile(r"[^/]+(?:@|%40)[^/]+")

Scrub = Callable[[Any], Any]
"""Takes a JSON answer and returns it without what nobody needs to hold."""


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that may be logged."""
    return {name.lower(): value for name, value in headers.items() if name.lower() in SHOWN_HEADERS}


def shown_path(path: str) -> str:
    """A path without the people in it: Okta takes a login in place of a user id (OpenAPI: getUser)."""
    return _PERSON.sub(HIDDEN, path)


def shown_text(text: str) -> str:
    """A vendor's or a library's own words, without any token or key that they quote."""
    return _TOKEN.sub(HIDDEN, text)


def dropping(*names: str) -> Scrub:
    """A scrub that removes the members of these names, at any depth."""

    def scrub(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: scrub(member) for name, member in value.items() if name not in names}
        return [scrub(member) for member in value] if isinstance(value, list) else value

    return scrub
