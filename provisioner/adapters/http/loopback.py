"""Names below .localhost, which are this machine by definition (RFC 6761) and which many a system cannot resolve."""

from __future__ import annotations

import httpx


class Loopback(httpx.AsyncBaseTransport):
    """Connects to 127.0.0.1 whatever the host's name; the server still hears the name, and TLS checks it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The server's answer."""
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host="127.0.0.1"),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
