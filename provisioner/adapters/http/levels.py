"""How much of a rate limit is left, one class per kind of limit. Arithmetic only: no clock, no queue, no network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from provisioner.adapters.http.reading import Reading

# Reset headers are whole seconds and no vendor says how they were rounded: one second later is late enough either way.
ROUNDING = 1.0
# Okta's windows last so long from their first request on (Okta: rate limits). Nothing in an answer says so.
PERIOD = 60.0
# A refill rate is measured over this much time, then anew.
STRETCH = 30.0
# Auth0 refills its buckets by the millisecond or, where the limit is one per minute, by the second (Auth0: rate limit
# policy). Nothing in an answer says which.
TICK = 1.0
# A bucket that holds the refill of so many ticks does not run over when the newest is not counted on.
SPARE = 3.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One request on its way: when it left, and how many of its bucket were back by then."""

    at: float
    returned: int


@dataclass(frozen=True, slots=True)
class Trip:
    """One request that is back. The vendor counted it some time between `left` and `back`."""

    left: float
    back: float
    before: int
    """Requests that were back when it left: counted before it."""
    since: int
    """Requests that came back while it was away: some may have been counted after it."""
    sent: int
    """Requests that have left by now, itself among them: no others were counted before it."""


class Level(Protocol):
    """What is known about one bucket. Times are on our clock."""

    windowed: bool

    def left(self, now: float, /) -> float:
        """Requests that may still be sent, those on their way not yet taken off."""

    def is_stale(self, now: float, /) -> bool:
        """Whether the last answer says nothing about now any more, so that one request should go and find out."""

    def next_look(self, now: float, needed: float, /) -> float:
        """The moment at which so many requests may be left; infinity when only an answer can change anything."""

    def hear(self, reading: Reading, trip: Trip, /) -> None:
        """Take in what an answer says."""

    def miss(self) -> None:
        """An answer came without figures, or not at all: the request counts as spent."""

    def refused(self, now: float, /) -> None:
        """The vendor said 429 although we thought there was room."""


class Window:
    """A fixed window: so many requests until `reset`, then all of them again (Okta: 60 s, not aligned to minutes)."""

    windowed = True
    _remaining: float

    def __init__(self, reading: Reading, share: float, now: float) -> None:
        self._share = share
        self._open(reading, now)

    def left(self, _now: float) -> float:
        """What is left of our share, and of the whole where others took more than theirs."""
        return min(self._remaining, self._ours)

    def is_stale(self, now: float) -> bool:
        """From the reset on."""
        return now >= self.next_look(now, 0)

    def next_look(self, _now: float, _needed: float) -> float:
        """The reset: nothing comes back before."""
        return min(self._opens + ROUNDING, self._ends)

    def hear(self, reading: Reading, trip: Trip) -> None:
        """An answer of this window can only lower what is left; one of an earlier window says nothing."""
        if reading.reset > self._reset:
            self._open(reading, trip.back)
        elif reading.reset == self._reset:
            self._opens = reading.opens
            self._remaining = min(self._remaining, reading.remaining)
            self._ours -= 1

    def miss(self) -> None:
        """The request counts as spent."""
        self._remaining -= 1
        self._ours -= 1

    def refused(self, _now: float) -> None:
        """Others were quicker."""
        self._remaining = 0

    def _open(self, reading: Reading, now: float) -> None:
        """A new window, of which one request is spent already.

        If nobody else has spent any, it was our request that opened it, at the latest when the answer came: that tells
        its end better than the rounded header, which must agree.
        """
        is_first = reading.remaining >= reading.limit - 1
        agrees = abs(reading.opens - now - PERIOD) <= 2 * ROUNDING
        self._ends = now + PERIOD if is_first and agrees else math.inf
        self._reset, self._opens, self._remaining = reading.reset, reading.opens, reading.remaining
        self._ours = self._share * reading.limit - 1


