"""Clients of one limit whose requests arrive, and whose answers come back, in any order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate

from provisioner.adapters.http.budget import Budget
from provisioner.adapters.http.clock import LoopClock
from provisioner.adapters.http.gate import Answer
from tests.bench.write_rate import FixedWindow, TokenBucket
from tests.virtual_time import run


@dataclass(frozen=True)
class Disorder:
    """`ahead`: seconds by which the vendor's clock is; `slowest`: most seconds that one way takes."""

    workers: int
    requests: int
    share: float
    ahead: float
    slowest: float
    seed: int
    pauses: Sequence[float] = (0.0,)
    """One of these is the longest time that a worker waits before its next request."""

    def refused(self, limit: FixedWindow | TokenBucket) -> list[float]:
        """The times, on the vendor's clock, at which a request was refused."""
        chance, refused = random.Random(self.seed), list[float]()

        async def work(budget: Budget, clock: LoopClock) -> None:
            for _ in range(self.requests):
                await asyncio.sleep(chance.uniform(0, chance.choice(self.pauses)))
                ticket = await budget.acquire("b")
                await asyncio.sleep(chance.uniform(0, self.slowest))
                now = clock.time() + self.ahead
                if not limit.take(now):
                    refused.append(now)
                headers = limit.headers(now) | {"date": formatdate(now, usegmt=True)}
                await asyncio.sleep(chance.uniform(0, self.slowest))
                budget.release(ticket, Answer(200, headers))

        async def story() -> None:
            clock = LoopClock()
            budget = Budget(clock, share=self.share)
            await asyncio.gather(*(work(budget, clock) for _ in range(self.workers)))

        run(story())
        return refused
