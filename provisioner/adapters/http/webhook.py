"""A message to an address that is itself the credential: it shows in no log, no trace and no error."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from provisioner.adapters.http import Network, system_network
from provisioner.errors import NetworkError
from provisioner.planfile.tenant import origin

# Seconds for one answer, and for all attempts together.
ANSWER_WITHIN, GIVE_UP_AFTER = 10.0, 45.0
# All that is of interest in an answer beside its status: whether to come again, and where it would lead.
_KEPT = ("location", "retry-after")


async def post(network: Network, url: str, body: Mapping[str, Any]) -> None:
    """Delivers the body as JSON, more than once where an answer was lost.

    Raises `NetworkError` where it did not arrive: no answer in time, a redirect, any status but success.
    """
    host = origin(urlsplit(url))
    try:
        sealed = _Sealed(system_network(httpx.URL(url), network), url)
        door = replace(network, inner=sealed, timeout=ANSWER_WITHIN)
        async with asyncio.timeout(GIVE_UP_AFTER), door.open_client(host, bucket_of=lambda *_: "webhook") as tenant:
            answer = await tenant.client.post("/", json=body, extensions={"repeatable": True})
    except httpx.InvalidURL:
        raise NetworkError("no host can have this address") from None
    except TimeoutError:
        raise NetworkError(f"{urlsplit(host).netloc} did not take it in {GIVE_UP_AFTER:.0f} s") from None
    if not answer.is_success:
        raise NetworkError(f"{urlsplit(host).netloc} answered {answer.status_code}")


class _Sealed(httpx.AsyncBaseTransport):
    """Puts the whole address in at the last moment, and leaves what the other side says unread.

    Slack answers `ok` as if that were a web page; others answer with what is no JSON though they say so.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, url: str) -> None:
        self._inner, self._url = inner, url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Status and place alone."""
        whole = httpx.Request(
            request.method, self._url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        answer = await self._inner.handle_async_request(whole)
        await answer.aclose()
        headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        return httpx.Response(answer.status_code, headers=headers)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
