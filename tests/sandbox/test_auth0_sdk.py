"""Auth0's own Python SDK, with its models, against the sandbox: a client that nobody here wrote."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.sandbox import EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.auth0 import PART, connections, tokens
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.serve import background
from tests.sandbox.auth0_tenant import CODE, PASSWORD
from tests.sandbox.noon import ORIGIN

QUICK = SandboxSettings(build_time=0, job_time=0, search_lag=0)


@pytest.fixture
def sandbox() -> Sandbox:
    """On real time, which the SDK looks at, and with nothing to wait for."""
    return create_app(Store(None), parts=[PART], settings=QUICK)


async def provision(client: Any) -> dict[str, Any]:
    """An application with an Action in its login flow and two users, by typed methods alone."""
    app = await client.clients.create(
        name="Twilio Flex", app_type="regular_web", addons={"samlp": {"audience": "urn:flex:JQ1"}}
    )
    triggers = [{"id": "post-login", "version": "v3"}]
    action = await client.actions.create(name="Flex roles", supported_triggers=triggers, code=CODE)
    await client.actions.deploy(action.id)
    await asyncio.sleep(0.15)
    reference = {"ref": {"type": "action_id", "value": action.id}}
    bound = await client.actions.triggers.bindings.update_many("post-login", bindings=[reference])
    user = await client.users.create(
        connection=connections.DATABASE,
        email="ana@acme.example",
        password=PASSWORD,
        app_metadata={"flex": {"roles": ["admin"]}},
    )
    (database,) = [each async for each in await client.connections.list(name=connections.DATABASE)]
    users = ("users.json", json.dumps([{"email": "bo@acme.example"}]).encode(), "application/json")
    job = await client.jobs.users_imports.create(users=users, connection_id=database.id, upsert=True)
    done = await client.jobs.get(job.id)
    return {
        "bound": [each.action.name for each in bound.bindings],
        "roles": (await client.users.get(user.user_id)).app_metadata,
        "imported": done.summary.inserted,
        "apps": [each.name async for each in await client.clients.list(q=None) if each.client_id == app.client_id],
        "keys": len(await client.keys.signing.list()),
    }


def test_the_generated_client_provisions(sandbox: Sandbox) -> None:
    """Requests and answers go through the SDK's models in both directions."""
    sdk = pytest.importorskip("auth0.management.client")

    async def run() -> dict[str, Any]:
        async with httpx.AsyncClient(transport=EmbeddedTransport(sandbox)) as carrier:
            client = sdk.AsyncAuth0(base_url=f"{ORIGIN}/api/v2", token=tokens.API_TOKEN, httpx_client=carrier)
            return await provision(client)

    assert asyncio.run(run()) == {
        "bound": ["Flex roles"],
        "roles": {"flex": {"roles": ["admin"]}},
        "imported": 1,
        "apps": ["Twilio Flex"],
        "keys": 2,
    }


@pytest.fixture
def domain(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The sandbox served with TLS, whose authority every client of this process trusts."""
    with background(sandbox, tls_home=tmp_path) as addresses:
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            monkeypatch.setenv(name, str(addresses.ca_file))
        yield addresses.origin.removeprefix("https://")


def test_the_management_client_fetches_its_token_and_pages(domain: str) -> None:
    """Client credentials, then offset pages to the end, over TLS."""
    sdk = pytest.importorskip("auth0.management")
    with httpx.Client() as carrier:
        client = sdk.ManagementClient(
            domain=domain, client_id=tokens.PLAIN, client_secret=tokens.SECRET, httpx_client=carrier
        )
        for number in range(3):
            client.clients.create(name=f"Client {number}")
        found = list(client.clients.list(per_page=2))

    assert len(found) == 7
    assert all(each.client_secret for each in found)


def test_the_token_client_signs_an_assertion(sandbox: Sandbox, domain: str) -> None:
    """The SDK's own private_key_jwt is accepted."""
    sdk = pytest.importorskip("auth0.authentication")
    key = tokens.assertion_key(sandbox.visit(PART, Place("localhost", f"https://{domain}")))
    client = sdk.GetToken(domain, tokens.SIGNING, client_assertion_signing_key=key)
    answer = client.client_credentials(f"https://{domain}/api/v2/")

    assert answer["token_type"] == "Bearer"
