"""Rate limits: the token buckets of each subscription, and which of them a request draws from."""

from __future__ import annotations

from typing import NamedTuple

from provisioner.sandbox.limits import Reading
from provisioner.sandbox.world import Visit


class Bucket(NamedTuple):
    """How many requests may come at once, and how many in a second for good."""

    size: int
    per_second: float


GLOBAL = "global"
_OTHERS = "others"
TIERS: dict[str, dict[str, Bucket]] = {
    "free": {GLOBAL: Bucket(2, 2)},
    "essentials": {
        "read users": Bucket(40, 500 / 60),
        "write users": Bucket(20, 200 / 60),
        "delete users": Bucket(20, 200 / 60),
        "read clients": Bucket(5, 100 / 60),
        "read connections": Bucket(5, 50 / 60),
        _OTHERS: Bucket(10, 150 / 60),
    },
    "enterprise": {GLOBAL: Bucket(50, 16)},
    "enterprise-nonproduction": {GLOBAL: Bucket(10, 2)},
    "private-cloud": {GLOBAL: Bucket(50, 50)},
}
"""The Management API's limits by subscription (vendor's pages on rate limit configurations, 2026-08)."""
_VERBS = {"GET": "read", "POST": "write", "PATCH": "write", "DELETE": "delete"}


def buckets(visit: Visit, method: str, path: str) -> list[str]:
    """The names of the buckets that a request draws from: the global one first, then its group's."""
    tier = TIERS[visit.world.settings.auth0_tier]
    kind = path.removeprefix("/api/v2/").partition("/")[0].replace("users-by-email", "users")
    group = f"{_VERBS.get(method)} {kind}"
    return [name for name in (GLOBAL, group if group in tier else _OTHERS) if name in tier]


def draw(visit: Visit, names: list[str]) -> Reading:
    """Take a token from each bucket until one is empty; the last reading is what the answer's headers say."""
    settings = visit.world.settings
    for name in names:
        size, per_second = TIERS[settings.auth0_tier][name]
        if name in settings.rate_limit_overrides:
            size, seconds = settings.rate_limit_overrides[name]
            per_second = size / seconds
        reading = visit.world.buckets.take(visit.tenant, f"auth0 {name}", size=size, per_second=per_second)
        if not reading.allowed:
            break
    return reading if settings.rate_limits else Reading(reading.limit, max(1, reading.remaining), reading.reset, True)


def headers(reading: Reading) -> dict[str, str]:
    """What an answer says about its bucket (recordings 10 and 11)."""
    return {
        "x-ratelimit-limit": str(reading.limit),
        "x-ratelimit-remaining": str(reading.remaining),
        "x-ratelimit-reset": str(reading.reset),
    }
