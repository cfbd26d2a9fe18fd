"""The httpx transport that every request to a vendor passes: budget, repetition, scrubbing, trace, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from provisioner.adapters.http.body import in_time, scrubbed, whole
from provisioner.adapters.http.budget import Budget
from provisioner.adapters.http.clock import Clock
from provisioner.adapters.http.failures import answer_lost, network_error, redirected, web_page
from provisioner.adapters.http.gate import Answer
from provisioner.adapters.http.redact import Scrub, unquoted
from provisioner.adapters.http.retry import Outcome, is_lost, is_repeatable, may_repeat, repeat
from provisioner.adapters.http.trace import Trace

BucketOf = Callable[[str, str], str]
"""The name of the rate limit that a method and a path count against."""

# Of the body as it was on the wire, which is not the body that we hand on; and cookies, which no API of ours needs.
DROPPED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})


@dataclass(slots=True)
class _Call:
    """One request with all its attempts."""

    request: httpx.Request
    bucket: str
    attempts: int = 0
    was_lost: bool = False


class TenantTransport(httpx.AsyncBaseTransport):
    """Sends through `inner`, when and as often as the limits and the kind of request allow.

    An answer that leaves here is complete and scrubbed. Raises `NetworkError` where no usable answer came, and
    `AnswerLost` where the request is not repeatable and may have been carried out.

    Two request extensions are understood: `repeatable` (bool) overrides what the method says; `renew` takes the request
    and returns a new one before each repetition, for credentials that are good for one sending only.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        budget: Budget,
        clock: Clock,
        bucket_of: BucketOf,
        scrub: Scrub | None,
        trace: Trace,
    ) -> None:
        self._inner, self._budget, self._clock = inner, budget, clock
        self._bucket_of, self._scrub, self._trace = bucket_of, scrub, trace

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The vendor's answer, whatever its status."""
        await request.aread()
        call = _Call(request, self._bucket_of(request.method, request.url.path))
        outcome = await repeat(self._clock, partial(self._attempt, call), partial(self._again, call))
        return self._settle(call, outcome)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _attempt(self, call: _Call) -> Outcome:
        joined = self._clock.time()
        ticket = await self._budget.acquire(call.bucket)
        sent = self._clock.time()
        self._trace.waited += sent - joined
        outcome: Outcome | None = None
        try:
            outcome = await self._send(self._prepared(call))
        finally:
            answer = outcome if isinstance(outcome, httpx.Response) else None
            self._budget.release(ticket, Answer(answer.status_code, answer.headers) if answer is not None else None)
        seconds = self._clock.time() - sent
        status = answer.status_code if answer is not None else 0
        self._trace.answered(call.request.method, call.request.url, call.bucket, status, seconds)
        if answer is not None:
            self._trace.headers(answer.headers)
        return outcome

    def _prepared(self, call: _Call) -> httpx.Request:
        renew: Callable[[httpx.Request], httpx.Request] | None = call.request.extensions.get("renew")
        call.attempts += 1
        if call.attempts > 1:
            self._trace.requests.retried += 1
            if renew is not None:
                call.request = renew(call.request)
        return call.request

    async def _send(self, request: httpx.Request) -> Outcome:
        try:
            async with in_time():
                response = await self._inner.handle_async_request(request)
                try:
                    content = await whole(response)
                finally:
                    await response.aclose()
            return self._complete(response, content, request)
        except httpx.RequestError as error:
            return error

    def _complete(self, response: httpx.Response, content: bytes, request: httpx.Request) -> httpx.Response:
        if response.status_code >= 400:
            content = unquoted(content, request)
        if _is_json(response) and content:
            content = scrubbed(content, self._scrub)
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in DROPPED_HEADERS]
        return httpx.Response(response.status_code, headers=headers, content=content, request=request)

    def _again(self, call: _Call, outcome: Outcome) -> bool:
        call.was_lost = call.was_lost or is_lost(outcome)
        return may_repeat(call.request, outcome)

    def _settle(self, call: _Call, outcome: Outcome) -> httpx.Response:
        request = call.request
        if is_lost(outcome) and not is_repeatable(request):
            raise answer_lost(request, outcome)
        if isinstance(outcome, httpx.RequestError):
            raise network_error(outcome, request.url)
        if outcome.is_redirect:
            raise redirected(outcome, request.url)
        if outcome.headers.get("content-type", "").startswith("text/html"):
            raise web_page(outcome, request.url)
        if request.method == "DELETE" and outcome.status_code == 404 and call.was_lost:
            # The attempt whose answer was lost did it: that nothing is there any more is what was asked for.
            return httpx.Response(204, request=request)
        return outcome


def _is_json(response: httpx.Response) -> bool:
    kind: Any = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(kind == "application/json" or kind.endswith("+json"))
