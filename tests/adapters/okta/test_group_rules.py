"""Rules that put people into the plan's group, and an org that does not let us see them."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.adapters.okta import PROVIDER
from provisioner.core.finding import Finding
from provisioner.errors import VendorError
from tests.adapters.okta.scripted import Org, a_group, a_plan, connected, refusal
from tests.virtual_time import run


def told(answer: Any) -> list[Finding]:
    """What nobody manages, where the list of rules is answered so."""
    plan = a_plan()
    org = Org(
        {"GET /api/v1/groups": [a_group("managed by provisioner, plan acme-okta")], "GET /api/v1/groups/rules": answer}
    )

    async def main() -> list[Finding]:
        async with connected(org, plan) as connection:
            desired = PROVIDER.desired(plan)
            observed = await connection.observe(desired)
            await connection.look_around(observed)
            return list(PROVIDER.unmanaged(plan, desired, observed))

    return run(main())


def rule(status: str = "ACTIVE", **actions: Any) -> dict[str, Any]:
    return {"id": "0pr1", "name": "Sales", "status": status, "actions": actions}


@pytest.mark.parametrize(
    ("actions", "codes"),
    [
        ({"assignUserToGroups": {"groupIds": ["00g9", "00g1"]}}, ["FLEX218"]),
        ({"assignUserToGroups": {"groupIds": ["00g9"]}}, []),
        ({}, []),
    ],
)
def test_only_rules_for_the_plans_group_are_told(actions: Any, codes: list[str]) -> None:
    """Others fill other groups."""
    assert [finding.code for finding in told([rule(**actions)])] == codes


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("ACTIVE", "The group rule Sales is active: it puts people into the group, and so lets them in."),
        (
            "INACTIVE",
            "The group rule Sales is not active: once it is, it puts people into the group, and so lets them in.",
        ),
        (
            "INVALID",
            "The group rule Sales is not active: once it is, it puts people into the group, and so lets them in.",
        ),
    ],
)
def test_whether_a_rule_lets_people_in_now_is_said(status: str, message: str) -> None:
    """One that is invalid, because something that it names is gone, does nothing either."""
    (finding,) = told([rule(status, assignUserToGroups={"groupIds": ["00g1"]})])

    assert (finding.code, finding.path, finding.message) == ("FLEX218", "group_rule:Sales", message)


def test_that_rules_may_not_be_read_is_told() -> None:
    """The check goes on: an administrator of groups need not see rules."""
    assert [finding.code for finding in told(refusal(403, "E0000006"))] == ["FLEX219"]


def test_an_outage_is_no_answer() -> None:
    """Then nothing is known, and the check fails."""
    with pytest.raises(VendorError):
        told(refusal(400, "E0000001"))
