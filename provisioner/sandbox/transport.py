"""An httpx transport that carries requests into the sandbox in process, with the faults that a network would show."""

import asyncio

import httpx
from starlette.types import ASGIApp, Scope

from provisioner.sandbox.answer import ConnectionDropped, ask


class EmbeddedTransport(httpx.AsyncBaseTransport):
    """Carries each request to an ASGI application, as the client at 127.0.0.1.

    A dropped or truncated answer is httpx.RemoteProtocolError and one slower than the client's read timeout is
    httpx.ReadTimeout, as from a served sandbox.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Give the complete answer."""
        body = await request.aread()
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("read")):
                answer = await ask(self._app, _scope(request), body)
        except TimeoutError as error:
            raise httpx.ReadTimeout("The sandbox took longer than the read timeout.", request=request) from error
        except ConnectionDropped as error:
            raise httpx.RemoteProtocolError("The sandbox dropped the connection.", request=request) from error
        content = b"" if request.method == "HEAD" else answer.body
        return httpx.Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(content), request=request)


def _scope(request: httpx.Request) -> Scope:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (url.host, url.port or {"https": 443}.get(url.scheme, 80)),
        "client": ("127.0.0.1", 0),
    }
