"""Who may send when: the rules of the request budget, on a clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.adapters.http.gate import Answer
from tests.adapters.http.disorder import Disorder
from tests.adapters.http.line import Line
from tests.bench.write_rate import FixedWindow
from tests.virtual_time import run

Story = Callable[[], Coroutine[Any, Any, None]]


def told(story: Story) -> Callable[[], None]:
    """Runs an async test on virtual time."""

    def test() -> None:
        run(story())

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    return test


@told
async def test_first_request_finds_out() -> None:
    """Where nothing is known one request goes; its answer lets as many follow as are left."""
    line = Line()
    await line.join(10)
    assert len(line.under_way) == 1

    await line.answer(line.okta(600, 5, 40))
    assert len(line.under_way) == 5
    line.leave()


@told
async def test_requests_under_way_count() -> None:
    """What is on its way is taken off what the last answer left, until its own answer comes."""
    line = Line()
    await line.join(10)
    await line.answer(line.okta(600, 3, 40))
    await line.answer(line.okta(600, 2, 40))

    assert len(line.under_way) == 2
    line.leave()


@told
async def test_late_answer_does_not_raise_the_remainder() -> None:
    """Answers that overtake each other never make more of a window than there is."""
    line = Line()
    await line.join(10)
    await line.answer(line.okta(600, 3, 40))
    early, late = line.okta(600, 2, 40), line.okta(600, 0, 40)
    await line.answer(late)
    await line.answer(early)

    assert len(line.under_way) == 1
    line.leave()


@told
async def test_answer_without_figures_counts_as_spent() -> None:
    """Some errors of Auth0 come without the headers, and a lost answer anyway; the request may have been counted."""
    line = Line()
    await line.join(10)
    await line.answer(line.okta(600, 2, 40))
    await line.answer(Answer(404, {}))
    await line.answer(None)

    assert line.under_way == []
    line.leave()


@told
async def test_a_family_of_buckets_is_one_until_its_limits_differ() -> None:
    """What one of them says counts for all at first; then each goes by its own figures, or finds them out."""
    line = Line()
    await line.join(1, "api: apps")
    await line.answer(line.auth0(5, 2, 9))
    await line.join(9, "api: people")
    await line.join(9, "api: apps")
    assert len(line.under_way) == 2

    await line.answer(line.auth0(40, 6, 9))

    assert sorted(ticket.bucket for ticket in line.under_way) == ["api: apps"] + ["api: people"] * 6
    line.leave()


@told
async def test_a_family_with_one_limit_stays_one() -> None:
    """A subscription with a common budget: nobody is let go on the word of a bucket of their own."""
    line = Line()
    await line.join(1, "api: apps")
    await line.answer(line.auth0(2, 1, 9))
    await line.join(9, "api: people")
    await line.join(9, "api: apps")
    await line.answer(line.auth0(2, 0, 9))

    assert line.under_way == []
    line.leave()


@told
async def test_new_window_begins_with_one_request() -> None:
    """After the reset one request finds out what the new window holds; the announced wait is the time to it."""
    line = Line()
    await line.join(10)
    await line.answer(line.okta(600, 0, 40))
    await line.pause(39)
    assert line.under_way == []

    await line.pause(3)
    assert len(line.under_way) == 1
    assert [round(wait) for wait in line.waits] in ([40], [41], [42])
    line.leave()


@pytest.mark.parametrize(("limit", "reset", "wait"), [(1, 61, 60), (1, 30, 31), (600, 61, 62)])
def test_a_window_that_we_opened_ends_a_minute_later(limit: int, reset: int, wait: int) -> None:
    """A rounded header tells its end late; it counts all the same where it disagrees, or where others came first."""

    async def story() -> None:
        line = Line()
        await line.join(2)
        await line.answer(line.okta(limit, 0, reset))
        await line.pause(wait - 0.1)
        assert line.under_way == []

        await line.pause(0.2)
        assert len(line.under_way) == 1
        line.leave()

    run(story())


@pytest.mark.parametrize("ahead", [-3600.0, 0.0, 3600.0])
def test_only_the_servers_clock_counts(ahead: float) -> None:
    """A local clock that is an hour wrong changes nothing: the reset is compared with the server's Date."""

    async def story() -> None:
        line = Line(ahead=ahead)
        await line.join(3)
        await line.answer(line.okta(600, 0, 40))
        await line.pause(38)
        assert line.under_way == []
        await line.pause(5)
        assert len(line.under_way) == 1
        line.leave()

    run(story())


