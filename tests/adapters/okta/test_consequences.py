"""What a check of drift says that agents notice."""

from __future__ import annotations

import pytest

from provisioner.adapters.okta import PROVIDER, membership, user
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.change import Change, Delete
from provisioner.core.drift import Difference
from tests.adapters.okta.scripted import a_plan, a_user


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
