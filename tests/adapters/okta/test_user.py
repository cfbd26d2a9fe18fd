"""People: from plan to Okta's JSON and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters.okta import user
from provisioner.core.diff import differing
from provisioner.flex.roles import ROLES
from tests.adapters.okta.scripted import a_person, a_plan, a_user

roles = st.sets(st.sampled_from(sorted(ROLES)), min_size=1).map(lambda names: tuple(sorted(names)))
text = st.none() | st.text(min_size=1, max_size=5)


@given(roles, text, st.dictionaries(st.sampled_from(["profile.title", "profile.city"]), text), st.booleans())
def test_whoever_was_created_has_no_difference(
    names: tuple[str, ...], email: str | None, profile: dict[str, Any], as_list: bool
) -> None:
    """Whatever a plan says of a person, reading back the body that creates them shows no difference."""
    person = a_person("Ana@Acme.example", *names, email=email, **profile)
    plan = a_plan(person)
    wanted = user.wanted(plan, person)
    body = user.body(plan, person.identity, wanted, as_list=as_list, group_id="00g1")
    there = {"id": "00u1", "status": "PROVISIONED", "profile": body["profile"]}

    found = user.found(plan, user.named_by(plan.people), there)

    assert found.address == wanted.address
    assert differing(wanted, found) == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("supervisor,agent", ("agent", "supervisor")),
        ("agent, admin", (" admin", "agent")),
        ("Admin", ("Admin",)),
        (["admin", "agent"], ("admin", "agent")),
        ("agent,supervisor,", ("agent", "supervisor")),
        (["agent", ""], ("agent",)),
        (", ", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_roles_are_read_as_flex_gets_them(value: Any, expected: tuple[str, ...]) -> None:
    """The order of roles means nothing, and no more does an empty part; a space or a capital letter is a difference."""
    assert user.found(a_plan(), (), a_user("ana@acme.example", value)).fields["roles"] == expected


def test_roles_are_written_without_spaces() -> None:
    """One text, comma-separated, or a list where the attribute holds lists."""
    wanted = user.wanted(a_plan(), a_person("ana@acme.example", "admin", "agent"))

    assert user.attributes(a_plan(), {"roles": wanted.fields["roles"]}, as_list=False) == {"userType": "admin,agent"}
    assert user.attributes(a_plan(), {"roles": wanted.fields["roles"]}, as_list=True) == {
        "userType": ["admin", "agent"]
    }


def test_an_existing_person_is_taken_for_the_roles_alone() -> None:
    """Attributes that the plan does not name for somebody are not compared; with `create: false` none is."""
    named = a_person("ana@acme.example", email="ana@new.example")

    assert set(user.wanted(a_plan(), a_person("bo@acme.example", first_name=None)).fields) == {"roles", "last_name"}
    assert set(user.wanted(a_plan(), named).fields) == {"roles", "email", "first_name", "last_name"}
    assert set(user.wanted(a_plan(users={"create": False}), named).fields) == {"roles"}


def test_nobody_is_created_without_a_name_or_against_the_plan() -> None:
    """Who cannot be created must exist, for a reason that the refusal tells."""
    nameless = a_person("bo@acme.example", last_name=None)

    assert "first_name and last_name" in user.wanted(a_plan(), nameless).must_exist
    assert "users.create" in user.wanted(a_plan(users={"create": False}), a_person("ana@acme.example")).must_exist
    assert user.wanted(a_plan(), a_person("ana@acme.example")).must_exist == ""
