"""Groups, members and what a group gives, in the Okta sandbox."""

import pytest

from tests.sandbox.okta_org import Org


@pytest.fixture
def org() -> Org:
    return Org()


def test_a_group_name_is_needed_and_unique(org: Org) -> None:
    """E0000001 names the name; another case is another name."""
    org.group("Agents")
    org.group("AGENTS")

    assert org.refused("POST", "/groups", {"profile": {}})[2] == ["name: The field cannot be left blank"]
    assert org.refused("POST", "/groups", {"profile": {"name": "Agents"}})[2] == [
        "name: An object with this field already exists in the current organization"
    ]
    assert org.refused("POST", "/groups", {"profile": {"name": "X", "colour": "red"}})[:2] == (400, "E0000001")


def test_everybody_is_in_the_built_in_group_which_nobody_can_change(org: Org) -> None:
    """Everyone has each user as a member, and refuses every change."""
    user = org.user()
    (everyone,) = org("GET", "/groups", q="Every")
    home = f"/groups/{everyone['id']}"

    assert user["id"] in [member["id"] for member in org("GET", f"{home}/users")]
    assert org.refused("PUT", home, {"profile": {"name": "All"}})[:2] == (403, "E0000111")
    assert org.refused("DELETE", home)[:2] == (403, "E0000111")
    assert org.refused("PUT", f"{home}/users/{user['id']}")[:2] == (501, "E0000060")
    assert org.refused("DELETE", f"{home}/users/{user['id']}")[:2] == (403, "E0000006")


def test_membership_is_kept_once_and_dated(org: Org) -> None:
    """Adding twice is adding once; the group says when its members changed last."""
    group, user = org.group()["id"], org.user()["id"]
    org.clock.advance(60)
    org("PUT", f"/groups/{group}/users/{user}")
    changed = org("GET", f"/groups/{group}")
    org.clock.advance(60)
    org("PUT", f"/groups/{group}/users/{user}")

    assert org("GET", f"/groups/{group}") == changed
    assert changed["lastMembershipUpdated"] > changed["lastUpdated"]
    assert len(org("GET", f"/groups/{group}/users")) == 1


def test_a_user_is_created_into_groups(org: Org) -> None:
    """`groupIds` makes a member at once; an unknown group, a built-in one, or more than twenty make no user."""
    group, everyone = org.group()["id"], org("GET", "/groups", q="Everyone")[0]["id"]
    org.user(body={"groupIds": [group]})
    profile = {"login": "b@acme.example", "email": "b@acme.example", "firstName": "B", "lastName": "C"}

    assert len(org("GET", f"/groups/{group}/users")) == 1
    assert org.refused("POST", "/users", {"profile": profile, "groupIds": ["00gnothing"]})[0] == 404
    assert org.refused("POST", "/users", {"profile": profile, "groupIds": [group] * 21})[:2] == (400, "E0000001")
    assert org.refused("POST", "/users", {"profile": profile, "groupIds": [everyone]})[:2] == (501, "E0000060")
    assert org.refused("GET", "/users/b@acme.example")[0] == 404


def test_a_deactivated_user_stays_a_member_and_cannot_become_one(org: Org) -> None:
    """Deactivation takes apps, not memberships; removing still works."""
    group, other, user = org.group()["id"], org.group("Other")["id"], org.user()["id"]
    org("PUT", f"/groups/{group}/users/{user}")
    org("DELETE", f"/users/{user}")

    assert [member["status"] for member in org("GET", f"/groups/{group}/users")] == ["DEPROVISIONED"]
    assert org.refused("PUT", f"/groups/{other}/users/{user}")[:2] == (403, "E0000038")
    org("DELETE", f"/groups/{group}/users/{user}")
    assert org("GET", f"/groups/{group}/users") == []


def test_a_member_is_named_by_id_alone(org: Org) -> None:
    """A login is no id here; an unknown group is named with the vendor's word."""
    group = org.group()["id"]
    org.user()

    assert org.refused("PUT", f"/groups/{group}/users/ana@acme.example")[:2] == (404, "E0000007")
    answer = org.call("GET", "/api/v1/groups/00gnothing")
    assert answer.json()["errorSummary"] == "Not found: Resource not found: 00gnothing (UserGroup)"


def test_groups_are_found_by_name_filter_and_search(org: Org) -> None:
    """`q` is the start of the name, `filter` knows types, `search` knows the profile, each with few operators."""
    org.group("Flex Agents")
    org.group("Flexible")
    org.clock.advance(5)

    def names(**query: str) -> set[str]:
        return {group["profile"]["name"] for group in org("GET", "/groups", **query)}

    assert names(q="flex a") == {"Flex Agents"}
    assert names(filter='type eq "BUILT_IN"') == {"Everyone"}
    assert names(search='profile.name sw "flex" and type eq "OKTA_GROUP"') == {"Flex Agents", "Flexible"}
    assert names(search='profile.name co "agent"') == {"Flex Agents"}
    for query in ({"filter": 'profile.name eq "x"'}, {"search": 'type co "x"'}, {"search": "profile.name eq x y"}):
        assert org.refused("GET", "/groups", **query)[:2] == (400, "E0000031")
