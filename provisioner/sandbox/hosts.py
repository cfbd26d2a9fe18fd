"""Which tenant a request means: the host name says it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

DEFAULT_TENANT = "localhost"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_TENANT_HOST = re.compile(rf"(?P<tenant>{_LABEL}(\.{_LABEL})*)\.localhost")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[^:\[\]]+)(:(?P<port>\d{1,5}))?")


class UnknownHostError(Exception):
    """The request names a host that is not the sandbox's. Pages elsewhere that point their name here end up there."""


@dataclass(frozen=True)
class Place:
    """Where a request went."""

    tenant: str
    origin: str


def tenant_of(name: str) -> str:
    """Give the tenant of a host name: `acme.localhost` → acme, loopback itself → localhost.

    Raises UnknownHostError.
    """
    if name in LOOPBACK:
        return DEFAULT_TENANT
    match = _TENANT_HOST.fullmatch(name)
    if match is None or len(name) > 253:
        raise UnknownHostError(name)
    return match["tenant"]


def place_of(scope: Scope) -> Place:
    """Give tenant and origin of a request as its `Host` header says. Raises UnknownHostError."""
    host = Headers(scope=scope).get("host", "").lower()
    match = _HOST.fullmatch(host)
    if match is None:
        raise UnknownHostError(host)
    return Place(tenant_of(match["name"].removesuffix(".")), f"{scope['scheme']}://{host}")


def by_another_site(headers: Headers, origin: str) -> bool:
    """Whether a browser says that a web page of another origin than this one, the host's, caused the request.

    It does so in Sec-Fetch-Site (Fetch Metadata), and older ones in Origin alone.
    """
    site = headers.get("sec-fetch-site", "none")
    return site not in ("none", "same-origin") or headers.get("origin", origin) != origin


def host_of(tenant: str) -> str:
    """Give the host name of a tenant, without a port; the reverse of `tenant_of`."""
    return DEFAULT_TENANT if tenant == DEFAULT_TENANT else f"{tenant}.localhost"


def neighbour(place: Place, tenant: str) -> Place:
    """Give another tenant's place on the same scheme and port. Raises UnknownHostError for an impossible name."""
    host = host_of(tenant)
    here = urlsplit(place.origin)
    port = f":{here.port}" if here.port else ""
    return Place(tenant_of(host), f"{here.scheme}://{host}{port}")
