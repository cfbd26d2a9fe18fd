"""Whom active group rules of the Okta sandbox put into groups and take out again."""

import pytest

from tests.sandbox.okta_org import Org
from tests.sandbox.okta_rules import SALES, active, members, rule, seller


@pytest.fixture
def org() -> Org:
    return Org()


def excluded(org: Org, key: str) -> list[str]:
    found: list[str] = org("GET", f"/groups/rules/{key}")["conditions"]["people"]["users"]["exclude"]
    return found


def test_a_rule_works_on_everybody_from_its_activation_on(org: Org) -> None:
    """Inactive it does nothing; then it takes whom it finds, a staged one too, and whoever comes or changes later."""
    group, old = org.group()["id"], seller(org, activate="false")
    other = org.user("bo@acme.example")["id"]
    key = org("POST", "/groups/rules", rule(group))["id"]
    assert members(org, group) == []

    org.clock.advance(1)
    org("POST", f"/groups/rules/{key}/lifecycle/activate")
    new = seller(org, "cy@acme.example")
    org("POST", f"/users/{other}", {"profile": {"department": "Sales"}})
    shown = org("GET", f"/groups/rules/{key}")

    assert members(org, group) == [old, new, other]
    assert shown["status"] == "ACTIVE"
    assert shown["lastUpdated"] > shown["created"]
    assert org("GET", f"/groups/{group}")["lastMembershipUpdated"] == shown["lastUpdated"]


def test_who_matches_no_more_leaves_and_comes_back(org: Org) -> None:
    """Only where the rule put him there, and without being excepted for it."""
    group, user = org.group()["id"], seller(org)
    by_hand = org.user("bo@acme.example")["id"]
    org("PUT", f"/groups/{group}/users/{by_hand}")
    key = active(org, group)

    org("POST", f"/users/{user}", {"profile": {"department": "Finance"}})
    assert members(org, group) == [by_hand]
    assert excluded(org, key) == []

    org("POST", f"/users/{user}", {"profile": {"department": "Sales"}})
    assert members(org, group) == [by_hand, user]


def test_a_member_by_hand_who_meets_a_rule_is_managed_by_it(org: Org) -> None:
    """So that he leaves when he meets it no more."""
    group, user = org.group()["id"], seller(org)
    org("PUT", f"/groups/{group}/users/{user}")
    active(org, group)
    org("POST", f"/users/{user}", {"profile": {"department": None}})

    assert members(org, group) == []


def test_an_app_through_the_group_is_for_whom_the_rule_puts_there(org: Org) -> None:
    """With scope GROUP, for as long as he matches."""
    app, group, user = org.app()["id"], org.group()["id"], seller(org)
    org("PUT", f"/apps/{app}/groups/{group}", {})
    active(org, group)
    assert [(each["id"], each["scope"]) for each in org("GET", f"/apps/{app}/users")] == [(user, "GROUP")]

    org("POST", f"/users/{user}", {"profile": {"department": "Finance"}})
    assert org("GET", f"/apps/{app}/users") == []


def test_a_deactivated_rule_leaves_people_where_they_are(org: Org) -> None:
    """Nobody comes, nobody leaves; what has changed since is made up for when it is active again."""
    group, user = org.group()["id"], seller(org)
    key = active(org, group)
    assert org.call("POST", f"/api/v1/groups/rules/{key}/lifecycle/deactivate").status_code == 204
    new = seller(org, "bo@acme.example")
    org("POST", f"/users/{user}", {"profile": {"department": "Finance"}})
    assert members(org, group) == [user]

    org("POST", f"/groups/rules/{key}/lifecycle/activate")
    assert members(org, group) == [new]


def test_another_condition_takes_out_whom_the_former_put_there(org: Org) -> None:
    """As recorded in okta-sdk-python's test_group_rule_operations: in, deactivate, replace, activate, out."""
    group, user = org.group()["id"], seller(org)
    key = active(org, group)
    org("POST", f"/groups/rules/{key}/lifecycle/deactivate")
    replaced = org("PUT", f"/groups/rules/{key}", rule(group, condition='user.lastName=="BLAH"', name="Updated"))
    assert (replaced["status"], replaced["name"], members(org, group)) == ("INACTIVE", "Updated", [user])

    org("POST", f"/groups/rules/{key}/lifecycle/activate")
    assert members(org, group) == []


