"""Rules that put people into the plan's group, and an org that does not let us see them."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.adapters.okta import PROVIDER
from provisioner.errors import VendorError
from tests.adapters.okta.scripted import Org, a_group, a_plan, connected, refusal
from tests.virtual_time import run


def told(answer: Any) -> list[str]:
    """The codes of what nobody manages, where the list of rules is answered so."""
    plan = a_plan()
    org = Org(
        {"GET /api/v1/groups": [a_group("managed by provisioner, plan acme-okta")], "GET /api/v1/groups/rules": answer}
    )

    async def main() -> list[str]:
        async with connected(org, plan) as connection:
            desired = PROVIDER.desired(plan)
            observed = await connection.observe(desired)
            await connection.look_around(observed)
            return [finding.code for finding in PROVIDER.unmanaged(plan, desired, observed)]

    return run(main())


def rule(**actions: Any) -> dict[str, Any]:
    return {"id": "0pr1", "name": "Sales", "status": "ACTIVE", "actions": actions}


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
    assert told([rule(**actions)]) == codes


def test_that_rules_may_not_be_read_is_told() -> None:
    """The check goes on: an administrator of groups need not see rules."""
    assert told(refusal(403, "E0000006")) == ["FLEX219"]


def test_an_outage_is_no_answer() -> None:
    """Then nothing is known, and the check fails."""
    with pytest.raises(VendorError):
        told(refusal(400, "E0000001"))
