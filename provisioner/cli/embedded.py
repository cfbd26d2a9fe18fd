"""The one place, beside the `sandbox` verb, that brings the sandbox and an adapter together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner.cli.problems import system_words
from provisioner.errors import ProvisionerError, UsageError

if TYPE_CHECKING:
    import httpx

# Seeded in every tenant of the sandbox, and printed when it is served; they open nothing else.
CREDENTIALS = {
    "auth0": {"auth0_client_id": "sandbox-auth0-client", "auth0_client_secret": "sandbox-auth0-secret"},
    "okta": {"okta_api_token": "sandbox-okta-token"},
}
STATE = "sandbox.sqlite3"
HOME = "it is kept in PROVISIONER_HOME, by default the folder .provisioner here, which must be one that can be written"


def transport(home: Path) -> httpx.AsyncBaseTransport:
    """Carries requests into a sandbox in this process, whose state a served one shares; closing it closes that, too."""
    try:
        from provisioner.sandbox import EmbeddedTransport, Store, create_app
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the sandbox needs the package {error.name}",
            hint="make setup, in the project's folder, makes an environment that has it",
        ) from None

    class Transport(EmbeddedTransport):
        async def aclose(self) -> None:
            store.close()

    try:
        store = Store(home / STATE)
        return Transport(create_app(store))
    except OSError as error:
        raise ProvisionerError(f"the sandbox's state cannot be used: {system_words(error)}", hint=HOME) from None


async def to_clipboard(home: Path, tenant: str, name: str, values: Mapping[str, Any]) -> None:
    """Leaves the Flex values of the plan `name` where the Console page of the embedded `tenant` (its URL) offers them.

    It is no request to a vendor, so it counts for none.
    """
    import httpx

    async with httpx.AsyncClient(transport=transport(home), base_url=tenant) as client:
        answer = await client.put("/_sandbox/clipboard", json={"name": name, "values": values})
    answer.raise_for_status()
