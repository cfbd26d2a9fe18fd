"""Auth0's rate limits, by subscription."""

from typing import Any

import pytest

from provisioner.sandbox import SandboxSettings
from tests.sandbox.auth0_tenant import Tenant


def limited(tier: str, **more: Any) -> Tenant:
    return Tenant(SandboxSettings(auth0_tier=tier, **more))


@pytest.mark.parametrize(
    ("tier", "burst", "wait"),
    [("free", 2, 0.5), ("enterprise", 50, 1 / 16), ("enterprise-nonproduction", 10, 0.5), ("private-cloud", 50, 0.021)],
)
def test_a_burst_and_then_a_steady_rate(tier: str, burst: int, wait: float) -> None:
    """The global bucket is the tier's: so many at once, then one after each pause."""
    tenant = limited(tier)
    assert [tenant.call("GET", "/api/v2/clients").status_code for _ in range(burst + 1)] == [200] * burst + [429]

    tenant.clock.advance(wait)
    assert [tenant.call("GET", "/api/v2/clients").status_code for _ in range(2)] == [200, 429]


def test_groups_have_buckets_of_their_own() -> None:
    """In the essentials tier reads of clients do not use up reads of users."""
    tenant = limited("essentials")
    assert [tenant.call("GET", "/api/v2/clients").status_code for _ in range(6)] == [200] * 5 + [429]
    assert tenant.call("GET", "/api/v2/users").headers["x-ratelimit-limit"] == "40"
    assert tenant.call("GET", "/api/v2/actions/actions").headers["x-ratelimit-limit"] == "10"

    logged = tenant.call("GET", "/_sandbox/requests").json()["requests"]
    assert [entry["bucket"] for entry in logged[-2:]] == ["read users", "others"]


def test_headers_say_what_is_left_and_when_more_comes() -> None:
    """Seconds since the epoch, rounded up; refusals other than 429 have no such headers."""
    tenant = limited("free")
    first, second, third = (tenant.call("GET", "/api/v2/clients") for _ in range(3))
    reset = str(int(tenant.clock.now()) + 1)

    names = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    assert [[answer.headers[name] for name in names] for answer in (first, second, third)] == [
        ["2", "1", reset],
        ["2", "0", reset],
        ["2", "0", reset],
    ]
    assert third.json() == {
        "statusCode": 429,
        "error": "Too Many Requests",
        "message": "Global limit has been reached",
        "errorCode": "too_many_requests",
    }
    tenant.clock.advance(1)
    assert "x-ratelimit-limit" not in tenant.call("GET", "/api/v2/clients/x").headers


def test_a_limit_may_be_overridden() -> None:
    """By the bucket's name."""
    tenant = limited("enterprise", rate_limit_overrides={"global": (1, 60)})

    assert [tenant.call("GET", "/api/v2/clients").status_code for _ in range(2)] == [200, 429]
