"""Many tenants from one process: some at a time, none of which can hold up or bring down another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from provisioner.errors import NetworkError

T = TypeVar("T")
R = TypeVar("R")

# More at a time would need more memory, and not less time: by then the processor is what they wait for.
TENANTS = 16
# Longer than anything that a single tenant may take: an export of a hundred thousand people takes some minutes.
DEADLINE = 1800.0


async def in_order(items: Sequence[T], work: Callable[[T], Awaitable[R]], *, at_once: int = TENANTS) -> list[R]:
    """What `work` makes of each item, in their order; so many of them are under way at once. `work` must not raise."""
    results: dict[int, R] = {}
    left = iter(enumerate(items))

    async def worker() -> None:
        for place, item in left:
            results[place] = await work(item)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(min(at_once, len(items))):
            tasks.create_task(worker())
    return [results[place] for place in range(len(items))]


@asynccontextmanager
async def deadline(seconds: float = DEADLINE) -> AsyncIterator[None]:
    """Ends what one tenant takes too long for with a `NetworkError`: whatever else may hang there, the others go on."""
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise NetworkError(f"this tenant was given up after {seconds:g} s", hint="look at it alone, with -v") from None
