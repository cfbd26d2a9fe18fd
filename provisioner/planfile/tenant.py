"""Where a plan's tenant is: an embedded sandbox, one served on this machine, or the vendor's. Knows no vendor."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult

# Where `provisioner sandbox` serves by default; an embedded run uses the same addresses, so that links stay good.
SANDBOX_PORT = 8400
_SANDBOX = r"sandbox(:[a-z0-9]([a-z0-9-]*[a-z0-9])?)?"


_USUAL = {"https": 443, "http": 80}


def is_sandbox(written: str) -> bool:
    """Whether this is the word for an embedded sandbox: `sandbox`, or `sandbox:NAME` for a further one."""
    return re.fullmatch(_SANDBOX, written) is not None


def sandbox_url(written: str) -> str:
    """The origin of an embedded sandbox: that of a served one on its default port."""
    name = written.removeprefix("sandbox").removeprefix(":")
    return f"http://{name}.localhost:{SANDBOX_PORT}" if name else f"http://localhost:{SANDBOX_PORT}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, so that http gives no credential away; a name like `127.acme.com` is not."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(parts: SplitResult) -> str:
    """Scheme, host and port of a URL that has no user name in it; without the port that goes without saying."""
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _USUAL.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def is_origin(parts: SplitResult) -> bool:
    """Whether the URL says nothing beyond its origin."""
    return parts.path in ("", "/") and not parts.query and not parts.fragment and parts.username is None
