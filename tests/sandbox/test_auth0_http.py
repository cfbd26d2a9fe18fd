"""Requests of any form to the Auth0 sandbox: each is answered as a vendor answers."""

import json
import re
from typing import Any

import pytest

from provisioner.sandbox.auth0 import api
from provisioner.sandbox.auth0.wire import JSON
from tests.sandbox.auth0_tenant import Tenant

JUNK: list[Any] = [
    None,
    True,
    -1,
    1.5,
    10**400,
    "",
    "\ud83d",
    [],
    [None],
    {},
    {"a": None},
    {"name": []},
    {"bindings": [{}]},
]
DEEP = "(" * 3_000


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def expected(tenant: Tenant) -> list[tuple[str, str]]:
    """Method and path of every operation that takes JSON, about things that are there."""
    action = tenant.action()["id"]
    things = {
        "clients": tenant.client()["client_id"],
        "users": tenant.user()["user_id"],
        "actions": action,
        "versions": tenant("GET", f"/actions/actions/{action}/versions")["versions"][0]["id"],
        "connections": tenant.database,
        "triggers": "post-login",
    }
    return [
        (each.method, re.sub(r"(\w+)/{\w+}", lambda match: f"{match[1]}/{things[match[1]]}", each.path))
        for each in api.OPERATIONS
        if JSON in each.takes
    ]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: json.dumps(junk)[:20])
def test_no_body_makes_it_stumble(tenant: Tenant, junk: Any) -> None:
    """Whatever JSON comes, the answer is the vendor's, and mostly a refusal."""
    for method, path in expected(tenant):
        answer = tenant.call(method, path, content=json.dumps(junk), headers={"content-type": JSON})

        assert answer.status_code < 500
        assert isinstance(answer.json(), dict)


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=x",
        "page=9999999999999999999999",
        "take=0",
        "from=%C3%A9",
        "include_totals=1",
        "fields=",
        f"q={DEEP}",
    ],
)
def test_no_query_makes_it_stumble(tenant: Tenant, query: str) -> None:
    """Numbers out of bounds, foreign cursors and endless searches are refused or find nothing."""
    for path in ("users", "clients", "connections", "actions/actions", "actions/triggers/post-login/bindings"):
        assert tenant.call("GET", f"/api/v2/{path}?{query}").status_code in {200, 400}


@pytest.mark.parametrize("media", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_no_upload_makes_it_stumble(tenant: Tenant, media: str) -> None:
    """An upload that is none is a bad request."""
    answer = tenant.call("POST", "/api/v2/jobs/users-imports", content=b"abc", headers={"content-type": media})

    assert answer.status_code == 400


def test_every_answer_has_the_vendors_headers(tenant: Tenant) -> None:
    """No cache, no index, and a content type even where there is no content (recordings 10 and 35)."""
    for answer in (tenant.call("GET", "/api/v2/clients"), tenant.call("DELETE", "/api/v2/users/auth0%7Cx")):
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["vary"] == "origin,accept-encoding"
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_planned_faults_speak_the_vendors_language(tenant: Tenant, status: int) -> None:
    """The frame asks for a status, the part finds the words."""
    fault = {"kind": "status", "status": status, "path": "/api/v2/clients"}
    assert tenant.call("POST", "/_sandbox/faults", fault).status_code == 200
    answer = tenant.call("GET", "/api/v2/clients")

    assert answer.status_code == answer.json()["statusCode"] == status
