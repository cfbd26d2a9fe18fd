"""One call to the Management API: what a handler is given, what it gives back, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.sandbox.okta import errors, ids
from provisioner.sandbox.store import Documents
from provisioner.sandbox.wire import FORM, JSON, XML, Answer
from provisioner.sandbox.world import Visit

__all__ = ["FORM", "JSON", "NOTHING", "XML", "Answer", "Call", "Handler", "Operation", "href"]

NOTHING = Answer(status=204)


def href(visit: Visit, path: str) -> str:
    """The absolute address of an API path below `/api/v1`."""
    return f"{visit.origin}/api/v1/{path}"


@dataclass(frozen=True)
class Call:
    """One request, let in and parsed."""

    visit: Visit
    url: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: str
    """The id of the user or the service app whose credentials were shown."""

    @property
    def documents(self) -> Documents:
        """The tenant's documents."""
        return self.visit.documents

    @property
    def now(self) -> str:
        """The sandbox's time as Okta writes it."""
        return ids.stamp(self.visit.world.clock.now())

    def href(self, path: str) -> str:
        """The absolute address of an API path below `/api/v1`."""
        return href(self.visit, path)

    def switch(self, name: str, default: bool) -> bool:
        """A boolean query parameter; any other value is E0000001 (the wording is a guess)."""
        value = self.query.get(name)
        if value is None:
            return default
        if value not in {"true", "false"}:
            raise errors.invalid(name, f"{name}: The value must be true or false")
        return value == "true"


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document: where it is, who may call it, and what it reads and writes."""

    method: str
    path: str
    handler: Handler
    scope: str
    """The middle of the OAuth scope: `apps` for okta.apps.read and okta.apps.manage (OpenAPI: `security`)."""
    takes: str | None = None
    """The content type of the body that is expected, which is then checked."""
    gives: str = JSON
