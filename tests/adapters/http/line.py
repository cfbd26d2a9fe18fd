"""Requests standing in line at a budget, to be looked at one moment at a time."""

from __future__ import annotations

import asyncio
from email.utils import formatdate

from provisioner.adapters.http.budget import Budget
from provisioner.adapters.http.clock import LoopClock
from provisioner.adapters.http.gate import Answer, Ticket


class Line:
    """A budget with a server whose clock may differ; create it inside a running loop."""

    def __init__(self, *, share: float = 1.0, max_in_flight: int = 12, ahead: float = 0.0) -> None:
        self.waits: list[float] = []
        self.clock = LoopClock()
        self.ahead = ahead
        self.budget = Budget(self.clock, share=share, max_in_flight=max_in_flight, on_wait=self.waits.append)
        self.under_way: list[Ticket] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, count: int, bucket: str = "b") -> list[asyncio.Task[None]]:
        """So many requests come; those that may go are then under way."""
        joined = [asyncio.create_task(self._acquire(bucket)) for _ in range(count)]
        self._tasks += joined
        await self.pause(0)
        return joined

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        for _ in range(5):
            await asyncio.sleep(0)

    async def answer(self, answer: Answer | None, index: int = 0) -> None:
        """The server answers the request that is `index`-th on the way."""
        self.budget.release(self.under_way.pop(index), answer)
        await self.pause(0)

    def leave(self) -> None:
        for task in self._tasks:
            task.cancel()

    def server_time(self) -> float:
        return self.clock.time() + self.ahead

    def okta(self, limit: int, remaining: int, reset_in: float, status: int = 200) -> Answer:
        return self._answer("x-rate-limit", limit, remaining, reset_in, status)

    def auth0(self, limit: int, remaining: int, reset_in: float, status: int = 200) -> Answer:
        return self._answer("x-ratelimit", limit, remaining, reset_in, status)

    def _answer(self, prefix: str, limit: int, remaining: int, reset_in: float, status: int) -> Answer:
        now = self.server_time()
        figures = {"limit": limit, "remaining": remaining, "reset": int(now + reset_in)}
        headers = {f"{prefix}-{name}": str(value) for name, value in figures.items()}
        return Answer(status, headers | {"date": formatdate(now, usegmt=True)})

    async def _acquire(self, bucket: str) -> None:
        self.under_way.append(await self.budget.acquire(bucket))
