"""The request budget of one tenant: a gate per bucket, and a cap on how many requests are under way at once.

No rate is configured anywhere: limit, remainder and reset come with every answer, so that the permitted rate is used up
and a client that is alone on its bucket never meets a 429. What other clients use shows in the remainder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from provisioner.adapters.http.clock import Clock
from provisioner.adapters.http.families import Families
from provisioner.adapters.http.gate import Answer, Gate, Ticket
from provisioner.adapters.http.reading import Skew

# Additive increase, multiplicative decrease of the cap, per answer (Okta refuses more than 35 or 75 at one time).
GROW, SHRINK = 0.3, 0.7
# Waits shorter than this are nobody's business.
WORTH_TELLING = 1.0


class Budget:
    """Hands out leave to send. `share` is the part of every limit that is ours; the rest is for the tenant's users."""

    def __init__(
        self,
        clock: Clock,
        *,
        share: float = 1.0,
        max_in_flight: int = 12,
        on_wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._clock, self._share, self._on_wait = clock, share, on_wait
        self._skew = Skew()
        self._families = Families()
        self._gates: dict[str, Gate] = {}
        self._max_cap, self._cap = max_in_flight, float(max_in_flight)
        self._in_flight = self._arrivals = 0
        self._last_cut = 0.0
        self._told: dict[str, float] = {}

    async def acquire(self, bucket: str) -> Ticket:
        """Wait, first come first served within a bucket, until one request may be sent."""
        gate = self._gate(bucket)
        self._arrivals += 1
        place = gate.join(self._arrivals, bucket)
        self._pump(gate)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                gate = self._gate(bucket)
                gate.withdraw(place.result())
                self._freed(gate)
            raise

    def release(self, ticket: Ticket, answer: Answer | None) -> None:
        """Hand a ticket back with what came of it; None when no answer came."""
        gate = self._take_back(ticket, answer)
        if answer is not None and answer.is_crowded:
            self._cut(ticket)
        elif answer is not None:
            self._cap = min(self._max_cap, self._cap + GROW / self._cap)
        self._freed(gate)

    def _take_back(self, ticket: Ticket, answer: Answer | None) -> Gate:
        """The bucket's gate, which has learned. It is another than let the request go where the family is divided."""
        if answer is not None:
            self._families.hear(ticket.bucket, answer.limit)
        own = self._gate(ticket.bucket)
        moved = {} if own is ticket.gate else {bucket: self._gate(bucket) for bucket in ticket.gate.buckets}
        for bucket, gate in moved.items():
            gate.take_over(ticket.gate, bucket)
        own.take_back(ticket, answer)
        for gate in moved.values():
            self._pump(gate)
        return own

    def _gate(self, bucket: str) -> Gate:
        name = self._families.gate_of(bucket)
        if name not in self._gates:
            self._gates[name] = Gate(self._clock, self._skew, self._share, lambda delay: self._tell(name, delay))
        return self._gates[name]

    def _room(self) -> bool:
        return self._in_flight < int(self._cap)

    def _started(self) -> None:
        self._in_flight += 1

    def _pump(self, gate: Gate) -> None:
        gate.pump(self._room, self._started)

    def _freed(self, gate: Gate) -> None:
        """One is back: whoever has waited longest goes first, in whatever bucket."""
        was_full = not self._room()
        self._in_flight -= 1
        waiting = sorted(self._gates.values(), key=lambda g: g.first_in_line) if was_full else [gate]
        for each in waiting:
            self._pump(each)

    def _cut(self, ticket: Ticket) -> None:
        """One cut per round trip: requests sent before the last cut say nothing about the cap after it."""
        if ticket.sent.at > self._last_cut:
            self._cap = max(1.0, self._cap * SHRINK)
            self._last_cut = self._clock.time()

    def _tell(self, bucket: str, delay: float) -> None:
        """Announce each wait once, however often its timer is set anew."""
        until = self._clock.time() + delay
        if delay >= WORTH_TELLING and until > self._told.get(bucket, 0.0) + WORTH_TELLING:
            self._told[bucket] = until
            self._on_wait(delay)
