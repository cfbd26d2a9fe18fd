"""What the frame gives a vendor part, and what it asks of one; the parts themselves live in their own folders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.responses import Response
from starlette.types import ASGIApp

from provisioner.sandbox.clock import Clock
from provisioner.sandbox.limits import Concurrency, TokenBuckets, Windows
from provisioner.sandbox.store import Documents, Store


@dataclass(frozen=True)
class SandboxSettings:
    """How friendly the sandbox is; each default is what the vendors do."""

    page_size_cap: int | None = None
    """No page is longer than this, whatever the client asks for."""
    shuffle: bool = False
    """Lists whose order no vendor promises come in another order."""
    rate_limits: bool = True
    rate_limit_overrides: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    """Bucket → (requests, seconds), in place of the vendor's figures."""
    concurrency: int | None = None
    """Requests in flight at once, in place of the vendor's figure."""
    search_lag: float = 1.0
    """Seconds of the sandbox's clock until a search sees a write, where the vendor's is eventually consistent."""
    auth0_tier: str = "enterprise"
    """The subscription whose rate limits hold in Auth0 tenants: see `auth0.budget.TIERS`."""
    build_time: float = 0.5
    """Seconds of the sandbox's clock until an Action is built (recordings 13 and 14: less than one)."""
    job_time: float = 1.0
    """Seconds of the sandbox's clock until an import or export of users is done."""


@dataclass(frozen=True)
class World:
    """What all tenants of one sandbox share."""

    store: Store
    clock: Clock
    windows: Windows
    buckets: TokenBuckets
    concurrency: Concurrency
    settings: SandboxSettings

    @classmethod
    def of(cls, store: Store, clock: Clock | None = None, settings: SandboxSettings | None = None) -> "World":
        """Give a world around a store: on real time and with the default settings unless told otherwise."""
        clock = clock or Clock()
        return cls(store, clock, Windows(clock), TokenBuckets(clock), Concurrency(), settings or SandboxSettings())

    def visit(self, tenant: str, part: str, origin: str) -> "Visit":
        """Give a part's view of one tenant."""
        return Visit(tenant, part, origin, self.store.documents(tenant, part), self)


@dataclass(frozen=True)
class Visit:
    """One request's view: this tenant, this part."""

    tenant: str
    part: str
    origin: str
    """Scheme, host and port as the client addressed them: http://localhost:8400. Links in answers start with it."""
    documents: Documents
    world: World

    @property
    def concurrent(self) -> int:
        """The requests to this part of this tenant that are in flight, this one included."""
        return self.world.concurrency.count(self.tenant, self.part)


class Part(Protocol):
    """A vendor as the sandbox plays it."""

    @property
    def name(self) -> str:
        """The name in `/_sandbox/state` and in the store: "okta"."""

    @property
    def owns(self) -> tuple[str, ...]:
        """The path prefixes that are this vendor's; where two parts' prefixes fit, the longer wins."""

    def app(self, world: World) -> ASGIApp:
        """Give the application that answers; called once per sandbox.

        It finds its `Visit` in `request.state.visit`. For the log of requests it may set `request.state.bucket`
        (the rate-limit bucket) and `request.state.unknown = True` (it has no such endpoint). The frame adds `Date`.
        """

    def seed(self, visit: Visit) -> None:
        """Fill a tenant that appears for the first time; the frame calls it once, inside a transaction."""

    def state(self, visit: Visit) -> dict[str, Any]:
        """Give what the tenant holds as the vendor's JSON: {"users": [...], "groups": [...], …}."""

    def credentials(self, visit: Visit) -> dict[str, str]:
        """Give the seeded credentials that a person may use, each under a readable name."""

    def refusal(self, status: int, visit: Visit) -> Response:
        """Give the vendor's own answer of this status, 429 or 5xx, for a planned fault."""
