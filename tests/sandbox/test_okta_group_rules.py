"""Group rules of the Okta sandbox as objects: their life, and what is refused. What they do is tested elsewhere."""

import pytest

from tests.sandbox.okta_org import Org
from tests.sandbox.okta_rules import active, members, rule, seller


@pytest.fixture
def org() -> Org:
    return Org()


def test_a_rule_without_one_of_its_groups_is_invalid(org: Org) -> None:
    """It does nothing any more, and can only be read and removed."""
    lost, kept = org.group("A")["id"], org.group("B")["id"]
    key = active(org, lost, kept)
    org("DELETE", f"/groups/{lost}")
    seller(org)
    shown = org("GET", f"/groups/rules/{key}")

    assert (shown["status"], shown["allGroupsValid"]) == ("INVALID", False)
    assert members(org, kept) == []
    for step in ("activate", "deactivate"):
        assert org.refused("POST", f"/groups/rules/{key}/lifecycle/{step}")[:2] == (403, "E0000107")
    assert org("DELETE", f"/groups/rules/{key}") == {}


def test_an_active_rule_is_neither_changed_nor_removed_nor_activated(org: Org) -> None:
    """E0000107, and nothing happens; nor is an inactive one deactivated, and an unknown one is not there."""
    group = org.group()["id"]
    key = active(org, group)
    home = f"/groups/rules/{key}"

    assert org.refused("PUT", home, rule(group, name="Other"))[:2] == (403, "E0000107")
    assert org.refused("DELETE", home)[:2] == (403, "E0000107")
    assert org.refused("POST", f"{home}/lifecycle/activate")[:2] == (403, "E0000107")
    assert org("GET", home)["name"] == "Sales"
    org("POST", f"{home}/lifecycle/deactivate")
    assert org.refused("POST", f"{home}/lifecycle/deactivate")[:2] == (403, "E0000107")
    assert org.refused("POST", "/groups/rules/0prX/lifecycle/activate")[:2] == (404, "E0000007")


def test_groups_and_status_are_not_replaced(org: Org) -> None:
    """What a read gave may be sent back; another group or status may not."""
    group, other = org.group()["id"], org.group("Other")["id"]
    made = org("POST", "/groups/rules", rule(group))
    home = f"/groups/rules/{made['id']}"

    assert org("PUT", home, made) == made
    assert org.refused("PUT", home, rule(other))[:2] == (400, "E0000001")
    assert org.refused("PUT", home, made | {"status": "ACTIVE"})[:2] == (400, "E0000001")


@pytest.mark.parametrize(
    ("condition", "cause"),
    [
        ("user.city ==", "Invalid expression: it ends too early"),
        (
            'Convert.toInt(user.city) == 1 AND Time.now() == ""',
            "Function Convert.toInt is not supported in group rules",
        ),
        ("user.flexRole == 'admin'", "Invalid property user.flexRole"),
        ("source.city == 'Berlin'", "Invalid property source.city"),
        ("appuser.roles == 'user.city'", "Invalid property appuser.roles"),
    ],
)
def test_what_cannot_be_a_condition_is_refused(org: Org, condition: str, cause: str) -> None:
    """When the rule is made, with E0000001; an attribute of the org's own is one like any other."""
    group = org.group()["id"]
    status, code, causes = org.refused("POST", "/groups/rules", rule(group, condition=condition))

    assert (status, code, causes[0]) == (400, "E0000001", cause)
    custom = {"flexRole": {"title": "Role", "type": "string"}}
    org("POST", "/meta/schemas/user/default", {"definitions": {"custom": {"properties": custom}}})
    active(org, group, condition="user.flexRole == 'admin'")


def test_a_function_that_is_not_played_keeps_a_rule_inactive(org: Org) -> None:
    """The vendor has it, so the rule may be made; a rule that did nothing would be a lie."""
    group = org.group()["id"]
    key = org("POST", "/groups/rules", rule(group, condition='isMemberOfGroupNameRegex("a.*")'))["id"]

    assert org.refused("POST", f"/groups/rules/{key}/lifecycle/activate") == (
        501,
        "E0000060",
        ["This sandbox does not play isMemberOfGroupNameRegex in group rules."],
    )


def test_no_more_than_a_hundred_groups_and_exceptions(org: Org) -> None:
    """The vendor's limits of one rule."""
    group = org.group()["id"]

    assert org.refused("POST", "/groups/rules", rule(*[group] * 101))[:2] == (400, "E0000001")
    many = tuple(f"00u{number}" for number in range(101))
    assert org.refused("POST", "/groups/rules", rule(group, exclude=many))[:2] == (400, "E0000001")