class Tokens:
    """A bucket that fills up again little by little (Auth0). The refill rate is nowhere told, so it is learned.

    In which order the vendor counts requests that are under way together is unknown, and so is the fraction of what
    remains. So two lower bounds of it are kept: what an answer told, and what has flowed in since earlier ones at the
    lowest rate that is possible. Who counts too little for a while sees it in the next answer, and has lost nothing
    unless the bucket ran over.

    The share keeps a part of the bucket for others; what flows in is for whoever comes, and others who come lower the
    rate that we learn.
    """

    windowed = False

    def __init__(self, reading: Reading, share: float, trip: Trip) -> None:
        self._kept, self._rate = 1 - share, 0.0
        self._told = self._flowing = self._opens = -math.inf
        self._limit, self._seen = reading.limit, trip.back
        self._mark = _Inflow.seen(reading, trip)
        self.hear(reading, trip)

    def left(self, now: float) -> float:
        """The higher of the two bounds, above our share's floor."""
        return max(self._told, self._flowed(now - self._lag)) - self._floor

    def is_stale(self, now: float) -> bool:
        """At the announced refill, when nothing tells how much has come."""
        return self.left(now) < 1 and now >= self._opens

    def next_look(self, now: float, needed: float) -> float:
        """When that many have flowed in, or the announced refill."""
        needed += self._floor
        flows = self._rate > 0 and needed <= self._limit
        flowed = self._seen + self._lag + (needed - self._flowing) / self._rate if flows else math.inf
        return min(flowed, self._opens) if self._opens > now else flowed

    def hear(self, reading: Reading, trip: Trip) -> None:
        """What an answer told holds but for the requests that may have been counted after it."""
        told = reading.remaining - trip.since
        self._told = max(told, min(self._told - 1, reading.remaining))
        self._flowing = max(told, min(self._flowed(trip.back) - 1, reading.remaining + 1))
        self._limit, self._seen = reading.limit, trip.back
        self._opens = max(self._opens, reading.opens)
        self._learn(reading, trip)

    def miss(self) -> None:
        """The request counts as spent, and not as one that the refill has paid for."""
        self._told -= 1
        self._flowing -= 1
        self._mark.most += 1

    def refused(self, now: float) -> None:
        """Others were quicker."""
        self._told = self._flowing = 0
        self._seen = now
        self._rate *= 0.85
        self._mark.most += 1

    @property
    def _floor(self) -> float:
        return self._kept * self._limit

    @property
    def _lag(self) -> float:
        """How long it may take until what should have flowed in is there."""
        return TICK if self._limit >= SPARE * self._rate * TICK else 0.0

    def _flowed(self, now: float) -> float:
        """The second bound, where the refill is steady; a bucket that is full runs over."""
        return min(self._limit, self._flowing + self._rate * (now - self._seen))

    def _learn(self, reading: Reading, trip: Trip) -> None:
        """The rate stays as it is while it is possible. It begins at 0, so it is the lowest that is."""
        inflow = _Inflow.seen(reading, trip)
        self._mark.is_full |= reading.remaining >= reading.limit - 1
        low, high = inflow.rate_since(self._mark)
        self._rate = max(low, min(self._rate, high))
        if trip.back - self._mark.latest > STRETCH:
            self._mark = inflow


@dataclass(slots=True)
class _Inflow:
    """What has flowed into a bucket from a certain beginning until an answer: as much as was spent and remains."""

    earliest: float
    latest: float
    least: float
    most: float
    is_full: bool = False
    """Whether it has been full since: who knows what it ran over."""

    @classmethod
    def seen(cls, reading: Reading, trip: Trip) -> _Inflow:
        """The answer's own request is spent, too, and what remains is cut to whole requests."""
        return cls(trip.left, trip.back, reading.remaining + trip.before + 1, reading.remaining + 1 + trip.sent)

    def rate_since(self, mark: _Inflow) -> tuple[float, float]:
        """The lowest and the highest refill in a second that are possible."""
        shortest, longest = self.earliest - mark.latest - TICK, self.latest - mark.earliest + TICK
        high = math.inf if mark.is_full or shortest <= 0 else (self.most - mark.least) / shortest
        return max(0.0, self.least - mark.most) / longest, high


def level_of(reading: Reading, share: float, trip: Trip) -> Window | Tokens:
    """The right kind of level for a first reading; `share` is the part of the limit that is ours."""
    return Window(reading, share, trip.back) if reading.windowed else Tokens(reading, share, trip)
