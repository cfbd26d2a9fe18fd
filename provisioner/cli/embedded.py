"""The one place, beside the `sandbox` verb, that brings the sandbox and an adapter together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.errors import UsageError

if TYPE_CHECKING:
    import httpx

# Seeded in every tenant of the sandbox, and printed when it is served; they open nothing else.
CREDENTIALS = {"okta": {"okta_api_token": "sandbox-okta-token"}}
STATE = "sandbox.sqlite3"


def transport(home: Path) -> httpx.AsyncBaseTransport:
    """Carries requests into a sandbox in this process, whose state a served one shares."""
    try:
        from provisioner.sandbox import EmbeddedTransport, Store, create_app
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the sandbox needs the package {error.name}", hint="install it with: pip install 'provisioner[sandbox]'"
        ) from None
    home.mkdir(parents=True, exist_ok=True)
    return EmbeddedTransport(create_app(Store(home / STATE)))
