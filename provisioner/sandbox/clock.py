"""The sandbox's own time, which tests hold still or move; every timestamp, limit and lifetime is read from it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Time in seconds since the epoch: the real time until someone changes it.

    It belongs to one process: an embedded run beside a served sandbox keeps its own time.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self.reset()

    def now(self) -> float:
        """Give the sandbox's time."""
        return self._base + (self._source() - self._since) * self._factor

    def reset(self) -> None:
        """Go back to the real time."""
        self._base = self._since = self._source()
        self._factor = 1.0

    def advance(self, seconds: float) -> None:
        """Jump forward; a frozen clock stays frozen. Going back is a ValueError: no vendor's time does that."""
        if seconds < 0:
            raise ValueError("The clock only goes forward.")
        self._base += seconds

    def freeze(self, at: float | None = None) -> None:
        """Hold the clock at `at`, by default at its present time."""
        self._set(self.now() if at is None else at, 0.0)

    def speed(self, factor: float) -> None:
        """Let the clock run `factor` times as fast as real time from now on; 1 ends a freeze."""
        if factor < 0:
            raise ValueError("The clock only goes forward.")
        self._set(self.now(), factor)

    def _set(self, base: float, factor: float) -> None:
        self._base, self._since, self._factor = base, self._source(), factor


def iso(at: float) -> str:
    """Give an epoch time as ISO 8601 in UTC with milliseconds: 2026-01-31T08:00:00.000Z."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
