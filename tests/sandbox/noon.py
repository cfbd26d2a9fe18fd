"""A sandbox of one vendor, in which it is noon until a test says otherwise."""

from __future__ import annotations

from provisioner.sandbox import Clock, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.world import Part, Visit
from tests.sandbox.conftest import NOON, Client

ORIGIN = "http://localhost:8400"


class AtNoon:
    """One tenant of the vendor that the subclass names; time stands still unless a test moves it."""

    part: Part

    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self.clock = Clock()
        self.clock.freeze(NOON)
        self.sandbox: Sandbox = create_app(
            Store(None), parts=[self.part], clock=self.clock, settings=settings or SandboxSettings(rate_limits=False)
        )
        self._client = Client(self.sandbox, ORIGIN)

    @property
    def visit(self) -> Visit:
        """The tenant from the inside."""
        return self.sandbox.visit(self.part, Place("localhost", ORIGIN))
