"""Who may use an app in the Okta sandbox, by himself or through a group."""

from typing import Any

import pytest

from tests.sandbox.okta_org import Org


@pytest.fixture
def org() -> Org:
    return Org()


def users_of(org: Org, app: str) -> dict[str, str]:
    """Scope by user name."""
    return {each["credentials"]["userName"]: each["scope"] for each in org("GET", f"/apps/{app}/users")}


def test_a_group_gives_its_app_to_members_old_and_new(org: Org) -> None:
    """Assignment, joining and leaving all take effect at once, with scope GROUP."""
    app, group = org.app()["id"], org.group()["id"]
    ana = org.user(body={"groupIds": [group]})["id"]
    org("PUT", f"/apps/{app}/groups/{group}", {})
    org.user("bo@acme.example", body={"groupIds": [group]})
    assert users_of(org, app) == {"ana@acme.example": "GROUP", "bo@acme.example": "GROUP"}

    org("DELETE", f"/groups/{group}/users/{ana}")
    assert users_of(org, app) == {"bo@acme.example": "GROUP"}

    org("DELETE", f"/apps/{app}/groups/{group}")
    assert users_of(org, app) == {}


def test_an_assignment_of_ones_own_outlives_the_group(org: Org) -> None:
    """A user assigned by hand keeps the app when the group goes; one of two groups is enough as well."""
    app, one, two = org.app()["id"], org.group("One")["id"], org.group("Two")["id"]
    ana = org.user(body={"groupIds": [one, two]})["id"]
    org.user("bo@acme.example", body={"groupIds": [one]})
    for group in (one, two):
        org("PUT", f"/apps/{app}/groups/{group}", {})
    org("POST", f"/apps/{app}/users", {"id": org("GET", "/users/bo@acme.example")["id"]})
    org("DELETE", f"/groups/{one}")
    assert users_of(org, app) == {"ana@acme.example": "GROUP", "bo@acme.example": "USER"}

    org("DELETE", f"/groups/{two}")

    assert users_of(org, app) == {"bo@acme.example": "USER"}
    assert org.refused("GET", f"/apps/{app}/users/{ana}")[:2] == (404, "E0000007")


def test_an_assignment_that_a_group_gives_as_well_cannot_be_taken_away(org: Org) -> None:
    """Whoever is in an assigned group keeps the app, also one who was assigned by hand."""
    app, group = org.app()["id"], org.group()["id"]
    ana = org.user(body={"groupIds": [group]})["id"]
    org("PUT", f"/apps/{app}/groups/{group}", {})
    org("POST", f"/apps/{app}/users", {"id": ana})

    assert org.refused("DELETE", f"/apps/{app}/users/{ana}") == (
        403,
        "E0000046",
        ["The application cannot be unassigned from the user while their group memberships grant them access"],
    )
    assert users_of(org, app) == {"ana@acme.example": "USER"}


def test_a_deactivated_user_loses_apps_and_gets_none(org: Org) -> None:
    """Deactivation ends assignments, activation brings back those of groups, and none can be made in between."""
    app, group = org.app()["id"], org.group()["id"]
    ana = org.user(body={"groupIds": [group]})["id"]
    org("PUT", f"/apps/{app}/groups/{group}", {})
    org("POST", f"/users/{ana}/lifecycle/deactivate")
    assert users_of(org, app) == {}
    assert org.refused("POST", f"/apps/{app}/users", {"id": ana})[:2] == (403, "E0000117")

    org("POST", f"/users/{ana}/lifecycle/activate")

    assert users_of(org, app) == {"ana@acme.example": "GROUP"}


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("${source.login}", "ana@acme.example"),
        ("${source.email}", "ana@mail.example"),
        ('${fn:substringBefore(source.login, "@")}', "ana"),
        ("user.firstName", "Ana"),
    ],
)
def test_the_user_name_follows_the_apps_template(org: Org, template: str, name: str) -> None:
    """The name comes from the profile, and changes with it; one given by hand stays."""
    body = org.app()
    body["credentials"]["userNameTemplate"] = {"template": template, "type": "CUSTOM"}
    app = org("PUT", f"/apps/{body['id']}", body)["id"]
    ana = org.user(profile={"email": "ana@mail.example"})["id"]
    assert org("POST", f"/apps/{app}/users", {"id": ana})["credentials"]["userName"] == name

    org("POST", f"/users/{ana}", {"profile": {"login": "a@b.co", "email": "a@b.co", "firstName": "A"}})
    (changed,) = users_of(org, app)
    assert changed in {"a@b.co", "a", "A"}

    org("POST", f"/apps/{app}/users/{ana}", {"credentials": {"userName": "mine"}})
    org("POST", f"/users/{ana}", {"profile": {"firstName": "Z"}})
    assert list(users_of(org, app)) == ["mine"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "E0000001"),
        ({"id": "00unobody"}, 404, "E0000007"),
        ({"id": "ANA", "profile": {"roles": "agent"}}, 400, "E0000001"),
        ({"id": "ANA", "scope": "ALL"}, 400, "E0000003"),
        ({"id": "ANA", "scope": "GROUP"}, 400, "E0000001"),
    ],
)
def test_an_assignment_needs_a_user_and_a_profile_that_the_app_has(
    org: Org, body: dict[str, Any], status: int, code: str
) -> None:
    """What cannot be assigned is refused with the vendor's codes."""
    app, ana = org.app()["id"], org.user()["id"]
    body = {name: ana if value == "ANA" else value for name, value in body.items()}

    assert org.refused("POST", f"/apps/{app}/users", body)[:2] == (status, code)


def test_group_priorities_are_counted_or_given(org: Org) -> None:
    """Without a priority the next number is taken; a repeated assignment keeps it."""
    app = org.app()["id"]
    first, second, third = (org.group(name)["id"] for name in "abc")

    assert org("PUT", f"/apps/{app}/groups/{first}", {})["priority"] == 0
    assert org("PUT", f"/apps/{app}/groups/{second}", {})["priority"] == 1
    assert org("PUT", f"/apps/{app}/groups/{third}", {"priority": 7})["priority"] == 7
    assert org("PUT", f"/apps/{app}/groups/{third}", {})["priority"] == 7
    assert org.refused("PUT", f"/apps/{app}/groups/{third}", {"priority": "high"})[:2] == (400, "E0000003")


def test_an_inactive_app_knows_no_groups(org: Org) -> None:
    """The group endpoints of an inactive app answer that there is no such app."""
    app, group = org.app()["id"], org.group()["id"]
    org("POST", f"/apps/{app}/lifecycle/deactivate")
    answer = org.call("PUT", f"/api/v1/apps/{app}/groups/{group}", {})

    assert answer.status_code == 404
    assert answer.json()["errorSummary"] == f"Not found: Resource not found: {app} (AppInstance)"


def test_a_user_of_an_app_can_come_with_the_whole_user(org: Org) -> None:
    """`expand=user` embeds the user; a group shows the apps it gives."""
    app, group = org.app()["id"], org.group()["id"]
    org.user(body={"groupIds": [group]})
    org("PUT", f"/apps/{app}/groups/{group}", {})
    (held,) = org("GET", f"/apps/{app}/users", expand="user")

    assert held["_embedded"]["user"]["profile"]["login"] == "ana@acme.example"
    assert held["_links"]["group"]["href"].endswith(group)
    assert [each["id"] for each in org("GET", f"/groups/{group}/apps")] == [app]
