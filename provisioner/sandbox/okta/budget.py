"""Rate limits: which bucket a request draws from, and how much one token may draw from it in a minute."""

from __future__ import annotations

from provisioner.sandbox.limits import Reading
from provisioner.sandbox.okta import errors
from provisioner.sandbox.world import Visit

PERIOD = 60.0
CONCURRENT = 75
"""Requests in flight at once, for Workforce orgs (vendor's page on concurrency limits)."""
_SHARE = 2
"""One token gets half of a bucket, unless an admin changes it (vendor's page on limits by token)."""
_OTHER = "/api/v1"
_LIMITS = {
    "/api/v1/apps": 100,
    "/api/v1/apps/{id}": 500,
    "/api/v1/groups": 500,
    "/api/v1/groups/{id}": 1_000,
    "/api/v1/users": 600,
    "/api/v1/users/{id}": 600,
    "GET /api/v1/users/{id}": 2_000,
    "/oauth2/v1/token": 300,
    _OTHER: 1_200,
}
"""Requests per minute of a Workforce org, by the vendor's last public table (2025-12); the token endpoint's as recorded
(49: 150 for one client)."""
_COLLECTIONS = ("apps", "groups", "users")


def bucket(method: str, path: str) -> str:
    """The bucket of a path: an object by its id has its own, all that lies below it draws from the collection's."""
    parts = path.strip("/").split("/")
    if path == "/oauth2/v1/token":
        return path
    if parts[:2] != ["api", "v1"] or len(parts) < 3 or parts[2] not in _COLLECTIONS:
        return _OTHER
    single = len(parts) == 4 and parts[3] != "rules"
    name = f"/api/v1/{parts[2]}" + ("/{id}" if single else "")
    return f"GET {name}" if single and parts[2] == "users" and method == "GET" else name


def draw(visit: Visit, name: str, caller: str) -> Reading:
    """Count a request of this caller in the bucket, and say what is left."""
    settings = visit.world.settings
    limit, period = settings.rate_limit_overrides.get(name, (_LIMITS[name] // _SHARE, PERIOD))
    reading = visit.world.windows.take(visit.tenant, f"okta {name} {caller}", limit=limit, period=period)
    return reading if settings.rate_limits else Reading(limit, max(1, reading.remaining), reading.reset, True)


def check_concurrency(visit: Visit) -> None:
    """Refuse a request too many in flight: limit and remaining are then 0 (vendor's page on monitoring limits)."""
    settings = visit.world.settings
    most = settings.concurrency or (CONCURRENT if settings.rate_limits else None)
    if most and visit.concurrent > most:
        refusal = errors.too_many_requests()
        reset = str(int(visit.world.clock.now()) + 1)
        refusal.headers = {"x-rate-limit-limit": "0", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        raise refusal


def headers(reading: Reading) -> dict[str, str]:
    """What every answer says about its bucket (recording 09)."""
    return {
        "x-rate-limit-limit": str(reading.limit),
        "x-rate-limit-remaining": str(reading.remaining),
        "x-rate-limit-reset": str(reading.reset),
    }
