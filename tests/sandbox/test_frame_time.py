"""The clock and what is counted on it."""

import pytest

from provisioner.sandbox.clock import Clock, iso
from provisioner.sandbox.limits import Concurrency, TokenBuckets, Windows

from .conftest import NOON


def test_the_clock_follows_real_time_until_it_is_changed() -> None:
    """Advance, speed and freeze each start from where the clock stands."""
    real = [100.0]
    clock = Clock(lambda: real[0])
    real[0] += 5
    assert clock.now() == 105

    clock.advance(60)
    clock.speed(10)
    real[0] += 1
    assert clock.now() == 175

    clock.freeze()
    real[0] += 50
    assert clock.now() == 175

    clock.reset()
    assert clock.now() == 156


@pytest.mark.parametrize("change", ["advance", "speed"])
def test_the_clock_never_goes_back(clock: Clock, change: str) -> None:
    """Negative steps and speeds are refused."""
    with pytest.raises(ValueError, match="forward"):
        getattr(clock, change)(-1)


def test_times_are_written_as_vendors_write_them() -> None:
    """ISO 8601, UTC, milliseconds, Z."""
    assert iso(NOON) == "2027-01-15T08:00:00.000Z"


def test_a_window_opens_with_the_first_request_after_the_last_ended(clock: Clock) -> None:
    """The limit holds until `reset`, and the next window counts from the request that opens it."""
    windows = Windows(clock)
    readings = [windows.take("acme", "apps", limit=2, period=60) for _ in range(3)]
    assert [(r.remaining, r.allowed) for r in readings] == [(1, True), (0, True), (0, False)]
    assert {r.reset for r in readings} == {int(NOON) + 60}

    clock.advance(90)
    assert windows.take("acme", "apps", limit=2, period=60).reset == int(NOON) + 150


def test_limits_outlive_a_clock_that_is_frozen_at_an_earlier_time(clock: Clock) -> None:
    """A window begins anew, and a bucket keeps what it has: neither is closed for as long as the clock went back."""
    windows, buckets = Windows(clock), TokenBuckets(clock)
    windows.take("acme", "apps", limit=1, period=60)
    buckets.take("acme", "clients", size=2, per_second=1)
    clock.freeze(NOON - 1_000_000)

    reading = windows.take("acme", "apps", limit=1, period=60)
    assert (reading.allowed, reading.reset) == (True, int(NOON) - 1_000_000 + 60)
    assert [buckets.take("acme", "clients", size=2, per_second=1).allowed for _ in range(2)] == [True, False]
    clock.advance(1)
    assert buckets.take("acme", "clients", size=2, per_second=1).allowed


def test_windows_are_apart_by_tenant_and_bucket(clock: Clock) -> None:
    """One tenant's requests use up nobody else's limit; forgetting a tenant leaves the others' windows alone."""
    windows = Windows(clock)
    for tenant, bucket in (("acme", "apps"), ("acme", "users"), ("other", "apps")):
        assert windows.take(tenant, bucket, limit=1, period=60).allowed

    windows.forget("acme")
    assert windows.take("acme", "apps", limit=1, period=60).allowed
    assert not windows.take("other", "apps", limit=1, period=60).allowed


def test_requests_in_flight_are_counted() -> None:
    """The count follows the open contexts of a tenant and part."""
    concurrency = Concurrency()
    with concurrency.enter("acme", "okta"), concurrency.enter("acme", "okta"):
        assert concurrency.count("acme", "okta") == 2
        assert concurrency.count("other", "okta") == 0
    assert concurrency.count("acme", "okta") == 0
