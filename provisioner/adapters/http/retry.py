"""Which requests may be sent again, after what, how often and how soon."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import cast

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_result,
    wait_exponential,
    wait_random,
)

from provisioner.adapters.http.clock import Clock
from provisioner.adapters.http.failures import NEVER_SENT, is_hopeless

Outcome = httpx.Response | httpx.RequestError
"""A failure is a value here, not an exception: it would carry the request, and with it credentials, into tracebacks."""

# A second one of these changes nothing (RFC 9110, 9.2.2). Okta's DELETE of a user is the exception: the first
# deactivates, the second deletes. Whoever sends one says `repeatable: False`.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
PASSING = frozenset({500, 502, 503, 504})

ATTEMPTS = 6
# Nobody should wait long to hear that an address is wrong, a server is not running, or answers with what is no JSON.
FEW_ATTEMPTS = 3
# Seconds spent between attempts, at most; waiting in line for the rate budget is not counted.
PATIENCE = 120.0
FIRST_WAIT, LONGEST_WAIT, JITTER = 0.25, 20.0, 0.25


def is_repeatable(request: httpx.Request) -> bool:
    """Whether sending this request twice does no harm: by its method, or as `extensions["repeatable"]` says."""
    return bool(request.extensions.get("repeatable", request.method in IDEMPOTENT))


def is_lost(outcome: Outcome) -> bool:
    """Whether the request may have been carried out although no proper answer came."""
    if isinstance(outcome, httpx.Response):
        return outcome.status_code >= 500
    return not isinstance(outcome, NEVER_SENT)


def may_repeat(request: httpx.Request, outcome: Outcome) -> bool:
    """Whether the request should be sent once more.

    ==============================  ===========  ==============
    what came                       repeatable   not repeatable
    ==============================  ===========  ==============
    429                             yes          yes
    no connection                   yes          yes
    no name, no trust               no           no
    without end                     no           no
    broken off, timed out           yes          no
    500, 502, 503, 504              yes          no
    any other answer                no           no
    ==============================  ===========  ==============
    """
    if isinstance(outcome, httpx.Response):
        return outcome.status_code == 429 or (outcome.status_code in PASSING and is_repeatable(request))
    return not is_hopeless(outcome) and (isinstance(outcome, NEVER_SENT) or is_repeatable(request))


async def repeat(clock: Clock, attempt: Callable[[], Awaitable[Outcome]], again: Callable[[Outcome], bool]) -> Outcome:
    """The first outcome that `again` does not want to repeat, or the last one when attempts or patience run out."""
    policy = AsyncRetrying(
        sleep=clock.sleep,
        retry=retry_if_result(again),
        stop=_out_of_patience,
        wait=_wait,
        retry_error_callback=_result,
    )
    outcome: Outcome = await policy(attempt)
    return outcome


_backoff = wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT) + wait_random(0, JITTER)


def _result(state: RetryCallState) -> Outcome:
    return cast(Future[Outcome], state.outcome).result()


def _wait(state: RetryCallState) -> float:
    """Growing waits; a server in maintenance may name its own. A 429 waits at its gate besides."""
    outcome = _result(state)
    named = outcome.headers.get("retry-after", "") if isinstance(outcome, httpx.Response) else ""
    return max(_backoff(state), float(named) if named.isdecimal() else 0.0)


def _out_of_patience(state: RetryCallState) -> bool:
    most = FEW_ATTEMPTS if isinstance(_result(state), (*NEVER_SENT, httpx.DecodingError)) else ATTEMPTS
    return state.attempt_number >= most or state.idle_for + state.upcoming_sleep > PATIENCE
