"""The gate before one rate-limit bucket: who waits, who is on the way, who may go next. It sends nothing itself."""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from provisioner.adapters.http.clock import Clock, Timer
from provisioner.adapters.http.levels import ROUNDING, Level, Sent, Trip, level_of
from provisioner.adapters.http.reading import Reading, Skew, is_crowded, read, retry_after

# Waits are spread a little, so that many processes behind one limit do not all come back in the same instant.
SPREAD = 0.05
# The same after a 429, where many are known to have met.
SPREAD_AFTER_429 = 0.3


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of an HTTP answer that a gate looks at."""

    status: int
    headers: Mapping[str, str]

    @property
    def limit(self) -> str:
        """How large its bucket is said to be, where one answer may count against several (Auth0)."""
        return self.headers.get("x-ratelimit-limit", "")

    @property
    def is_crowded(self) -> bool:
        """Refused for too many requests at one time."""
        return is_crowded(self.status, self.headers)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to send one request; it must be handed back, with the answer or without."""

    gate: Gate
    bucket: str
    sent: Sent
    is_probe: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place in line: the number of its arrival, what it draws on, and the leave that it waits for."""

    arrival: int
    bucket: str
    leave: asyncio.Future[Ticket]


class Gate:
    """One bucket of one tenant.

    A request may go while `left - in flight >= 1`: what is on its way may not be counted yet in the last answer. Where
    nothing is known, or the window has rolled over, one request goes as a probe and the others wait for its answer.
    """

    def __init__(self, clock: Clock, skew: Skew, share: float, announce: Callable[[float], None]) -> None:
        self._clock, self._skew, self._share, self._announce = clock, skew, share, announce
        self._level: Level | None = None
        self._metered = True
        self._in_flight: Counter[str] = Counter()
        self._sent = 0
        self._probing = False
        self._closed_until = 0.0
        self._queue: deque[Place] = deque()
        self._timer: Timer | None = None

    @property
    def first_in_line(self) -> float:
        """The arrival number of the request that has waited longest; infinity when nobody waits."""
        return self._queue[0].arrival if self._queue else math.inf

    @property
    def buckets(self) -> set[str]:
        """What those in line and those on their way draw on."""
        return {place.bucket for place in self._queue} | set(self._in_flight)

    @property
    def _returned(self) -> int:
        return self._sent - self._in_flight.total()

    def join(self, arrival: int, bucket: str) -> asyncio.Future[Ticket]:
        """Stand in line. The result comes when the request may be sent, at once."""
        place = Place(arrival, bucket, asyncio.get_running_loop().create_future())
        self._queue.append(place)
        return place.leave

    def pump(self, room: Callable[[], bool], started: Callable[[], None]) -> None:
        """Let go as many as may; `started` is called for each, and `room` asked before. Sets the timer for the rest."""
        now = self._clock.time()
        while self._queue and room() and self._may_send(now):
            place = self._queue.popleft()
            if not place.leave.done():  # else its task was cancelled while it stood in line
                place.leave.set_result(self._ticket(place.bucket, now))
                started()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._queue and room() and (wait := self._next_look(now) - now) < math.inf:
            delay = max(0.001, wait) + random.random() * SPREAD  # noqa: S311 - spreads load, keeps no secret
            self._announce(delay)
            self._timer = self._clock.call_later(delay, lambda: self.pump(room, started))

    def take_back(self, ticket: Ticket, answer: Answer | None) -> None:
        """Learn from the answer to a request; None when none came."""
        self._return(ticket)
        if answer is None:
            self._miss()
            return
        now = self._clock.time()
        self._skew.hear(answer.headers, now)
        reading = read(answer.headers, self._skew, now)
        if answer.status == 429:
            if not answer.is_crowded:
                self._close(answer, reading, now)
        elif reading is not None:
            self._hear(reading, self._trip(ticket, now))
        else:
            # Auth0 leaves the headers out of some errors, so only a success says that a bucket has no figures.
            self._metered = self._metered and not (self._level is None and answer.status < 300)
            self._miss()

    def withdraw(self, ticket: Ticket) -> None:
        """The request was never sent."""
        self._return(ticket)
        self._sent -= 1

    def take_over(self, before: Gate, bucket: str) -> None:
        """Make this bucket's requests ours, those in line at the gate before and those on their way."""
        under_way = before._in_flight.pop(bucket, 0)
        self._in_flight[bucket] += under_way
        self._sent += under_way
        self._queue.extend(place for place in before._queue if place.bucket == bucket)
        before._queue = deque(place for place in before._queue if place.bucket != bucket)

    def _may_send(self, now: float) -> bool:
        if now < self._closed_until:
            return False
        if not self._metered:
            return True
        if self._level is None or self._level.is_stale(now):
            return not self._probing
        return self._level.left(now) - self._in_flight.total() >= 1

    def _ticket(self, bucket: str, now: float) -> Ticket:
        is_probe = self._metered and (self._level is None or self._level.is_stale(now))
        self._probing = self._probing or is_probe
        sent = Sent(now, self._returned)
        self._in_flight[bucket] += 1
        self._sent += 1
        return Ticket(self, bucket, sent, is_probe)

    def _next_look(self, now: float) -> float:
        """When it is worth looking again; infinity when only an answer can change anything."""
        if now < self._closed_until:
            return self._closed_until
        if self._probing or self._level is None:
            return math.inf
        return self._level.next_look(now, 1 + self._in_flight.total())

    def _return(self, ticket: Ticket) -> None:
        self._in_flight[ticket.bucket] -= 1
        ticket.gate._probing = ticket.gate._probing and not ticket.is_probe

    def _trip(self, ticket: Ticket, now: float) -> Trip:
        # What another gate let go left before all that this one counts.
        before = ticket.sent.returned if ticket.gate is self else 0
        return Trip(ticket.sent.at, now, before, self._returned - 1 - before, self._sent)

    def _hear(self, reading: Reading, trip: Trip) -> None:
        self._metered = True
        if self._level is None or self._level.windowed != reading.windowed:
            self._level = level_of(reading, self._share, trip)
        else:
            self._level.hear(reading, trip)

    def _miss(self) -> None:
        if self._level is not None:
            self._level.miss()

    def _close(self, answer: Answer, reading: Reading | None, now: float) -> None:
        """Nobody goes before the moment that the vendor names (Okta: no Retry-After, recording 45_rate_limit_429)."""
        if self._level is not None:
            self._level.refused(now)
        wait = retry_after(answer.headers, now, self._skew)
        if wait is None:
            wait = ROUNDING + max(0.0, reading.opens - now if reading else 0.0)
        spread = random.random() * SPREAD_AFTER_429  # noqa: S311 - spreads load, keeps no secret
        self._closed_until = max(self._closed_until, now + wait + spread)
