"""Whatever the Auth0 adapter sends, in a tour of all it can do, Auth0's OpenAPI document describes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from provisioner.adapters.auth0 import PROVIDER
from provisioner.adapters.auth0.plan import Auth0Plan
from provisioner.engine.apply import apply
from provisioner.engine.preview import preview
from tests.adapters.auth0.tenant import Tenant, a_person, a_plan, a_user, connected
from tests.adapters.okta.document import Document
from tests.contract import evidence
from tests.virtual_time import run

pytestmark = evidence.needed


class NoRecord:
    """A run record that nobody reads."""

    path = "-"
    started = datetime(2026, 11, 29, tzinfo=UTC)

    def write(self, event: str, **data: Any) -> None: ...


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(evidence.document("auth0.json"), prefix="/api/v2")


def problems(document: Document, tenant: Tenant, plan: Auth0Plan) -> list[str]:
    """What the document says against the requests of an apply of this plan, batches, facts and sign-ons included."""

    async def main() -> None:
        async with connected(tenant, plan) as connection:
            seen = await preview(PROVIDER, plan, connection, limits=plan.guards.limits)
            ran = await apply(seen, connection.writer(seen.observed), NoRecord())  # type: ignore[arg-type]
            assert ran.failure is None
            await connection.certificates()
            await connection.facts()
            await connection.sign_ons(plan.people)

    run(main())
    asked = [request for request in tenant.sent if request.url.path.startswith("/api/v2")]
    return [problem for request in asked for problem in document.problems(request)]


def test_a_creation(document: Document) -> None:
    """Everything is new, and other people's things are there: application, Action, flow, an import of many people."""
    tenant = Tenant()
    tenant.actions = [{"id": "a1", "name": "Risk", "status": "built"}]
    tenant.bindings = [{"id": "b1", "display_name": "Risk", "action": tenant.actions[0]}]
    metadata = {"user_metadata.team": "north", "picture": "https://acme.example/a.png"}
    people = [a_person(f"agent{n}@acme.example", "agent", name="Ana", **metadata) for n in range(60)]
    settings = {"lifetimeInSeconds": 36000, "logout": {"slo_enabled": False}}
    plan = a_plan(*people, application={"settings": settings, "saml": {"name_id_format": "persistent"}})

    assert problems(document, tenant, plan) == []
    assert {"POST /clients", "POST /actions/actions", "POST /jobs/users-imports"} <= set(tenant.log)


def test_an_update(document: Document) -> None:
    """Everything is there and differs: add-on, callbacks, code, place in the flow, roles; somebody is removed."""
    tenant = Tenant()
    first = a_plan(a_person("ana@acme.example"), a_person("bo@acme.example"))
    assert problems(document, tenant, first) == []
    tenant.enabled.add("google-oauth2")
    tenant.users.append(a_user("cy@acme.example"))
    people = (a_person("ana@acme.example", "admin"), a_person("cy@acme.example", given_name="Cy"))
    other = a_plan(*people, action={"runtime": "node18", "position": "first"}, flex={"connection_sid": "JQ" + "1" * 32})

    assert problems(document, tenant, other) == []
    assert {"PATCH /clients/c1", "PATCH /actions/actions/a1", "PATCH /users/auth0|bo"} <= set(tenant.log)


@pytest.mark.parametrize(
    ("method", "url", "body", "problem"),
    [
        ("GET", "/clients?limit=1", None, "unknown parameter limit"),
        ("GET", "/nothing", None, "no operation"),
        ("POST", "/clients", {"app_type": "regular_web"}, "name"),
        ("POST", "/clients", {"name": "x", "label": "x"}, "label"),
        ("PATCH", "/actions/triggers/post-login/bindings", {"bindings": [{"id": "b1"}]}, "bindings/0"),
    ],
)
def test_the_check_is_strict(document: Document, method: str, url: str, body: Any, problem: str) -> None:
    """What the document does not describe is found, or the two tests above would say nothing."""
    content = {"json": body} if body else {}

    found = document.problems(httpx.Request(method, f"https://acme.us.auth0.com/api/v2{url}", **content))

    assert problem in " ".join(found)
