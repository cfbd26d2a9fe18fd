"""A person's membership of the group. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from provisioner.adapters.okta import user
from provisioner.core.resource import Found, Resource, Value

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

KIND = "membership"
# Stands for all members whom the plan does not name and does not remove; seen and reported.
OTHERS = "other_members"


def wanted(plan: OktaPlan, key: str) -> Resource:
    """The membership of the person with this key; whoever is created is created as a member."""
    return Resource(KIND, key, _of(plan.assign.group), comes_with=f"{user.KIND}:{key}")


def found(plan: OktaPlan, person: Found) -> Found:
    """The membership of somebody whom Okta lists in the group."""
    return Found(KIND, person.key, _of(plan.assign.group), native=person.native)


def others(group: str, count: int) -> Found:
    """So many members of this group whom the plan does not name."""
    return Found(OTHERS, group, native=count)


@cache
def _of(group: str) -> Mapping[str, Value]:
    """The fields of every membership of this group: one mapping, where a hundred thousand would weigh 20 MB."""
    return {"group": group}
