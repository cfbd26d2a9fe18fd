"""What a check of drift says that agents notice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters.okta import PROVIDER, membership, user
from provisioner.adapters.okta.plan import OktaPlan, Statement
from provisioner.core.change import Change, Delete, Update
from provisioner.core.diff import differing
from provisioner.core.drift import Difference
from provisioner.flex.roles import FLEX_ROLES, ROLES
from provisioner.flex.sign_on import judge
from provisioner.flex.worker import split_roles
from tests.adapters.okta.scripted import a_person, a_plan, a_user


def noticed(plan: OktaPlan, change: Change) -> str:
    return PROVIDER.notice(plan, Difference(change, change.fields, "drifted"))


@pytest.mark.parametrize(
    ("status", "comes_of_it"),
    [
        ("ACTIVE", "."),
        ("PASSWORD_EXPIRED", "."),
        ("STAGED", "; nothing comes of it while the account is not activated."),
        ("LOCKED_OUT", "; nothing comes of it while the account is locked after too many wrong passwords."),
        ("SUSPENDED", "; nothing comes of it while the account is suspended."),
        ("DEPROVISIONED", "; nothing comes of it while the account is deactivated."),
    ],
)
def test_somebody_whom_the_plan_does_not_name(status: str, comes_of_it: str) -> None:
    """What is said holds also where nobody can sign in at all, and tells of an account that cannot."""
    plan = a_plan()
    person = user.found(plan, (), a_user("eve@acme.example", status=status))
    said = f"The plan does not name this person, who is in the group whose members are to sign in to Flex{comes_of_it}"

    assert noticed(plan, Delete(membership.found(plan, person))) == said
    assert noticed(plan, Delete(person)) == said


def of_roles(value: Any, statement: dict[str, Any] | None = None) -> str:
    """What agents notice of these roles of somebody who is an agent and a supervisor in the plan."""
    plan = a_plan(a_person("ana@acme.example", "agent", "supervisor"))
    if statement:
        plan.application.attribute_statements["roles"] = Statement.model_validate(statement)
    wanted = user.wanted(plan, plan.people[0])
    found = user.found(plan, (), a_user("ana@acme.example", value))
    return noticed(plan, Update(wanted, found, differing(wanted, found)))


@pytest.mark.parametrize(
    ("statement", "value", "beginning"),
    [
        ({"value": "Arrays.flatten(user.userType)"}, "agent,supervisor,agent", "Agents notice nothing"),
        ({"value": "String.toLowerCase(user.userType)"}, "Agent,Supervisor", "Agents notice nothing"),
        ({"value": "user.userType"}, ["supervisor", "agent,agent"], "Agents notice nothing"),
        ({"value": "user.userType"}, [" agent", "Supervisor"], "This person cannot sign in to Flex: none of these"),
        ({"value": "user.userType"}, "", "This person cannot sign in to Flex: there are no roles."),
        ({"value": 'user.userType + "," + user.title'}, "agent", "This person may have other rights in Flex"),
        ({"value": "user.title"}, "agent", "This person may have other rights in Flex"),
        ({"group": {"starts_with": "Team "}}, "agent", "This person may have other rights in Flex"),
    ],
)
def test_roles_are_what_the_claim_makes_of_them(statement: dict[str, Any], value: Any, beginning: str) -> None:
    """Where the claim hangs on anything but the attribute that holds them, nobody knows here what Flex gets."""
    assert of_roles(value, statement).startswith(beginning)


@given(
    st.lists(
        st.sampled_from(["agent", "supervisor", "admin", "Admin", "boss", "wfo.team_leader", "", " "]), max_size=4
    ),
    st.sampled_from([",", ", ", " ,", ";"]),
)
def test_what_is_said_of_roles_agrees_with_verify(parts: list[str], separator: str) -> None:
    """Who is said to notice nothing gets the same roles; who is said to be locked out has an error there."""
    text = separator.join(parts)
    said = of_roles(text)
    claims = {"roles": [text], "email": ["ana@acme.example"], "full_name": ["Ana"]}
    errors = {each.code for each in judge("ana", claims) if each.severity == "error"}
    roles = set(split_roles([text])) & ROLES

    assert (said == "" or "notice nothing" in said) == (roles == {"agent", "supervisor"})
    assert ("cannot" in said) == roles.isdisjoint(FLEX_ROLES)
    assert errors or "cannot" not in said
