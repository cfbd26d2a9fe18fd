"""How much of Auth0's limits, as the sandbox plays each subscription, the real client uses on virtual time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Any

from pydantic import SecretStr

from provisioner.adapters.auth0.buckets import bucket_of
from provisioner.adapters.auth0.credentials import Machine
from provisioner.adapters.auth0.session import Auth0Session
from provisioner.adapters.http import Network
from provisioner.cli.embedded import CREDENTIALS
from provisioner.sandbox import Clock, EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.auth0.budget import TIERS
from tests.bench.auth0_requests import write_plan
from tests.bench.figure import Figure
from tests.bench.run import lab, requests
from tests.bench.sandbox_rate import ORIGIN, Distant
from tests.virtual_time import run

SUBSCRIPTIONS = ("free", "essentials", "enterprise", "enterprise-nonproduction")
# Teaches the client the refill rates, which nothing tells.
WARM_UP = 60.0
# A run's jobs and its beginning within a second: they decide how full the buckets are, and what their headers cut off.
JOB_TIMES, PHASES = (1.0, 2.0, 5.0, 10.0), (0.15, 0.4, 0.65)
# Requests that a run sends many of, by the group that Auth0 counts them in; the number is different each time.
READS: dict[str, Callable[[int], tuple[str, dict[str, str | int]]]] = {
    "read users": lambda number: ("/users-by-email", {"email": f"agent{number}@acme.example"}),
    "read clients": lambda _: ("/clients", {"per_page": 1, "include_totals": "true"}),
    "read connections": lambda _: ("/connections", {}),
    "others": lambda _: ("/actions/triggers/post-login/bindings", {}),
}


@dataclass(frozen=True)
class Use:
    """Of each bucket, the requests taken per request permitted; and all that were refused."""

    ratios: dict[str, float]
    refused: int


def figures(seconds: float = 120.0) -> Iterator[Figure]:
    """Every group of requests at once, from workers that never pause."""
    for subscription in SUBSCRIPTIONS:
        use, case = measure(subscription, seconds), f"sandbox, Auth0 {subscription}"
        worst = min(use.ratios.values())
        name = f"rate: {case}" + (", worst of its groups" if len(use.ratios) > 1 else "")
        yield Figure(name, 100 * worst, 95, "%", at_least=True)
        yield Figure(f"refused: {case}", use.refused, 0)
        runs = (refused_of_a_run(subscription, job_time, phase) for job_time in JOB_TIMES for phase in PHASES)
        yield Figure(f"refused: {case}, {2 * len(JOB_TIMES) * len(PHASES)} runs", sum(runs), 0)


def measure(subscription: str, seconds: float, workers: int = 8) -> Use:
    """So many workers for each group of requests."""
    return run(_measure(subscription, seconds, workers))


async def _measure(subscription: str, seconds: float, workers: int) -> Use:
    loop = asyncio.get_running_loop()
    with closing(Store(None)) as store:
        clock = Clock(lambda: 1_800_000_000.25 + loop.time())
        app = create_app(store, clock=clock, settings=SandboxSettings(auth0_tier=subscription))
        network = Network(inner=Distant(EmbeddedTransport(app)))
        async with network.open_client(ORIGIN, bucket_of=bucket_of) as tenant:
            own = CREDENTIALS["auth0"]
            machine = Machine(own["auth0_client_id"], SecretStr(own["auth0_client_secret"]))
            session, numbers = Auth0Session(tenant, ORIGIN, machine), count()
            tasks = [asyncio.create_task(_repeat(each)) for each in _kinds(session, numbers) for _ in range(workers)]
            await asyncio.sleep(WARM_UP + seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return _use(app, subscription, clock.now() - seconds, seconds)


def refused_of_a_run(subscription: str, job_time: float, phase: float, people: int = 30) -> int:
    """How many requests are refused of a run that creates everything, `phase` after a second has begun.

    Of the run beside the vendor, and of one at a distance: requests then overtake each other.
    """
    return sum(_refused(subscription, job_time, phase, people, distant) for distant in (False, True))


def _refused(subscription: str, job_time: float, phase: float, people: int, distant: bool) -> int:
    with lab(SandboxSettings(auth0_tier=subscription, job_time=job_time)) as tenant:
        if distant:
            tenant.network = lambda: Distant(EmbeddedTransport(tenant.sandbox))
        tenant.run(asyncio.sleep(phase))
        requests(tenant, write_plan(tenant.folder, people))
        return sum(entry.status == 429 for entry in tenant.sandbox.log.entries("localhost"))


def _kinds(session: Auth0Session, numbers: Iterator[int]) -> Iterator[Callable[[], Awaitable[Any]]]:
    async def create() -> None:
        body: dict[str, Any] = {"email": f"agent{next(numbers)}@acme.example", "password": "Correct1Horse!"}
        body |= {"connection": "Username-Password-Authentication", "verify_email": False}
        await session.call(lambda api: api.users.with_raw_response.create(**body))

    yield create
    for asked in READS.values():
        yield lambda asked=asked: session.get(*asked(next(numbers)))  # type: ignore[misc]


async def _repeat(request: Callable[[], Awaitable[Any]]) -> None:
    while True:
        await request()


def _use(app: Sandbox, subscription: str, since: float, seconds: float) -> Use:
    """What the sandbox's own log says of the time after the warm-up; refusals count from the beginning."""
    log = [entry for entry in app.log.entries("localhost") if entry.bucket]
    taken = Counter(entry.bucket for entry in log if entry.at >= since and entry.status != 429)
    permitted = {name: bucket.per_second * seconds for name, bucket in TIERS[subscription].items()}
    ratios = {name: taken[name] / allowed for name, allowed in permitted.items() if name != "delete users"}
    return Use(ratios, sum(entry.status == 429 for entry in log))
