"""Whatever the Okta adapter sends, in a tour of all it can do, Okta's OpenAPI document describes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from provisioner.adapters.okta import PROVIDER
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.diff import diff
from provisioner.core.ownership import Mark
from tests.adapters.okta.document import Document
from tests.adapters.okta.scripted import METADATA, Org, a_group, a_person, a_plan, a_user, an_app, connected
from tests.contract import evidence
from tests.virtual_time import run

pytestmark = evidence.needed

ROLES = {"definitions": {"custom": {"properties": {}}}}


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(evidence.document("okta-slim.json"))


def sent(org: Org, plan: OktaPlan, *, adopt: bool = False) -> list[httpx.Request]:
    """What goes out when the plan is applied, recorded, and asked for its facts."""

    async def main() -> list[httpx.Request]:
        async with connected(org, plan) as connection:
            desired = PROVIDER.desired(plan, adopt=adopt)
            observed = await connection.observe(desired)
            writer = connection.writer(observed)
            for change in diff(desired, observed).changes:
                await writer.write(change)
            await writer.record(Mark(plan.name, "0123456789abcdef", "2026-11-29"))
            await connection.certificates()
            await connection.facts()
            return org.sent

    return run(main())


def as_returned(plan: OktaPlan, **changes: Any) -> dict[str, Any]:
    """An application with all that Okta is known to add to what was sent."""
    app = an_app(plan, **changes)
    app["settings"]["signOn"] |= {"samlSignedRequestEnabled": False, "participateSlo": None, "audienceOverride": None}
    app["settings"] |= {"manualProvisioning": False, "implicitAssignment": False, "emOptInStatus": "NONE"}
    app["credentials"]["signing"] |= {"lastRotated": "2026-01-01T00:00:00.000Z", "nextRotation": None}
    app |= {
        "orn": "orn:okta:idp:00o1:apps:acme_twilioflex_1:0oa1",
        "lastUpdated": "2026-01-01T00:00:00.000Z",
        "visibility": {
            "autoLaunch": False,
            "autoSubmitToolbar": False,
            "hide": {"iOS": False, "web": False},
            "appLinks": {"acme_twilioflex_1_link": True},
        },
        "accessibility": {"selfService": False, "errorRedirectUrl": None, "loginRedirectUrl": None},
        "universalLogout": {"status": "DISABLED", "supportType": "FULL"},
    }
    return app


def an_org(plan: OktaPlan, **app: Any) -> Org:
    there = as_returned(plan, **app)
    return Org(
        {
            "GET /api/v1/apps": [there],
            "(GET|PUT) /api/v1/apps/0oa1": there,
            "POST /api/v1/apps": there,
            r"POST /api/v1/apps/0oa1/lifecycle/\w+": {},
            "PUT /api/v1/apps/0oa1/groups/00g1": {},
            "GET /api/v1/apps/0oa1/sso/saml/metadata": lambda _: httpx.Response(200, text=METADATA),
            "POST /api/v1/groups": a_group(),
            "(GET|PUT) /api/v1/groups/00g1": a_group("Hotline"),
            r"(PUT|DELETE) /api/v1/groups/00g1/users/\w+": lambda _: httpx.Response(204),
            r"POST /api/v1/users(/\w+)?": a_user("new@acme.example"),
            r"POST /api/v1/users/\w+/lifecycle/\w+": {},
            "(GET|POST) /api/v1/meta/schemas/user/default": ROLES,
        }
    )


def test_a_creation(document: Document) -> None:
    """Everything is new: attribute, application, group, assignment, people."""
    settings = {"samlAssertionLifetimeSeconds": 300, "slo": {"enabled": False}, "samlSignedRequestEnabled": False}
    groups = {"format": "unspecified", "group": {"starts_with": "flex-"}}
    plan = a_plan(
        a_person("ana@acme.example", "admin", **{"profile.title": "Lead", "profile.badge": 7}),
        a_person("bo@acme.example"),
        application={"settings": settings, "attribute_statements": {"teams": groups, "email": {"value": "user.email"}}},
        users={"roles_attribute": "flexRoles"},
    )
    org = an_org(plan)
    org.answers["GET /api/v1/apps"] = []

    requests = sent(org, plan)

    assert {f"POST /api/v1/{what}" for what in ("apps", "groups", "users", "meta/schemas/user/default")} <= set(org.log)
    assert [problem for request in requests for problem in document.problems(request)] == []


def test_an_update(document: Document) -> None:
    """Everything is there and differs: the application is activated and replaced, the group adopted, people changed."""
    people = [a_person("ana@acme.example", "admin"), a_person("new@acme.example"), a_person("out@acme.example")]
    plan = a_plan(*people, users={"on_removal": "deactivate"})
    org = an_org(plan, status="INACTIVE", label="Twilio Flex")
    org.answers |= {
        "(GET|PUT) /api/v1/apps/0oa1": as_returned(plan),
        "GET /api/v1/groups": [a_group("Hotline")],
        "GET /api/v1/groups/00g1/users": [a_user("ana@acme.example", None), a_user("cy@acme.example")],
        "GET /api/v1/users": [a_user("out@acme.example")],
    }

    requests = sent(org, plan, adopt=True)

    expected = {"PUT /api/v1/apps/0oa1", "PUT /api/v1/groups/00g1", "GET /api/v1/apps/0oa1/credentials/keys"}
    assert expected <= set(org.log)
    assert [problem for request in requests for problem in document.problems(request)] == []


def test_a_verification(document: Document) -> None:
    """People who are members and others, assignments, and groups for a claim that is made of them."""
    roles = {"format": "unspecified", "group": {"equals": "agent"}}
    people = [a_person("ana@acme.example"), a_person("out@acme.example")]
    plan = a_plan(*people, application={"attribute_statements": {"roles": roles}})
    org = an_org(plan)
    org.answers |= {
        "GET /api/v1/groups": [a_group("Flex Agents"), a_group("agent")],
        "GET /api/v1/groups/00g1/users": [a_user("ana@acme.example")],
        "GET /api/v1/users": [a_user("out@acme.example")],
    }

    async def main() -> None:
        async with connected(org, plan) as connection:
            await connection.sign_ons(plan.people)
            await connection.facts()

    run(main())

    assert {"GET /api/v1/groups", "GET /api/v1/apps/0oa1/users", "GET /api/v1/users"} <= set(org.log)
    assert [problem for request in org.sent for problem in document.problems(request)] == []


@pytest.mark.parametrize(
    ("method", "url", "body", "problem"),
    [
        ("GET", "/api/v1/apps?limits=1", None, "unknown parameter limits"),
        ("GET", "/api/v1/apps?limit=201", None, "201"),
        ("GET", "/api/v1/nothing", None, "no operation"),
        ("POST", "/api/v1/users", {"profile": {"login": "a"}, "group_ids": []}, "group_ids"),
        ("POST", "/api/v1/apps", {"signOnMode": "SAML_2_0", "label": "x", "id": "0oa1"}, "id"),
        ("POST", "/api/v1/apps", {"signOnMode": "SAML_2_0", "label": "x", "settings": {"signOn": {"acs": 1}}}, "acs"),
        ("POST", "/api/v1/groups", None, "body is missing"),
    ],
)
def test_the_check_is_strict(document: Document, method: str, url: str, body: Any, problem: str) -> None:
    """What the document does not describe is found, or the two tests above would say nothing."""
    request = httpx.Request(method, f"https://acme.okta.example{url}", json=body) if body else None

    found = document.problems(request or httpx.Request(method, f"https://acme.okta.example{url}"))

    assert problem in " ".join(found)
