"""One call to the Management API: what a handler is given, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from provisioner.sandbox.auth0 import errors
from provisioner.sandbox.clock import iso
from provisioner.sandbox.store import Documents
from provisioner.sandbox.wire import FORM, JSON, XML, Answer
from provisioner.sandbox.world import Visit

__all__ = ["FORM", "JSON", "MULTIPART", "NOTHING", "PEM", "PUBLIC", "XML", "Answer", "Call", "Handler", "Operation"]

MULTIPART = "multipart/form-data"
PEM = "application/x-pem-file"
NOTHING = Answer(status=204)
PUBLIC: tuple[str, ...] = ()
"""The scopes of an operation that needs no token."""


def domain(visit: Visit) -> str:
    """The tenant's canonical domain: host and port as the client addressed them."""
    return urlsplit(visit.origin).netloc


@dataclass(frozen=True)
class Call:
    """One request, let in and parsed."""

    visit: Visit
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    scopes: frozenset[str]
    """What the caller's token grants."""
    caller: str | None
    """The client whose token it is, where it is some client's."""

    @property
    def documents(self) -> Documents:
        """The tenant's documents."""
        return self.visit.documents

    @property
    def time(self) -> float:
        """The sandbox's time."""
        return self.visit.world.clock.now()

    @property
    def now(self) -> str:
        """The sandbox's time as users, clients and jobs write it (recording 29)."""
        return iso(self.time)

    def need(self, *scopes: str) -> None:
        """Refuse a token that lacks any of these, where one scope is not enough."""
        if not self.scopes.issuperset(scopes):
            raise errors.insufficient_scope(scopes)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean query parameter."""
        value = self.query.get(name, str(default).lower())
        if value not in {"true", "false"}:
            raise errors.invalid_query("Expected type boolean but found type string", name)
        return value == "true"

    def number(self, name: str, default: int, least: int, most: int | None = None) -> int:
        """A whole number in the query, within the document's bounds."""
        value = self.query.get(name, str(default))
        if not value.removeprefix("-").isdigit():
            raise errors.invalid_query("Expected type integer but found type string", name)
        if int(value) < least:
            raise errors.invalid_query(f"Value {value} is less than minimum {least}", name)
        if most is not None and int(value) > most:
            raise errors.invalid_query(f"Value {value} is greater than maximum {most}", name)
        return int(value)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document: where it is, who may call it, and what it reads and writes."""

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    """Any of these lets a token in (OpenAPI: `security`)."""
    query: tuple[str, ...] = ()
    """The query parameters that it knows; any other is refused."""
    takes: tuple[str, ...] = ()
    """The content types of the body that is expected."""
    bodiless: bool = False
    """Whether it may come without its body (OpenAPI: no `required` on `requestBody`)."""
