"""Time as the network layer sees it: one replaceable clock, so that nothing else asks the system."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that was put off and can still be called off."""

    def cancel(self) -> None:
        """Forget the call."""


class Clock(Protocol):
    """What waiting needs. All three move at the same speed."""

    def time(self) -> float:
        """Seconds since the epoch; never goes back."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `delay` seconds."""

    async def sleep(self, delay: float) -> None:
        """Return after `delay` seconds."""


class LoopClock:
    """The running event loop's own time, started at the system's.

    The loop's clock is monotonic: a system clock that is set right in the middle of a run neither stops nor rushes us.
    """

    def __init__(self) -> None:
        self._started = time.time() - asyncio.get_running_loop().time()

    def time(self) -> float:
        """Seconds since the epoch; never goes back."""
        return self._started + asyncio.get_running_loop().time()

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `delay` seconds."""
        return asyncio.get_running_loop().call_later(delay, callback)

    async def sleep(self, delay: float) -> None:
        """Return after `delay` seconds."""
        await asyncio.sleep(delay)
