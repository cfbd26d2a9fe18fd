"""What an answer's headers say about its rate limit, put on our own clock. Parsing only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

# A Date this far off what we know is another clock (a proxy's, or one that was set right), not a late answer.
ANOTHER_CLOCK = 5.0
# Okta's windows last a minute, and Auth0's buckets fill up as quickly. A wait beyond this many seconds is a mistake on
# somebody's side; a request that is then refused for its rate ends the run with the vendor's own words.
BELIEVED = 300.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The state of one bucket, as of one answer."""

    windowed: bool
    """A fixed window (Okta's `x-rate-limit-*`), else a token bucket (Auth0's `x-ratelimit-*`)."""
    limit: float
    remaining: float
    reset: float
    """The reset header as sent: it names the window."""
    opens: float
    """The same moment on our clock."""


class Skew:
    """How far the server's clock is ahead of ours.

    `Date` is cut to whole seconds and travels for a while, so each answer gives a lower bound; the highest is nearest.
    """

    def __init__(self) -> None:
        self.ahead = 0.0
        self._known = False

    def hear(self, headers: Mapping[str, str], received: float) -> None:
        """Take the server's time from an answer that came at `received`."""
        date = _http_date(headers.get("date"))
        if date is None:
            return
        ahead = date - received
        if not self._known or ahead > self.ahead or self.ahead - ahead > ANOTHER_CLOCK:
            self.ahead, self._known = ahead, True


def read(headers: Mapping[str, str], skew: Skew, now: float) -> Reading | None:
    """The bucket's state, or None where the answer does not tell, or tells what cannot be.

    A limit of 0 is no bucket at all: so Okta marks too many requests at one time (Okta: concurrency rate limits).
    """
    for windowed, prefix in ((True, "x-rate-limit-"), (False, "x-ratelimit-")):
        limit, remaining, reset = (_number(headers.get(prefix + part)) for part in ("limit", "remaining", "reset"))
        if limit is None or remaining is None or reset is None:
            continue
        opens = reset - skew.ahead
        if limit > 0 and opens - now <= BELIEVED:
            return Reading(windowed, limit, max(0.0, remaining), reset, opens)
    return None


def is_crowded(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the server refused because too many requests are under way at once; the bucket itself is not empty."""
    return status == 429 and _number(headers.get("x-rate-limit-limit")) == 0


def retry_after(headers: Mapping[str, str], now: float, skew: Skew) -> float | None:
    """Seconds that the server asks us to stay away, given as a number or as a date (RFC 9110, 10.2.3).

    None where it does not ask, or for longer than can be.
    """
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is None and (date := _http_date(value)) is not None:
        seconds = date - skew.ahead - now
    return max(0.0, seconds) if seconds is not None and seconds <= BELIEVED else None


def _number(value: str | None) -> float | None:
    """A header that was sent twice arrives joined by commas; the lower value is the one that binds."""
    try:
        numbers = [float(part) for part in value.split(",")] if value else []
    except ValueError:
        return None
    return min(numbers) if numbers and all(map(math.isfinite, numbers)) else None


def _http_date(value: str | None) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp() if value else None
    except (ValueError, OverflowError):
        return None
