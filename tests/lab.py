"""A sandbox in this process and the program's own way through it, on virtual time: nothing really waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from provisioner.adapters import model_for, provider
from provisioner.adapters.http import Network
from provisioner.cli.embedded import CREDENTIALS
from provisioner.core.adapter import Connection
from provisioner.core.sign_on import Verification
from provisioner.engine.apply import Applied, apply
from provisioner.engine.live_facts import LiveFacts
from provisioner.engine.preview import Preview, preview
from provisioner.engine.record import RunRecord
from provisioner.engine.verify import verify
from provisioner.planfile.load import load
from provisioner.sandbox import Clock, EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from tests.virtual_time import VirtualLoop

T = TypeVar("T")
# Requests that are a POST and change nothing: for a token, for an export.
ONLY_ASKS = ("/token", "/users-exports")
EPOCH = 1_800_000_000.0
# Small pages, lists in no order, a search that lags: what works here does not lean on a friendly vendor.
UNFRIENDLY = SandboxSettings(page_size_cap=2, shuffle=True, search_lag=5.0, rate_limits=False)


@dataclass
class Ran:
    """One apply: what it saw before, how it ended, and the Flex values' facts."""

    seen: Preview
    applied: Applied


class Lab:
    """One sandbox and the folder in which its plans and run records lie."""

    def __init__(self, folder: Path, settings: SandboxSettings = UNFRIENDLY) -> None:
        self.folder = folder
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        loop = self.runner.get_loop()
        self.clock = Clock(lambda: EPOCH + loop.time())
        self.store = Store(None)
        self.sandbox: Sandbox = create_app(self.store, clock=self.clock, settings=settings)
        self.network: Callable[[], httpx.AsyncBaseTransport] = lambda: EmbeddedTransport(self.sandbox)

    def close(self) -> None:
        self.runner.close()
        self.store.close()

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(main)

    def plan(self, text: str, **files: str) -> Any:
        """The plan that this text is, loaded as the program loads it; `files` lie beside it."""
        for name, content in files.items():
            (self.folder / name.replace("_csv", ".csv")).write_text(content, encoding="utf-8")
        path = self.folder / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, model_for=model_for, variables={}, environ={}).plan

    @asynccontextmanager
    async def connected(self, plan: Any, *, write: bool = False) -> AsyncIterator[Connection]:
        adapter = provider(plan.provider.type)
        credentials = [adapter.credentials(**CREDENTIALS[plan.provider.type])]
        async with adapter.connect(plan, Network(inner=self.network()), credentials, write=write) as connection:
            yield connection

    def verify(self, plan: Any, *, after: timedelta = timedelta()) -> Verification:
        """Everybody's sign-on, judged, so long from now."""

        async def main() -> Verification:
            async with self.connected(plan) as connection:
                return await verify(
                    plan, connection, plan.people, datetime.fromtimestamp(self.clock.now(), UTC) + after
                )

        return self.run(main())

    def diff(self, plan: Any, *, adopt: bool = False) -> Preview:
        async def main() -> Preview:
            async with self.connected(plan) as connection:
                return await self._preview(plan, connection, adopt)

        return self.run(main())

    def apply(self, plan: Any, *, adopt: bool = False) -> Ran:
        """Carries out what `diff` shows, guards or not; they have tests of their own."""

        async def main() -> Ran:
            async with self.connected(plan, write=True) as connection:
                seen = await self._preview(plan, connection, adopt)
                with RunRecord(self.folder, plan.name) as record:
                    live = LiveFacts(connection.facts)
                    return Ran(seen, await apply(seen, connection.writer(seen.observed), record, live=live))

        return self.run(main())

    async def _preview(self, plan: Any, connection: Connection, adopt: bool) -> Preview:
        adapter = provider(plan.provider.type)
        return await preview(adapter, plan, connection, limits=plan.guards.limits, adopt=adopt)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """One request from outside: an administrator's hand, or the sandbox's own control. Returns its JSON."""

        async def main() -> Any:
            async with httpx.AsyncClient(
                transport=EmbeddedTransport(self.sandbox), base_url="http://localhost:8400"
            ) as client:
                headers = {"Authorization": await _authorization(client, path)}
                answer = await client.request(method, path, headers=headers, **options)
                answer.raise_for_status()
                return answer.json() if answer.content else None

        return self.run(main())

    def state(self) -> Any:
        """What the tenant holds, read beside the adapter."""
        return self.call("GET", "/_sandbox/state")

    def writes(self) -> list[str]:
        """The requests so far that could change something, as `METHOD path`."""
        entries = self.call("GET", "/_sandbox/requests")["requests"]
        asked = [f"{e['method']} {e['path']}" for e in entries if e["method"] != "GET"]
        return [line for line in asked if "/_sandbox" not in line and not line.endswith(ONLY_ASKS)]


async def _authorization(client: httpx.AsyncClient, path: str) -> str:
    """What each vendor's API wants to see; the other parts of the sandbox do not look at it."""
    if not path.startswith("/api/v2"):
        return "SSWS sandbox-okta-token"
    seeded = CREDENTIALS["auth0"]
    form = {"grant_type": "client_credentials", "audience": str(client.base_url.join("/api/v2/"))}
    form |= {name.removeprefix("auth0_"): value for name, value in seeded.items()}
    return f"Bearer {(await client.post('/oauth/token', data=form)).json()['access_token']}"


@dataclass
class Killed(BaseException):
    """The process dies here."""


@dataclass
class Killing(httpx.AsyncBaseTransport):
    """Kills the run before or after the nth write reaches the vendor."""

    inner: httpx.AsyncBaseTransport
    nth: int
    after: bool
    writes: int = field(default=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path.endswith(ONLY_ASKS):
            return await self.inner.handle_async_request(request)
        self.writes += 1
        if self.writes == self.nth and not self.after:
            raise Killed
        answer = await self.inner.handle_async_request(request)
        if self.writes == self.nth:
            raise Killed
        return answer
