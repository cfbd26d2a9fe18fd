"""What may be shown of a request or an answer, and what is taken out before anybody sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import httpx

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

SECRET_FIELDS = frozenset({"client_assertion", "client_secret", "password"})
# Anything shorter is no secret, and would be found in ordinary words.
SHORTEST_SECRET = 8

_TOKEN = re.compile(
    r"(?i:\b(?:SSWS\s*|(?:Bearer|DPoP|Basic)\s+)[\w~+/.=-]{8,})"  # an Authorization header, as the SDK writes it too
    r"|\beyJ[\w-]+\.[\w-]+\.?[\w-]*"  # a JWT: token, client assertion or DPoP proof
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    re.DOTALL,
)
# A value behind the name of a secret: any that is quoted; a bare one if it has a digit, because words about a secret
# stand there, too ("password: requirements were not met").
_LABELLED = re.compile(
    r"""(\b(?:client_(?:secret|assertion)|(?:api|access|refresh|id)[_ -]?token|(?:private|api)[_ -]?key|password|secret)
    \\?["']?\s*[:=]\s*)
    (?:(?P<quote>\\?["'])[^"'\\]+|(?=[^\s"',;&}\\]*\d)[^\s"',;&}\\]{8,})""",
    re.IGNORECASE | re.VERBOSE,
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
    """A vendor's or a library's own words, without any token, key or named secret that they quote."""
    return _LABELLED.sub(lambda found: f"{found[1]}{found['quote'] or ''}{HIDDEN}", _TOKEN.sub(HIDDEN, text))


def unquoted(content: bytes, request: httpx.Request) -> bytes:
    """A refusal without the secrets of the request that it refuses; some vendors quote what they were sent."""
    for secret in _secrets(request):
        for spelling in sorted(_spellings(secret), key=len, reverse=True):
            content = content.replace(spelling.encode(), HIDDEN.encode())
    return content


def _secrets(request: httpx.Request) -> Iterator[str]:
    """What stands in the headers and the fields of a request for credentials or with them."""
    scheme = re.compile(r"^(SSWS|Bearer|DPoP|Basic) *", re.IGNORECASE)
    texts = [scheme.sub("", request.headers.get("authorization", "")), request.headers.get("dpop", "")]
    texts += [str(value) for name, value in _fields(request).items() if name in SECRET_FIELDS]
    return (text for text in texts if len(text) >= SHORTEST_SECRET)


def _fields(request: httpx.Request) -> dict[str, Any]:
    media = request.headers.get("content-type", "")
    if media.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.content.decode()))
    body = json.loads(request.content) if media.startswith("application/json") and request.content else None
    return body if isinstance(body, dict) else {}


def _spellings(secret: str) -> set[str]:
    """As it is, as JSON spells it, and as JSON spells a text in which JSON is quoted."""
    once = {secret} | _as_json(secret)
    return once.union(*map(_as_json, once))


def _as_json(text: str) -> set[str]:
    return {json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}


def dropping(*names: str) -> Scrub:
    """A scrub that removes the members of these names, at any depth."""

    def scrub(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: scrub(member) for name, member in value.items() if name not in names}
        return [scrub(member) for member in value] if isinstance(value, list) else value

    return scrub
