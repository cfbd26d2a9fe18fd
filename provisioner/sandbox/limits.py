"""Counters for rate and concurrency limits, in memory; which limits a vendor has is the vendor part's business."""

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from provisioner.sandbox.clock import Clock


@dataclass(frozen=True)
class Reading:
    """What a rate-limit window shows after a request was counted."""

    limit: int
    remaining: int
    reset: int
    """Epoch seconds, rounded up: who waits until then is let through."""
    allowed: bool


@dataclass
class _Window:
    opened: float
    ends: float
    used: int = 0


class Windows:
    """Fixed windows by tenant and bucket; a window opens with the first request after the last one ended."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, tenant: str, bucket: str, *, limit: int, period: float) -> Reading:
        """Count one request in the bucket, and say whether it is allowed."""
        now = self._clock.now()
        window = self._windows.get((tenant, bucket))
        # One that would open only later is left from before somebody froze the clock at an earlier time.
        if window is None or not window.opened <= now < window.ends:
            window = self._windows[tenant, bucket] = _Window(opened=now, ends=now + period)
        window.used += 1
        return Reading(limit, max(0, limit - window.used), math.ceil(window.ends), window.used <= limit)

    def forget(self, tenant: str) -> None:
        """Open every window of the tenant anew."""
        self._windows = {key: window for key, window in self._windows.items() if key[0] != tenant}


@dataclass
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """Token buckets by tenant and name: full at first, and refilled evenly as time passes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, tenant: str, name: str, *, size: int, per_second: float) -> Reading:
        """Take one token, if there is one; `reset` is when the next one comes."""
        now = self._clock.now()
        bucket = self._buckets.setdefault((tenant, name), _Bucket(size, now))
        # The clock may have been frozen at an earlier time since: then nothing is refilled.
        bucket.tokens = min(size, bucket.tokens + max(0.0, now - bucket.at) * per_second)
        bucket.at = now
        allowed = bucket.tokens >= 1
        bucket.tokens -= allowed
        left = int(bucket.tokens)
        return Reading(size, left, math.ceil(now + (left + 1 - bucket.tokens) / per_second), allowed)

    def forget(self, tenant: str) -> None:
        """Fill every bucket of the tenant."""
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[0] != tenant}


class Concurrency:
    """Counts the requests in flight by tenant and part."""

    def __init__(self) -> None:
        self._flying: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def enter(self, tenant: str, part: str) -> Iterator[None]:
        """Count one request while the context lasts."""
        self._flying[tenant, part] += 1
        try:
            yield
        finally:
            self._flying[tenant, part] -= 1

    def count(self, tenant: str, part: str) -> int:
        """Give the number of requests in flight, the asking one included."""
        return self._flying[tenant, part]
