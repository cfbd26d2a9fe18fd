"""The sandbox as a server on this machine's loopback addresses; it prints nothing itself."""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from provisioner.sandbox.answer import ConnectionDropped
from provisioner.sandbox.app import Sandbox, create_app
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place
from provisioner.sandbox.store import Store
from provisioner.sandbox.world import SandboxSettings

STORE_FILE = "sandbox.sqlite3"


class PortTakenError(OSError):
    """Another program listens on the port; the message says which port and what to do."""


@dataclass(frozen=True)
class Addresses:
    """What people need to use a served sandbox."""

    origin: str
    """http://localhost:8400"""
    tenant_origin: str
    """The same with NAME for any further tenant: http://NAME.localhost:8400"""
    credentials: dict[str, dict[str, str]]
    """Of each part, the seeded credentials by readable name."""
    ca_file: Path | None
    """The authority that clients of a sandbox with TLS must trust."""


def serve(
    home: Path,
    *,
    port: int = 8400,
    tls: bool = False,
    settings: SandboxSettings | None = None,
    announce: Callable[[Addresses], None],
) -> None:
    """Serve the sandbox kept in `home` until Ctrl-C; `announce` is called once connections are accepted.

    Raises:
        PortTakenError: someone else listens on the port.
        StoreError: the state in `home` is damaged, or was written by another version.

    """
    with _listening(port) as sockets, closing(Store(home / STORE_FILE)) as store:
        server = _Server(create_app(store, settings=settings), sockets, home if tls else None)
        announce(server.addresses)
        with suppress(KeyboardInterrupt):  # raised again by uvicorn after it has closed everything
            server.run()


@contextmanager
def background(app: Sandbox, *, port: int = 0, tls_home: Path | None = None) -> Iterator[Addresses]:
    """Serve an application in a thread while the context lasts, on a free port unless told; with TLS given a home."""
    with _listening(port) as sockets:
        server = _Server(app, sockets, tls_home)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield server.addresses
        finally:
            server.stop()
            thread.join()


class _Server:
    """uvicorn on loopback sockets that listen from the beginning."""

    def __init__(self, app: Sandbox, sockets: list[socket.socket], tls_home: Path | None) -> None:
        self._sockets = sockets
        config = uvicorn.Config(
            app,
            http=_DroppingProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,  # the application's own follows the sandbox's clock
            timeout_keep_alive=60,  # clients that pause between requests find their connection again
            timeout_graceful_shutdown=3,
        )
        config.load()
        ca_file = None
        if tls_home is not None:
            from provisioner.sandbox.tls import Authority

            authority = Authority(tls_home)
            config.ssl, ca_file = authority.context(), authority.file
        self._uvicorn = uvicorn.Server(config)
        self.addresses = _addresses(app, sockets[0].getsockname()[1], ca_file)

    def run(self) -> None:
        self._uvicorn.run(self._sockets)

    def stop(self) -> None:
        self._uvicorn.should_exit = True


def _addresses(app: Sandbox, port: int, ca_file: Path | None) -> Addresses:
    scheme = "https" if ca_file else "http"
    place = Place(DEFAULT_TENANT, f"{scheme}://localhost:{port}")
    credentials = {part.name: part.credentials(app.visit(part, place)) for part in app.parts}
    return Addresses(place.origin, f"{scheme}://NAME.localhost:{port}", credentials, ca_file)


@contextmanager
def _listening(port: int) -> Iterator[list[socket.socket]]:
    """Give sockets that listen on 127.0.0.1 and, where the machine has it, ::1."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(_bound(socket.AF_INET, "127.0.0.1", port))]
        try:
            sockets.append(stack.enter_context(_bound(socket.AF_INET6, "::1", sockets[0].getsockname()[1])))
        except PortTakenError:
            raise
        except OSError:
            pass  # no IPv6 here
        yield sockets


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTakenError(
            f"Port {port} is taken, perhaps by another sandbox: stop that one, or choose another with --port."
        ) from error
    # Without this every answer waits 40 ms for the client's delayed acknowledgement; connections inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _DroppingProtocol(H11Protocol):
    """Closes the connection where the application drops it; uvicorn alone would answer 500."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _dropping(self.app, transport)


def _dropping(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def dropping(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except ConnectionDropped:
            transport.close()
            # uvicorn takes a return without an answer for a mistake until it has seen the connection go.
            while (await receive())["type"] != "http.disconnect":
                pass

    return dropping
