"""Buckets that fill up little by little (Auth0): used up, and never asked for more than they hold."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.adapters.http import gate
from tests.adapters.http.disorder import Disorder
from tests.bench import auth0_rate
from tests.bench.write_rate import Case, TokenBucket, measure

# Size and refill a second of the groups with a limit per minute (Auth0: rate limit configurations, Essentials).
PER_MINUTE = [(40, 500 / 60), (20, 200 / 60), (10, 150 / 60), (5, 100 / 60), (5, 50 / 60)]


@dataclass
class Ticking(TokenBucket):
    """Refilled in one go whenever a second begins."""

    def take(self, now: float) -> bool:
        return super().take(math.floor(now))

    def headers(self, now: float) -> dict[str, str]:
        this_tick_is_over = math.floor(now) + 1e-6
        return super().headers(this_tick_is_over) | {"date": formatdate(now, usegmt=True)}


@pytest.fixture(autouse=True)
def same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The spread of waits, and the fraction of a second by which our clock differs from the vendor's."""
    monkeypatch.setattr(gate, "random", random.Random(7))
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    size=st.integers(1, 50),
    rate=st.floats(0.5, 20),
    workers=st.integers(1, 20),
    share=st.sampled_from([0.5, 1.0]),
    ahead=st.floats(-5000, 5000),
    slowest=st.floats(0.01, 5),
    seed=st.integers(0, 2**16),
)
def test_never_more_than_the_bucket_holds(
    size: int, rate: float, workers: int, share: float, ahead: float, slowest: float, seed: int
) -> None:
    """Whatever the order in which requests are counted and answered, with pauses or without: there is no 429."""
    disorder = Disorder(workers, 20, share, ahead, slowest, seed, pauses=(0, 0, 0, 10))

    assert disorder.refused(TokenBucket(size, rate)) == []


@pytest.mark.parametrize("bucket", [TokenBucket, Ticking])
@pytest.mark.parametrize(("size", "rate"), PER_MINUTE)
def test_a_limit_per_minute_is_used_up(size: int, rate: float, bucket: type[TokenBucket]) -> None:
    """Whether it is refilled evenly or by the second, as Auth0's pages say of these: 95 %, and no 429."""
    use = measure(Case("", lambda: bucket(size, rate), workers=16), seconds=120)

    assert use.ratio >= 0.95
    assert use.refused == 0


@pytest.mark.parametrize("job_time", auth0_rate.JOB_TIMES)
@pytest.mark.parametrize("phase", auth0_rate.PHASES)
def test_no_run_is_refused_whenever_it_begins(job_time: float, phase: float) -> None:
    """What the pauses of a run leave in the buckets differs with its jobs; when it begins, what the headers cut off."""
    assert auth0_rate.refused_of_a_run("essentials", job_time, phase) == 0
