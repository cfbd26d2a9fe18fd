"""The one door to the network: every request of every provider goes through a client that is opened here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from types import TracebackType
from typing import Self
from urllib.request import getproxies, proxy_bypass

import httpx

from provisioner.adapters.http.budget import Budget
from provisioner.adapters.http.clock import Clock, LoopClock
from provisioner.adapters.http.loopback import Loopback
from provisioner.adapters.http.redact import Scrub, dropping
from provisioner.adapters.http.trace import Trace
from provisioner.adapters.http.transport import BucketOf, TenantTransport
from provisioner.core.adapter import Requests
from provisioner.errors import NetworkError
from provisioner.planfile.tenant import is_loopback

__all__ = ["BucketOf", "Clock", "Network", "Scrub", "TenantClient", "dropping", "system_network"]

CONNECT_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Network:
    """How a run reaches its tenants.

    `inner` carries requests instead of the system's network (the embedded sandbox). `share` is the part of every rate
    limit that is ours. `on_wait` is told the seconds of every longer wait for a limit. Without `clock`, time is real.
    """

    inner: httpx.AsyncBaseTransport | None = None
    share: float = 1.0
    max_in_flight: int = 12
    on_wait: Callable[[float], None] = lambda _: None
    timeout: float = 30.0
    verify: SSLContext | bool = True
    clock: Clock | None = None

    def open_client(self, base_url: str, *, bucket_of: BucketOf, scrub: Scrub | None = None) -> TenantClient:
        """A client for one tenant, to be used in `async with`.

        `bucket_of(method, path)` names the rate limit of a request; `scrub` takes secrets out of each JSON answer.
        """
        return TenantClient(self, base_url, bucket_of, scrub)


class TenantClient:
    """One tenant's connections, rate budget, clock and counts; `client` may be handed to a vendor's SDK."""

    client: httpx.AsyncClient
    clock: Clock

    def __init__(self, network: Network, base_url: str, bucket_of: BucketOf, scrub: Scrub | None) -> None:
        self._network, self._url, self._bucket_of, self._scrub = network, httpx.URL(base_url), bucket_of, scrub
        self.trace = Trace()

    @property
    def counts(self) -> Requests:
        """Requests sent so far, kept up to date."""
        return self.trace.requests

    async def __aenter__(self) -> Self:
        network = self._network
        self.clock = network.clock or LoopClock()
        budget = Budget(self.clock, share=network.share, max_in_flight=network.max_in_flight, on_wait=network.on_wait)
        inner = network.inner or system_network(self._url, network)
        transport = TenantTransport(inner, budget, self.clock, self._bucket_of, self._scrub, self.trace)
        # Redirects are refused in the transport; `trust_env` would only look for a .netrc with credentials.
        self.client = httpx.AsyncClient(
            base_url=self._url,
            transport=transport,
            timeout=httpx.Timeout(network.timeout, connect=min(network.timeout, CONNECT_TIMEOUT)),
            follow_redirects=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()


def _authorities(network: Network) -> SSLContext | bool:
    """Whom to trust; the system's authorities are read once for all tenants."""
    if network.verify is not True:
        return network.verify
    return _system_authorities(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=1)
def _system_authorities(*_: str | None) -> SSLContext:
    """As httpx reads them, which looks at these variables."""
    return httpx.create_ssl_context()


def system_network(url: httpx.URL, network: Network) -> httpx.AsyncBaseTransport:
    """Connections as the system wants them: proxies, NO_PROXY and SSL_CERT_FILE count as they do for httpx itself.

    No proxy stands between this machine and itself. httpx looks for proxies only where it makes the transport; one
    tenant is one host, so one look is enough. Raises `NetworkError` where these settings make no sense; a proxy's
    address may hold a password, and is not quoted.
    """
    proxies = {} if is_loopback(url.host) or proxy_bypass(url.host) else getproxies()
    most = network.max_in_flight
    try:
        transport = httpx.AsyncHTTPTransport(
            # Loading the trusted authorities takes a while, and plain http (a served sandbox) has no use for them.
            verify=_authorities(network) if url.scheme == "https" else False,
            proxy=proxies.get(url.scheme) or proxies.get("all"),
            limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
        )
        return Loopback(transport) if url.host.endswith(".localhost") else transport
    except OSError:
        raise NetworkError(
            "the trusted authorities cannot be read", hint="correct or unset SSL_CERT_FILE and SSL_CERT_DIR"
        ) from None
    except (ValueError, ImportError, httpx.InvalidURL):
        raise NetworkError(
            "the proxy that the environment names cannot be used",
            hint=f"write it as http://host:port in {url.scheme.upper()}_PROXY or ALL_PROXY, or unset them",
        ) from None
