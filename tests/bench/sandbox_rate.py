"""How much of the sandbox's rate limit the real client uses, from OktaSession down, on virtual time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

import httpx
from pydantic import SecretStr

from provisioner.adapters.http import Network
from provisioner.adapters.okta.buckets import bucket_of
from provisioner.adapters.okta.executor import ApiToken, OktaSession
from provisioner.sandbox import Clock, EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from tests.bench.figure import Figure
from tests.bench.write_rate import LATENCY, Use
from tests.virtual_time import run

ORIGIN = "http://localhost:8400"
TOKEN = "sandbox-okta-token"
BUCKET = "/api/v1/users"
WINDOW = 60.0


def figures(limit: int = 600, windows: int = 3, workers: tuple[int, ...] = (4, 16, 64, 128)) -> list[Figure]:
    """Workers that create people without a pause; then beside another client, with less than the rest for us."""
    uses = {f"sandbox, {number} workers": measure(limit, windows, number) for number in workers}
    uses["sandbox, others take 30 %"] = measure(limit, windows, 16, share=0.65, others=0.3)
    return [figure for case, use in uses.items() for figure in use.figures(case)]


def measure(limit: int, windows: int, workers: int, *, share: float = 1.0, others: float = 0.0) -> Use:
    """So many complete windows, after one that teaches the client; `others` take this part of every window."""
    return run(_measure(limit, windows, workers, share, others))


async def _measure(limit: int, windows: int, workers: int, share: float, others: float) -> Use:
    loop = asyncio.get_running_loop()
    with closing(Store(None)) as store:
        settings = SandboxSettings(rate_limit_overrides={BUCKET: (limit, WINDOW)})
        app = create_app(store, clock=Clock(lambda: 1_800_000_000.25 + loop.time()), settings=settings)
        network = Network(inner=Distant(EmbeddedTransport(app)), share=share)
        async with network.open_client(ORIGIN, bucket_of=bucket_of) as tenant:
            session = OktaSession(tenant, ORIGIN, ApiToken(SecretStr(TOKEN)))
            numbers = count()
            tasks = [asyncio.create_task(_create(session, numbers)) for _ in range(workers)]
            if others:
                tasks.append(asyncio.create_task(_disturb(app, WINDOW / limit / others)))
            await asyncio.sleep((windows + 2.5) * WINDOW)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return _use(app, limit * share)


async def _create(session: OktaSession, numbers: Iterator[int]) -> None:
    while True:
        login = f"agent{next(numbers)}@acme.example"
        profile = {"login": login, "email": login, "firstName": "Given", "lastName": "Family", "userType": "agent"}
        await session.call("POST", "/api/v1/users", query={"activate": "true"}, body={"profile": profile})


async def _disturb(app: Sandbox, pause: float) -> None:
    """Somebody else with the same token, who reads and never looks at the limit."""
    headers = {"Authorization": f"SSWS {TOKEN}"}
    async with httpx.AsyncClient(transport=EmbeddedTransport(app), base_url=ORIGIN, headers=headers) as client:
        while True:
            await asyncio.sleep(pause)
            await client.get("/api/v1/users", params={"limit": "1"})


def _use(app: Sandbox, permitted: float) -> Use:
    """What the sandbox's own log says of the complete windows after the first; refusals count from the beginning."""
    log = [entry for entry in app.log.entries("localhost") if entry.bucket == BUCKET]
    opened = [log[0].at]
    for entry in log:
        if entry.at >= opened[-1] + WINDOW:
            opened.append(entry.at)
    first, last = opened[1], opened[-1]
    taken = sum(e.method == "POST" and e.status == 200 and first <= e.at < last for e in log)
    refused = [entry.method for entry in log if entry.status == 429]
    return Use(taken / (permitted * (last - first) / WINDOW), refused.count("POST"), refused.count("GET"))


@dataclass
class Distant(httpx.AsyncBaseTransport):
    """Takes its time on the way there and on the way back."""

    inner: httpx.AsyncBaseTransport
    random: random.Random = field(default_factory=lambda: random.Random(7))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(LATENCY * self.random.uniform(0.3, 0.7))
        answer = await self.inner.handle_async_request(request)
        await asyncio.sleep(LATENCY * self.random.uniform(0.3, 0.7))
        return answer
