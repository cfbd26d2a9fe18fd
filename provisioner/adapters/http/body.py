"""The body of an answer, read whole: within bounds of time and size, decompressed, its JSON checked and scrubbed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from provisioner.adapters.http.redact import Scrub

# The largest page of people that a vendor gives is some 5 MB, and takes seconds. What goes far beyond is a mistake.
MOST_BYTES = 64 * 2**20
MOST_SECONDS = 120.0


class Unbounded(httpx.TransportError):
    """An answer that is larger, or takes longer, than any that a vendor gives; another try would end like this one."""


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Ends what takes longer than any answer may: the time-outs of a connection begin anew with every byte."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            yield
    except TimeoutError:
        raise Unbounded(f"takes longer than {MOST_SECONDS:.0f} s to answer") from None


async def whole(response: httpx.Response) -> bytes:
    """The body, decompressed. Raises `Unbounded` as soon as it is too large, and `httpx` errors where it breaks off."""
    if "," in response.headers.get("content-encoding", ""):
        # Each layer multiplies by a thousand, and all of them are taken off at once.
        raise Unbounded("sends an answer that is compressed more than once")
    # Counted on both sides: a few bytes may unpack to very many, and very many to none at all.
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)
    return b"".join([chunk async for chunk in _bounded(response.aiter_bytes())])


async def _bounded(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Unbounded(f"sends more than {MOST_BYTES // 2**20} MB in one answer")
        yield chunk


class _Bounded(httpx.AsyncByteStream):
    """A body as it is on the wire, to its bound."""

    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _bounded(aiter(self._inner))

    async def aclose(self) -> None:
        await self._inner.aclose()


def scrubbed(content: bytes, scrub: Scrub | None) -> bytes:
    """The same JSON, scrubbed. Raises `httpx.DecodingError` for anything but JSON, or where it breaks off."""
    try:
        data = json.loads(content)
        return json.dumps(scrub(data)).encode() if scrub else content
    except (ValueError, RecursionError):
        raise httpx.DecodingError("it is not JSON, or not all of it") from None
