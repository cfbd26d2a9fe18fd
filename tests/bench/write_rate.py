"""How much of the permitted rate the request budget uses, against a model of the vendors' limits on virtual time."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Protocol

from provisioner.adapters.http.budget import Budget
from provisioner.adapters.http.clock import Clock, LoopClock
from provisioner.adapters.http.gate import Answer
from tests.bench.figure import Figure
from tests.virtual_time import run

LATENCY = 0.3
# The first minute teaches the client; the rate counts from then on.
WARM_UP = 60.0
# The server's clock is not ours.
AHEAD = -1000.25


class Limit(Protocol):
    """A vendor's limit: takes a request or refuses it."""

    def take(self, now: float) -> bool: ...

    def headers(self, now: float) -> dict[str, str]: ...

    def permitted(self, since: float) -> tuple[float, float, float]:
        """From when to when, and how many requests might have been taken then."""


@dataclass
class FixedWindow:
    """Okta: `size` requests a minute; a window opens with the first request after the last one ended.

    The reset header is cut to whole seconds.
    """

    size: int
    seconds: float = 60.0
    used: int = 0
    opened: list[float] = field(default_factory=list)

    def take(self, now: float) -> bool:
        if not self.opened or now >= self.opened[-1] + self.seconds:
            self.opened.append(now)
            self.used = 0
        self.used += 1
        return self.used <= self.size

    def headers(self, now: float) -> dict[str, str]:
        return _headers("x-rate-limit", self.size, self.size - self.used, int(self.opened[-1] + self.seconds), now)

    def permitted(self, since: float) -> tuple[float, float, float]:
        opened = [at for at in self.opened if at >= since]
        return opened[0], opened[-1], self.size * (opened[-1] - opened[0]) / self.seconds


@dataclass
class TokenBucket:
    """Auth0: a bucket of `size` that fills at `rate` a second; the reset header is the second of the next one."""

    size: int
    rate: float
    level: float = 0.0
    seen: float = -1e9

    def take(self, now: float) -> bool:
        self.level, self.seen = min(self.size, self.level + self.rate * (now - self.seen)), now
        taken = self.level >= 1
        self.level -= taken
        return taken

    def headers(self, now: float) -> dict[str, str]:
        next_one = now + (int(self.level) + 1 - self.level) / self.rate
        return _headers("x-ratelimit", self.size, int(self.level), math.ceil(next_one), now)

    def permitted(self, since: float) -> tuple[float, float, float]:
        return since, self.seen, self.rate * (self.seen - since)


def _headers(prefix: str, limit: int, remaining: int, reset: int, now: float) -> dict[str, str]:
    figures = {"limit": limit, "remaining": max(0, remaining), "reset": reset}
    return {f"{prefix}-{name}": str(value) for name, value in figures.items()} | {"date": formatdate(now, usegmt=True)}


@dataclass
class Server:
    """Takes from its limit half-way of each request, and has a clock of its own."""

    clock: Clock
    limit: Limit
    latency: random.Random = field(default_factory=lambda: random.Random(7))
    taken: list[float] = field(default_factory=list)
    refused: int = 0
    refused_others: int = 0

    def now(self) -> float:
        return self.clock.time() + AHEAD

    async def answer(self) -> Answer:
        await self.clock.sleep(LATENCY * self.latency.uniform(0.3, 0.7))
        now = self.now()
        taken, headers = self.limit.take(now), self.limit.headers(now)
        if taken:
            self.taken.append(now)
        self.refused += not taken
        await self.clock.sleep(LATENCY * self.latency.uniform(0.3, 0.7))
        return Answer(200 if taken else 429, headers)

    def answer_others(self) -> None:
        self.refused_others += not self.limit.take(self.now())


@dataclass(frozen=True)
class Case:
    """Workers that never pause, against a limit; `others` is the rate at which somebody else uses it."""

    name: str
    limit: Callable[[], Limit]
    workers: int
    share: float = 1.0
    others: float = 0.0


@dataclass(frozen=True)
class Use:
    """One run: requests taken per request permitted, and refusals of ours and of others."""

    ratio: float
    refused: int
    refused_others: int

    def figures(self, case: str) -> Iterator[Figure]:
        """What is promised of every run: the rate is used up, and nobody is refused."""
        yield Figure(f"write rate: {case}", 100 * self.ratio, 97, "%", at_least=True)
        yield Figure(f"refused: {case}", self.refused + self.refused_others, 0)


CASES = (
    *(Case(f"Okta, {workers} workers", lambda: FixedWindow(600), workers) for workers in (4, 16, 64, 128)),
    Case("Okta, others take 30 %", lambda: FixedWindow(600), 16, share=0.65, others=3.0),
    Case("Auth0 Free (2, 2 a second)", lambda: TokenBucket(2, 2), 16),
    Case("Auth0 Enterprise (50, 16 a second)", lambda: TokenBucket(50, 16), 64),
)


def measure(case: Case, seconds: float) -> Use:
    """One case, so many seconds long on a clock that does not wait."""
    return run(_measure(case, seconds))


def figures(seconds: float = 600.0) -> list[Figure]:
    """Every case that the design promises something about."""
    return [figure for case in CASES for figure in measure(case, seconds).figures(f"model, {case.name}")]


async def _measure(case: Case, seconds: float) -> Use:
    clock, limit = LoopClock(), case.limit()
    server, budget = Server(clock, limit), Budget(clock, share=case.share)

    async def work() -> None:
        while True:
            ticket = await budget.acquire("bucket")
            budget.release(ticket, await server.answer())

    async def disturb() -> None:
        while case.others:
            await clock.sleep(1 / case.others)
            server.answer_others()

    since = server.now() + WARM_UP
    tasks = [asyncio.create_task(work()) for _ in range(case.workers)] + [asyncio.create_task(disturb())]
    await clock.sleep(WARM_UP + seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    first, last, permitted = limit.permitted(since)
    taken = sum(first <= at < last for at in server.taken)
    return Use(taken / (permitted * case.share), server.refused, server.refused_others)
