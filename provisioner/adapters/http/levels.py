"""How much of a rate limit is left, one class per kind of limit. Arithmetic only: no clock, no queue, no network."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

from provisioner.adapters.http.reading import Reading

# Reset headers are whole seconds and no vendor says how they were rounded: one second later is late enough either way.
ROUNDING = 1.0
# Okta's windows last so long from their first request on (Okta: rate limits). Nothing in an answer says so.
PERIOD = 60.0
# A refill rate is taken as learned after this much time and this many requests.
LEARN_SECONDS, LEARN_REQUESTS = 3.0, 12
# Of a learned rate, what we dare to count on.
TRUST = 0.97
WHOLE = 0.99


@dataclass(frozen=True, slots=True)
class Sent:
    """One request on its way: its number within the bucket and when it left."""

    number: int
    at: float


class Level(Protocol):
    """What is known about one bucket. Times are on our clock."""

    windowed: bool

    def left(self, now: float, /) -> float:
        """Requests that may still be sent, those on their way not yet taken off."""

    def is_stale(self, now: float, /) -> bool:
        """Whether the last answer says nothing about now any more, so that one request should go and find out."""

    def next_look(self, now: float, missing: float, /) -> float:
        """The moment at which `missing` more requests may have become free."""

    def hear(self, reading: Reading, sent: Sent, now: float, /) -> None:
        """Take in what an answer says."""

    def miss(self) -> None:
        """An answer came without figures, or not at all: the request counts as spent."""

    def refused(self) -> None:
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

    def next_look(self, _now: float, _missing: float) -> float:
        """The reset: nothing comes back before."""
        return min(self._opens + ROUNDING, self._ends)

    def hear(self, reading: Reading, _sent: Sent, now: float) -> None:
        """An answer of this window can only lower what is left; one of an earlier window says nothing."""
        if reading.reset > self._reset:
            self._open(reading, now)
        elif reading.reset == self._reset:
            self._opens = reading.opens
            self._remaining = min(self._remaining, reading.remaining)
            self._ours -= 1

    def miss(self) -> None:
        """The request counts as spent."""
        self._remaining -= 1
        self._ours -= 1

    def refused(self) -> None:
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

    The share keeps a part of the bucket for others; what flows in is for whoever comes, and others who come lower the
    rate that we learn.
    """

    windowed = False
    _remaining: float

    def __init__(self, reading: Reading, share: float, sent: Sent, now: float) -> None:
        self._floor = (1 - share) * reading.limit
        self._rate = 0.0
        self._newest = sent.number
        self._mark = (sent, reading.remaining)
        self._set(reading, reading.remaining, now)

    def left(self, now: float) -> float:
        """What the last answer left above the floor, and what has flowed in since."""
        return self._remaining + TRUST * self._rate * (now - self._seen) - self._floor

    def is_stale(self, now: float) -> bool:
        """At the announced refill, when nothing tells how much has come; a rate that is learned is believed longer."""
        return self.left(now) < 1 and now >= self._refill()

    def next_look(self, now: float, missing: float) -> float:
        """When the missing requests have flowed in, or the announced refill."""
        flowed = now + missing / (TRUST * self._rate) if self._rate else math.inf
        return min(flowed, self._refill()) if self._refill() > now else flowed

    def hear(self, reading: Reading, sent: Sent, now: float) -> None:
        """The newest request's answer counts; an older one that comes late can only lower what is left.

        So does any before the announced refill, as long as the rate is not known: answers overtake each other.
        """
        ours = self.left(now) + self._floor
        if sent.number < self._newest or not (self._rate or reading.reset > self._reset):
            self._set(reading, min(ours, reading.remaining), now)
            return
        ours -= sent.number - self._newest
        self._newest = sent.number
        self._learn(reading, sent)
        # The header is cut to whole requests; our own reckoning keeps the fraction, and never more than that.
        self._set(reading, min(max(ours, reading.remaining), reading.remaining + WHOLE), now)

    def miss(self) -> None:
        """The request counts as spent."""
        self._remaining -= 1

    def refused(self) -> None:
        """The rate was taken too high."""
        self._remaining = 0
        self._rate *= 0.85
        first, remained = self._mark
        self._mark = (replace(first, number=first.number + 1), remained)  # a refused request spends nothing

    def _refill(self) -> float:
        return self._opens + (LEARN_SECONDS if self._rate else 0.0)

    def _set(self, reading: Reading, remaining: float, now: float) -> None:
        self._reset, self._opens, self._seen = reading.reset, reading.opens, now
        self._remaining = remaining

    def _learn(self, reading: Reading, sent: Sent) -> None:
        """Refill = change of what remains + what we spent, over long enough a time."""
        first, remained = self._mark
        seconds, spent = sent.at - first.at, sent.number - first.number
        if seconds < LEARN_SECONDS or spent < LEARN_REQUESTS:
            return
        rate = max(0.0, (reading.remaining - remained + spent) / seconds)
        if rate > 1.25 * self._rate:
            self._rate = rate
        elif reading.remaining < reading.limit - 1:
            # A full bucket overflows: then `rate` is only a lower bound and must not pull the estimate down.
            self._rate += 0.4 * (rate - self._rate)
        self._mark = (sent, reading.remaining)


def level_of(reading: Reading, share: float, sent: Sent, now: float) -> Window | Tokens:
    """The right kind of level for a first reading; `share` is the part of the limit that is ours."""
    return Window(reading, share, now) if reading.windowed else Tokens(reading, share, sent, now)