def test_excluded_people_are_passed_over(org: Org) -> None:
    """From the start, and those whom the rule put there before they were."""
    group, ana, bo = org.group()["id"], seller(org), seller(org, "bo@acme.example")
    key = active(org, group, exclude=(ana,))
    assert members(org, group) == [bo]

    org("POST", f"/groups/rules/{key}/lifecycle/deactivate")
    org("PUT", f"/groups/rules/{key}", rule(group, exclude=(bo,)))
    org("POST", f"/groups/rules/{key}/lifecycle/activate")
    assert members(org, group) == [ana]


def test_who_is_removed_by_hand_is_excluded_by_the_rule(org: Org) -> None:
    """And stays out when his profile changes."""
    group, user = org.group()["id"], seller(org)
    key = active(org, group)
    org("DELETE", f"/groups/{group}/users/{user}")
    org("POST", f"/users/{user}", {"profile": {"city": "Berlin"}})

    assert members(org, group) == []
    assert excluded(org, key) == [user]


def test_deactivated_people_stay_and_do_not_come(org: Org) -> None:
    """A rule passes them over, until they are activated again."""
    group, ana, bo = org.group()["id"], seller(org), seller(org, "bo@acme.example")
    org("POST", f"/users/{bo}/lifecycle/deactivate")
    active(org, group)
    org("POST", f"/users/{ana}/lifecycle/deactivate")
    assert members(org, group) == [ana]

    org("POST", f"/users/{bo}/lifecycle/activate")
    assert members(org, group) == [ana, bo]


def test_a_status_may_be_a_condition(org: Org) -> None:
    """By `getInternalProperty`; a suspended user comes back out and in."""
    group = org.group()["id"]
    user = seller(org, body={"credentials": {"password": {"value": "Abcd1234"}}})
    active(org, group, condition='user.getInternalProperty("status") != "SUSPENDED" AND ' + SALES)
    assert members(org, group) == [user]
    org("POST", f"/users/{user}/lifecycle/suspend")
    assert members(org, group) == []
    org("POST", f"/users/{user}/lifecycle/unsuspend")
    assert members(org, group) == [user]


@pytest.mark.parametrize(("remove", "stay"), [("true", False), ("false", True)])
def test_removing_a_rule_takes_its_people_along_if_asked(org: Org, remove: str, stay: bool) -> None:
    """Else they stay, and no rule manages them; a member through two rules stays through the other."""
    group, user = org.group()["id"], seller(org)
    both = org.user("bo@acme.example", profile={"department": "Sales", "city": "Berlin"})["id"]
    key = active(org, group)
    active(org, group, condition='user.city=="Berlin"', name="Berlin")
    org("POST", f"/groups/rules/{key}/lifecycle/deactivate")
    answer = org.call("DELETE", f"/api/v1/groups/rules/{key}?removeUsers={remove}")

    assert (answer.status_code, answer.json()) == (202, {})
    assert members(org, group) == ([user, both] if stay else [both])
    org("POST", f"/users/{user}", {"profile": {"department": "Finance"}})
    assert members(org, group) == ([user, both] if stay else [both])


def test_a_rule_may_lean_on_a_group_that_another_fills(org: Org) -> None:
    """Whatever order they were made in, and back again."""
    coast, california = org.group("West Coast")["id"], org.group("California")["id"]
    active(org, coast, condition='isMemberOfGroupName("California")', name="1")
    active(
        org, california, condition=f'isMemberOfAnyGroup("00gX", "{coast}") OR user.city == "San Francisco"', name="2"
    )
    user = org.user(profile={"city": "San Francisco"})["id"]
    assert members(org, coast) == members(org, california) == [user]
    gone = org.user("bo@acme.example", profile={"city": "Rome"})["id"]
    org("PUT", f"/groups/{california}/users/{gone}")
    assert members(org, coast) == [user, gone]


def test_a_deleted_group_takes_its_members_out_of_what_leaned_on_it(org: Org) -> None:
    """Losing a membership is a change of memberships like any other."""
    coast, california, user = org.group("West Coast")["id"], org.group("California")["id"], org.user()["id"]
    active(org, coast, condition='isMemberOfGroupName("California")')
    org("PUT", f"/groups/{california}/users/{user}")
    assert members(org, coast) == [user]
    org("DELETE", f"/groups/{california}")
    assert members(org, coast) == []


def test_for_whom_the_condition_cannot_be_told_nothing_changes(org: Org) -> None:
    """No document says what a null gives in a function; so neither in nor out."""
    group, user = org.group()["id"], seller(org)
    active(org, group, condition='String.startsWith(user.department, "Sal")')
    org.user("bo@acme.example")
    assert members(org, group) == [user]
    org("POST", f"/users/{user}", {"profile": {"department": None}})
    assert members(org, group) == [user]
