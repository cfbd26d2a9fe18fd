"""What is the same for all calls to the Okta sandbox: paths, methods, content types, rate limits, rollback."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from provisioner.sandbox import SandboxSettings
from provisioner.sandbox.okta import budget, org
from tests.sandbox.okta_org import Org, saml


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/logs", 404, "E0000008"),
        ("PATCH", "/api/v1/users", 405, "E0000022"),
        ("GET", "/oauth2/v1/keys", 404, "E0000008"),
    ],
)
def test_what_the_sandbox_does_not_know_is_the_vendors_404(method: str, path: str, status: int, code: str) -> None:
    """The answer is Okta's, and the log of requests marks it."""
    org = Org()
    answer = org.call(method, path)

    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)
    assert org.sandbox.log.entries("localhost")[-1].unknown


@pytest.mark.parametrize(
    ("headers", "content", "code"),
    [
        ({"content-type": "text/plain"}, "{}", "E0000021"),
        ({"content-type": "application/xml"}, "<a/>", "E0000021"),
        ({"content-type": "application/json"}, "{", "E0000003"),
        ({"content-type": "application/json"}, "", "E0000003"),
        ({"content-type": "application/json", "accept": "text/html"}, "{}", "E0000019"),
    ],
)
def test_content_types_are_checked(headers: dict[str, str], content: str, code: str) -> None:
    """JSON is asked for and answered; parameters of the content type do not matter."""
    answer = Org().call("POST", "/api/v1/groups", headers=headers, content=content)

    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
    body = '{"profile": {"name": "Agents"}}'
    fine = {"content-type": "application/json; okta-response=omitCredentials", "accept": "text/html, */*;q=0.1"}
    assert Org().call("POST", "/api/v1/groups", headers=fine, content=body).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "bucket"),
    [
        ("GET", "/api/v1/users", "/api/v1/users"),
        ("GET", "/api/v1/users/me", "GET /api/v1/users/{id}"),
        ("PUT", "/api/v1/users/00u1", "/api/v1/users/{id}"),
        ("POST", "/api/v1/users/00u1/lifecycle/activate", "/api/v1/users"),
        ("GET", "/api/v1/apps/0oa1", "/api/v1/apps/{id}"),
        ("GET", "/api/v1/apps/0oa1/users", "/api/v1/apps"),
        ("GET", "/api/v1/groups/rules", "/api/v1/groups"),
        ("PUT", "/api/v1/groups/00g1/users/00u1", "/api/v1/groups"),
        ("GET", "/api/v1/meta/schemas/user/default", "/api/v1"),
        ("POST", "/oauth2/v1/token", "/oauth2/v1/token"),
    ],
)
def test_a_path_draws_from_the_vendors_bucket(method: str, path: str, bucket: str) -> None:
    """An object by its id has a bucket of its own, all that hangs below it draws from the collection's."""
    assert budget.bucket(method, path) == bucket


def test_one_token_gets_half_of_a_bucket_a_minute() -> None:
    """The fifty-first call to the apps is refused as recorded, until the window is over."""
    org = Org(SandboxSettings())
    answers = [org.call("GET", "/api/v1/apps") for _ in range(51)]
    refused = answers[-1]

    assert [answer.status_code for answer in answers] == [200] * 50 + [429]
    assert refused.json()["errorCode"] == "E0000047"
    assert (refused.headers["x-rate-limit-limit"], refused.headers["x-rate-limit-remaining"]) == ("50", "0")
    org.clock.advance(int(refused.headers["x-rate-limit-reset"]) - org.clock.now())
    assert org.call("GET", "/api/v1/apps").status_code == 200


def test_limits_can_be_set() -> None:
    """A bucket's figures come from the settings where they say so."""
    org = Org(SandboxSettings(rate_limit_overrides={"/api/v1/groups": (2, 10.0)}))

    assert [org.call("GET", "/api/v1/groups").status_code for _ in range(3)] == [200, 200, 429]
    org.clock.advance(10)
    assert org.call("GET", "/api/v1/groups").headers["x-rate-limit-remaining"] == "1"


def test_too_many_at_once_are_told_apart_from_too_many_a_minute() -> None:
    """The concurrency limit is a 429 whose limit and remaining are 0."""
    org = Org(SandboxSettings(concurrency=1))
    with org.sandbox.world.concurrency.enter("localhost", "okta"):
        answer = org.call("GET", "/api/v1/groups")

    assert answer.status_code == 429
    assert (answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"]) == ("0", "0")


def test_a_refused_write_leaves_nothing_behind() -> None:
    """What a handler wrote before it refused is undone."""
    org = Org()
    group = org.group()["id"]
    profile = {"login": "b@acme.example", "email": "b@acme.example", "firstName": "B", "lastName": "C"}
    org.refused("POST", "/users", {"profile": profile, "groupIds": [group, "00gnothing"]})

    assert org("GET", f"/groups/{group}/users") == []
    assert len(org("GET", "/users")) == 1


def nodes(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    yield place
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in entries:
        yield from nodes(entry, (*place, name))


def replaced(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    """A copy of the value with something else at one place."""
    if not place:
        return other
    copy = value.copy()
    copy[place[0]] = replaced(value[place[0]], place[1:], other)
    return copy


@pytest.mark.parametrize("junk", [None, 7, "x", "http://[", "\ud800", [None], {"a": 1}], ids=repr)
def test_no_body_makes_it_stumble(junk: Any) -> None:
    """Whatever stands at any place of a request, the answer is a success or one of Okta's refusals."""
    org = Org()
    app, user = org.app()["id"], org.user()["id"]
    statement = {"type": "EXPRESSION", "name": "e", "values": ["user.email"]}
    endpoints = {"allowMultipleAcsEndpoints": True, "acsEndpoints": [{"url": "https://a.example", "index": 1}]}
    attribute = {"title": "x", "type": "array", "items": {"type": "string"}, "permissions": []}
    for path, body in {
        "users": {"profile": {"login": "b@b.co", "email": "b@b.co", "firstName": "B", "lastName": "C"}},
        f"users/{user}": {"profile": {"title": "Ms", "timezone": "UTC"}, "credentials": {"password": {"value": "x"}}},
        "groups": {"profile": {"name": "G", "description": "D"}},
        "apps": saml(attributeStatements=[statement], **endpoints),
        f"apps/{app}/users": {"id": user, "credentials": {"userName": "x"}},
        "meta/schemas/user/default": {"definitions": {"custom": {"properties": {"x": attribute}}}},
    }.items():
        for place in nodes(body):
            content = json.dumps(replaced(body, place, junk))
            json_type = {"content-type": "application/json"}
            answer = org.call("POST", f"/api/v1/{path}", content=content, headers=json_type)
            assert answer.status_code < 500, f"{path} {place}"
            assert answer.is_success or answer.json()["errorCode"].startswith("E0000")


def test_a_planned_fault_speaks_like_okta() -> None:
    """429 and 5xx that tests ask for have Okta's own bodies."""
    org = Org()
    for status, code in ((429, "E0000047"), (500, "E0000009"), (503, "E0000010")):
        org.call("POST", "/_sandbox/faults", {"kind": "status", "status": status})
        answer = org.call("GET", "/api/v1/groups")
        assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


def test_an_org_shows_the_features_that_it_has() -> None:
    """A Classic org without realms has no access policies and no realm ids."""
    place = Org()
    org.set_features(place.visit, ())

    assert "accessPolicy" not in place.app()["_links"]
    assert "realmId" not in place.user()
    assert place.call("GET", "/.well-known/okta-organization").json()["pipeline"] == "v1"
