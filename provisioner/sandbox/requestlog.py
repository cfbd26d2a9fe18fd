"""The log of requests to vendors: the newest ones, in memory, shown without their secrets."""

import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers

from provisioner.sandbox.clock import iso

KEPT_REQUESTS = 5_000
KEPT_BODY = 4_096

_SECRET_NAME = re.compile(
    r"pass(word|code)|secret|token|ticket|assertion|activationurl|private|saml(request|response)"
    r"|^(answer|hash|salt|code|key)$",
    re.IGNORECASE,
)
_PUBLIC_JWK = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y", "x5c", "x5t", "x5t#S256"})
MASK = "***"


def without_secrets(value: Any) -> Any:
    """Give JSON with whatever stands under a secret's name, and the private half of a JWK, replaced by `***`."""
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    private = set(value) - _PUBLIC_JWK if "kty" in value else set()
    return {name: _masked(item) if name in private else _shown(name, item) for name, item in value.items()}


def _shown(name: str, value: Any) -> Any:
    return _masked(value) if _SECRET_NAME.search(name) else without_secrets(value)


def _masked(value: Any) -> Any:
    return MASK if isinstance(value, str | dict | list) else value


@dataclass
class Logged:
    """One request to a vendor and what came back; `status` is None when the connection was dropped."""

    number: int
    at: float
    tenant: str
    method: str
    path: str
    query: str
    part: str | None = None
    status: int | None = None
    bucket: str | None = None
    unknown: bool = False
    fault: str | None = None
    request: "Body | None" = None
    answer: "Body | None" = None

    def as_json(self) -> dict[str, Any]:
        """Give the entry without secrets. No header is ever kept."""
        return {
            "number": self.number,
            "at": iso(self.at),
            "tenant": self.tenant,
            "method": self.method,
            "path": self.path,
            "query": _form(self.query),
            "part": self.part,
            "status": self.status,
            "bucket": self.bucket,
            "unknown": self.unknown,
            "fault": self.fault,
            "request": self.request and self.request.as_json(),
            "answer": self.answer and self.answer.as_json(),
        }


@dataclass(frozen=True)
class Body:
    """A request's or an answer's body: its content only while it is short."""

    media_type: str
    length: int
    content: bytes

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> "Body | None":
        """Give what is kept of a body; None when there is none."""
        media_type = Headers(raw=list(headers)).get("content-type", "").partition(";")[0].strip().lower()
        kept = content if len(content) <= KEPT_BODY else b""
        return cls(media_type, len(content), kept) if content else None

    def as_json(self) -> Any:
        """Give it as JSON without secrets; of long or foreign ones only type and length, since they may hold any."""
        try:
            if self.media_type.endswith("json"):
                return without_secrets(json.loads(self.content))
            if self.content and self.media_type == "application/x-www-form-urlencoded":
                return _form(self.content.decode())
        except ValueError:
            pass
        return f"({self.media_type or 'no content type'}, {self.length} bytes)"


def _form(text: str) -> dict[str, Any]:
    return {name: _shown(name, value) for name, value in parse_qsl(text, keep_blank_values=True)}


class RequestLog:
    """The newest requests of all tenants, numbered from 1 as they arrived."""

    def __init__(self) -> None:
        self._entries: deque[Logged] = deque(maxlen=KEPT_REQUESTS)
        self._number = 0

    def open(self, **facts: Any) -> Logged:
        """Add an entry; the caller completes it."""
        self._number += 1
        entry = Logged(number=self._number, **facts)
        self._entries.append(entry)
        return entry

    def entries(self, tenant: str, since: int = 0) -> list[Logged]:
        """Give the tenant's entries with a number above `since`, oldest first."""
        return [entry for entry in self._entries if entry.tenant == tenant and entry.number > since]

    def clear(self, tenant: str) -> None:
        """Forget the tenant's entries; numbers go on."""
        kept = [entry for entry in self._entries if entry.tenant != tenant]
        self._entries.clear()
        self._entries.extend(kept)
