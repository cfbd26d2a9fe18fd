"""The promised figures that can be told in moments; `make bench` measures them all."""

from __future__ import annotations

import pytest

from tests.bench import auth0_rate, auth0_requests, fleet, requests, sandbox_rate, start, verifying
from tests.bench.figure import Figure


@pytest.mark.parametrize("people", [1, 40])
def test_a_new_tenant_takes_one_request_a_person_and_eleven_more(people: int) -> None:
    """Everything is new: application, group, assignment, people; with the Flex values."""
    assert requests.creation(people) == people + 11


def test_a_tenant_that_is_as_it_should_be_takes_a_request_a_page() -> None:
    """Nobody is asked for one by one: five requests, one per 1,000 members, one per 500 with the application."""
    assert requests.no_change(3_000) == 5 + 3 + 6


def test_what_a_small_tenant_of_auth0_takes() -> None:
    """Everything is new with one person, nothing changes, one role changes; the application is never read alone."""
    assert auth0_requests.sent(1, changed=1) == (23, 9, 9 + 2 + 3, 0)


@pytest.mark.parametrize("people", [4, 5, 15, 41])
def test_no_change_in_auth0_takes_twelve_requests_at_the_most(people: int) -> None:
    """Few people are asked for one by one; for more a job is less, though it takes half a minute here."""
    assert auth0_requests.sent(people, changed=0).unchanged <= 12


def test_many_people_in_auth0_take_no_request_each() -> None:
    """They come and are looked at by jobs; who changes takes two requests."""
    sent = auth0_requests.sent(2_000, changed=10)

    assert sent.created <= 60
    assert sent.unchanged <= 25
    assert sent.changed - sent.unchanged <= 2 * 10 + 3
    assert sent.application_read == 0


def test_a_check_of_drift_in_auth0_takes_ten_requests_at_the_most() -> None:
    """The export is looked at after 1 and 9 seconds."""
    assert [auth0_requests.drifting(50, job_time) for job_time in (1.0, 9.0)] == [9, 10]


@pytest.mark.parametrize("subscription", auth0_rate.SUBSCRIPTIONS)
def test_no_subscription_of_auth0_refuses_a_run(subscription: str) -> None:
    """One bucket for all or one for each group of requests: a run finds out without running into it."""
    assert auth0_rate.refused_of_a_run(subscription, job_time=1.0, phase=0.0) == 0


def test_the_free_subscription_of_auth0_is_used_up() -> None:
    """Requests of every group share two a second; none is refused."""
    use = auth0_rate.measure("free", 60)

    assert use.ratios["global"] >= 0.95
    assert use.refused == 0


@pytest.mark.parametrize("workers", [4, 128])
def test_the_sandboxs_own_log_says_that_the_rate_is_used_up(workers: int) -> None:
    """The real client, from the session down, takes what is permitted; it is never refused."""
    use = sandbox_rate.measure(60, 2, workers)

    assert use.ratio >= 0.97
    assert (use.refused, use.refused_others) == (0, 0)


def test_no_tenant_waits_for_another() -> None:
    """Two rounds of sixteen tenants take twice the time of one tenant alone."""
    assert fleet.waiting(32, people=5) <= 1.05


def test_start_up_is_quick() -> None:
    """Twice what `make bench` asks for: a busy machine is no mistake, a heavy import is."""
    for figure in start.figures(rounds=3):
        assert figure.measured <= 2 * figure.bound, figure


def test_a_broken_bound_is_told() -> None:
    """A figure may be as large as its bound, or where it is a least as small; past it the table says NO."""
    assert [Figure("requests", measured, 30).row[-1] for measured in (30, 31)] == ["yes", "NO"]
    assert [Figure("rate", measured, 97, "%", at_least=True).row[-1] for measured in (97, 96.9)] == ["yes", "NO"]


def test_many_people_are_verified_without_a_request_for_each() -> None:
    """Nobody is asked for one by one: pages of people in Okta, one export in Auth0; an Action is compiled once."""
    assert verifying.okta(3_000) == 3 + 6 + 5
    assert verifying.auth0(2_000) <= 20
    assert verifying.actions(2_000) <= 2
