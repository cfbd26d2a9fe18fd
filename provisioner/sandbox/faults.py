"""Planned faults: which request meets one, and what becomes of its answer."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from starlette.responses import HTMLResponse, Response

from provisioner.sandbox.answer import Answer, ConnectionDropped

KINDS = ("status", "status_after_write", "close", "close_after_write", "truncate", "slow", "html")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_GATEWAY_PAGE = "<html><head><title>Error</title></head><body><h1>The service cannot be reached</h1></body></html>"


class FaultError(ValueError):
    """A fault was planned in words that the sandbox does not know; the message says which."""


@dataclass
class Fault:
    """One planned fault, and how often it happened.

    ====================  =========================================================================
    kind                  what happens
    ====================  =========================================================================
    status                the vendor's refusal (429 or 5xx), and the request is not carried out
    status_after_write    the request is carried out, then the same refusal
    close                 the connection closes without an answer; not carried out
    close_after_write     carried out, then the connection closes without an answer
    truncate              carried out; the connection closes in the middle of the answer's body
    slow                  `seconds` pass, then the ordinary answer
    html                  a gateway's page in HTML with `status` (default 502); not carried out
    ====================  =========================================================================

    Of the tenant's requests to vendors since it was planned, those that match `method` and `path` (a regular
    expression, searched in the path) count; the `nth` (default: the first) meets the fault, and so do the following
    until it happened `times` times. The kinds `…_after_write` count writes only, unless `method` says otherwise.

    Raises:
        FaultError: a value makes no sense.

    """

    kind: str
    status: int | None = None
    nth: int | None = None
    method: str | None = None
    path: str | None = None
    times: int = 1
    seconds: float = 0.0
    retry_after: int | None = None
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"kind must be one of {', '.join(KINDS)}; got {self.kind!r}")
        if self.status is None:
            self.status = 502 if self.kind == "html" else 503
        if self.status != 429 and self.status not in range(500, 600):
            raise FaultError(f"status must be 429 or 500 to 599; got {self.status!r}")
        try:
            re.compile(self.path or "")
        except (re.error, TypeError) as error:
            raise FaultError(f"path must be a regular expression: {error}") from error
        for name, least in (("nth", 1), ("times", 1), ("seconds", 0), ("retry_after", 0)):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int | float) or value < least):
                raise FaultError(f"{name} must be a number, {least} or more; got {value!r}")

    @classmethod
    def parse(cls, words: object) -> "Fault":
        """Read a fault from JSON. Raises FaultError."""
        known = [each.name for each in fields(cls) if each.init]
        if not isinstance(words, Mapping) or "kind" not in words:
            raise FaultError("a fault is an object with a kind")
        if unknown := set(words) - set(known):
            raise FaultError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
        return cls(**words)

    def meets(self, method: str, path: str) -> bool:
        """Count a request, and say whether the fault happens to it."""
        if self.fired >= self.times or not self._matches(method, path):
            return False
        self.seen += 1
        return self.seen >= (self.nth or 1)

    def _matches(self, method: str, path: str) -> bool:
        if self.method is not None:
            method_fits = method == self.method.upper()
        else:
            method_fits = method in WRITES or not self.kind.endswith("_after_write")
        return method_fits and re.search(self.path or "", path) is not None

    async def disturb(
        self,
        execute: Callable[[], Awaitable[Answer]],
        refuse: Callable[[int], Response],
        sleep: Callable[[float], Awaitable[None]],
    ) -> Answer:
        """Give the disturbed answer. Raises ConnectionDropped when there is none."""
        match self.kind:
            case "slow":
                await sleep(self.seconds)
                return await execute()
            case "truncate":
                return (await execute()).truncated()
            case "status_after_write" | "close_after_write":
                await execute()
        if self.kind.startswith("close"):
            raise ConnectionDropped
        return self._refusal(refuse)

    def _refusal(self, refuse: Callable[[int], Response]) -> Answer:
        status = self.status or 503
        response = HTMLResponse(_GATEWAY_PAGE, status) if self.kind == "html" else refuse(status)
        if self.retry_after is not None:
            response.headers["retry-after"] = str(self.retry_after)
        return Answer.of(response)


class Faults:
    """The faults planned for each tenant, in memory of this process."""

    def __init__(self) -> None:
        self._planned: defaultdict[str, list[Fault]] = defaultdict(list)

    def plan(self, *faults: Fault, tenant: str) -> None:
        """Add faults; where several fit a request, the first planned one happens and the others wait."""
        self._planned[tenant] += faults

    def planned(self, tenant: str) -> list[dict[str, Any]]:
        """Give every fault of the tenant with the requests it has `seen` and how often it `fired`."""
        return [asdict(fault) for fault in self._planned[tenant]]

    def clear(self, tenant: str) -> None:
        """Forget the tenant's faults."""
        self._planned.pop(tenant, None)

    def due(self, tenant: str, method: str, path: str) -> Fault | None:
        """Count a request to a vendor, and give the fault that happens to it."""
        due = [fault for fault in self._planned.get(tenant, ()) if fault.meets(method, path)]
        if not due:
            return None
        due[0].fired += 1
        return due[0]
