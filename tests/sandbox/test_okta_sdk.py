"""Okta's own Python SDK, with its models, against the sandbox: a client that nobody here wrote."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from multidict import CIMultiDict

from provisioner.sandbox import EmbeddedTransport
from provisioner.sandbox.okta import PART, service_clients
from tests.sandbox.okta_org import Org, saml

ORIGIN = "https://localhost"
SCOPES = list(service_clients.SCOPES)


@pytest.fixture
def org() -> Iterator[Org]:
    """The SDK looks at the real time, and configures logging for everybody when it is used."""
    org = Org()
    org.clock.reset()
    handlers = logging.getLogger().handlers[:]
    yield org
    logging.getLogger().handlers[:] = handlers


class Details:
    """Of an aiohttp response, what the SDK reads."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.content_type = answer.headers.get("content-type", "").partition(";")[0]
        self.reason = answer.reason_phrase
        self.headers = CIMultiDict(answer.headers.multi_items())


@contextmanager
def sdk(org: Org, **config: Any) -> Iterator[Any]:
    """The SDK's client, carried into the sandbox."""
    client = pytest.importorskip("okta.client").Client
    http_client = pytest.importorskip("okta.http_client").HTTPClient

    class Carried(http_client):  # type: ignore[misc,valid-type]
        async def send_request(self, request: dict[str, Any]) -> Any:
            headers = {**self._default_headers, **request["headers"]}
            async with httpx.AsyncClient(transport=EmbeddedTransport(org.sandbox)) as carrier:
                content = {"json": request["data"]} if request["data"] else {"data": request["form"] or None}
                answer = await carrier.request(request["method"], request["url"], headers=headers, **content)
            return request, Details(answer), answer.text, None

    yield client({"orgUrl": ORIGIN, "httpClient": Carried, **config})


def ok(answer: tuple[Any, ...]) -> Any:
    """The SDK's result, when there is no error."""
    *result, error = answer
    assert error is None, error
    return result[0]


async def provision(client: Any) -> dict[str, Any]:
    """An app for a group of one, by models and typed methods alone."""
    models = pytest.importorskip("okta.models")
    app = ok(await client.create_application(models.SamlApplication.from_dict(saml())))
    group = ok(await client.add_group(models.AddGroupRequest.from_dict({"profile": {"name": "Flex Agents"}})))
    profile = {"login": "ana@acme.example", "email": "ana@acme.example", "firstName": "Ana", "lastName": "Diaz"}
    user = ok(await client.create_user(models.CreateUserRequest.from_dict({"profile": profile})))
    ok(await client.assign_group_to_application(app.id, group.id, models.ApplicationGroupAssignment()))
    await client.assign_user_to_group(group.id, user.id)
    found = ok(await client.list_application_users(app.id))
    return {"status": user.status, "users": [(each.id == user.id, each.scope) for each in found]}


WANTED = {"status": "PROVISIONED", "users": [(True, "GROUP")]}


def test_the_sdk_provisions_with_an_api_token(org: Org) -> None:
    """App, group, user and assignment go through the SDK's models in both directions."""
    with sdk(org, token="sandbox-okta-token") as client:
        assert asyncio.run(provision(client)) == WANTED


@pytest.mark.parametrize(("client_id", "dpop"), [(service_clients.PLAIN, False), (service_clients.BOUND, True)])
def test_the_sdk_provisions_as_a_service_app(org: Org, client_id: str, dpop: bool) -> None:
    """The SDK's own private_key_jwt, and its proofs of possession with the nonce handed out to it, are accepted."""
    key = PART.credentials(org.visit)["OAuth private key"]
    config = {"authorizationMode": "PrivateKey", "clientId": client_id, "scopes": SCOPES, "privateKey": key}
    with sdk(org, dpopEnabled=dpop, **config) as client:
        assert asyncio.run(provision(client)) == WANTED
