"""Answers that are not what Auth0's API promises."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from provisioner.errors import VendorError
from tests.adapters.auth0.tenant import Tenant, a_person, a_plan, a_user, apply

ANA = a_person("ana@acme.example")


@pytest.mark.parametrize(
    ("line", "answer", "said"),
    [
        ("GET /clients", {}, "(clients: field required)"),
        ("GET /clients", [], "(input should be a valid dictionary"),
        ("GET /clients", None, "(input should be a valid dictionary"),
        ("GET /clients", {"clients": [{"client_id": "a/b"}]}, "(clients.0.client_id: "),
        ("GET /clients", {"clients": [{"client_id": "c1", "callbacks": "https://x"}]}, "(clients.0.callbacks: "),
        ("GET /connections", [{"id": "con_1"}], "(0.name: field required)"),
        ("GET /actions/actions", {"actions": [{"id": None}]}, "(actions.0.id: "),
        (
            "GET /actions/actions",
            {"actions": [{"id": "a1", "name": "Risk", "deployed_version": {"secrets": [{}]}}]},
            "(actions.0.deployed_version.secrets.0.name: field required)",
        ),
        ("GET /actions/triggers/post-login/bindings", {"bindings": None}, "(bindings: "),
        ("GET /users-by-email", {}, "(input should be a valid list)"),
        ("GET /users-by-email", [a_user("ana@acme.example", app_metadata=5)], "(0.app_metadata: "),
        ("GET /users", {"users": [{}]}, "(users.0.user_id: field required)"),
        ("POST /clients", {"name": "Twilio Flex"}, "(client_id: field required)"),
        ("GET /keys/signing", [{"next": True}], "(0.cert: field required)"),
    ],
)
def test_an_answer_of_another_shape_is_named(line: str, answer: Any, said: str) -> None:
    """It is told with the request, what is wrong with it, and the request id; nothing is taken for an empty list."""
    tenant = Tenant()
    tenant.instead[line] = lambda _: httpx.Response(200, json=answer, headers={"x-auth0-requestid": "req1"})

    with pytest.raises(VendorError) as caught:
        apply(tenant, a_plan(ANA))

    assert caught.value.message.startswith(f"Auth0's answer to {line} is not what its API promises (")
    assert said in caught.value.message
    assert caught.value.request_id == "req1"