@told
async def test_share_of_a_window() -> None:
    """With half of the limit, half of the window is used, however much is left."""
    line = Line(share=0.5, max_in_flight=100)
    await line.join(100)
    await line.answer(line.okta(20, 19, 40))

    assert len(line.under_way) == 9
    line.leave()


@told
async def test_unmetered_endpoint_is_only_capped() -> None:
    """A success without any figures (a sandbox, a token endpoint) means that there is nothing to keep to."""
    line = Line(max_in_flight=4)
    await line.join(10)
    await line.answer(Answer(200, {}))

    assert len(line.under_way) == 4
    line.leave()


@told
async def test_429_closes_the_gate() -> None:
    """After a 429 nobody goes before Retry-After, or before the reset where there is none."""
    line = Line()
    await line.join(3)
    await line.answer(line.okta(600, 5, 30))
    await line.answer(Answer(429, {"retry-after": "7"}))
    line.under_way.clear()
    await line.join(1)
    await line.pause(6.5)
    assert line.under_way == []
    line.leave()


@told
async def test_crowded_answers_lower_the_cap() -> None:
    """Okta's limit of 0 means too many at once: the cap shrinks once per round trip, and the bucket stays open."""
    line = Line(max_in_flight=10)
    await line.join(1)
    await line.answer(line.okta(600, 599, 40))
    await line.join(40)
    await line.pause(0.1)
    crowded = Answer(429, {"x-rate-limit-limit": "0", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "0"})
    for _ in range(4):
        await line.answer(crowded)

    assert len(line.under_way) == 7
    line.leave()


@told
async def test_first_come_first_served_over_buckets() -> None:
    """A place that becomes free goes to whoever has waited longest, in whatever bucket."""
    line = Line(max_in_flight=1)
    await line.join(1, "x")
    later = [*await line.join(1, "y"), *await line.join(1, "x"), *await line.join(1, "y")]
    for count in range(3):
        await line.answer(Answer(200, {}))
        assert [task.done() for task in later] == [True] * (count + 1) + [False] * (2 - count)
    line.leave()


@told
async def test_cancelled_requests_leave_no_gap() -> None:
    """A request that is cancelled in line, or just when its turn comes, holds nobody up."""
    line = Line(max_in_flight=1)
    first, second, third = await line.join(3)
    second.cancel()
    line.budget.release(line.under_way.pop(), Answer(200, {}))
    third.cancel()
    await line.join(1)

    assert first.done()
    assert len(line.under_way) == 1
    line.leave()


@told
async def test_token_bucket_below_its_share_goes_on() -> None:
    """Where a share leaves no whole request, each refill is used for one that finds out: slow, but never stuck."""
    line = Line(share=0.5)
    await line.join(3)
    await line.answer(line.auth0(1, 0, 1))
    await line.pause(2)
    assert len(line.under_way) == 1
    line.leave()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    size=st.integers(1, 40),
    workers=st.integers(1, 30),
    share=st.sampled_from([0.3, 0.5, 1.0]),
    ahead=st.floats(-5000, 5000),
    slowest=st.floats(0.01, 20),
    seed=st.integers(0, 2**16),
)
def test_never_more_than_the_window_holds(
    size: int, workers: int, share: float, ahead: float, slowest: float, seed: int
) -> None:
    """Whatever the order of answers, the latency and the clocks, a client alone on its window meets no 429."""
    assert Disorder(workers, 12, share, ahead, slowest, seed).refused(FixedWindow(size)) == []
