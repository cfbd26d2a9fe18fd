"""The group whose members may sign in to Flex. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from provisioner.core import ownership
from provisioner.core.ownership import OWNER, Mark
from provisioner.core.resource import Found, Resource

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

KIND = "group"


def wanted(plan: OktaPlan, *, adopt: bool) -> Resource:
    """The group. A group that others made is used as it is; only `adopt` puts our mark on it."""
    return Resource(KIND, plan.assign.group, {"name": plan.assign.group, **({OWNER: plan.name} if adopt else {})})


def found(plan: OktaPlan, group: Json) -> Found:
    """The group as Okta holds it, under the plan's name for it: it may have been renamed.

    Without a mark it needs none: people may be added to it, never removed.
    """
    owner = _owner(group)
    return Found(KIND, plan.assign.group, {"name": group["profile"]["name"], OWNER: owner}, group["id"], owner)


def choose(name: str, groups: Iterable[Json]) -> Json | None:
    """The group with exactly this name: Okta's `q` finds every name that begins like it."""
    return next((g for g in groups if g["profile"]["name"] == name and g["type"] == "OKTA_GROUP"), None)


def renamed(plan: OktaPlan, groups: Iterable[Json]) -> Json | None:
    """The one group with the plan's mark, whatever its name; None where there are several."""
    ours = [each for each in groups if each["type"] == "OKTA_GROUP" and _owner(each) == plan.name]
    return ours[0] if len(ours) == 1 else None


def body(plan: OktaPlan) -> Json:
    """What `POST /groups` takes."""
    return {"profile": {"name": plan.assign.group, "description": str(Mark(plan.name))}}


def replacement(plan: OktaPlan, group: Json) -> Json:
    """What `PUT /groups/{id}` takes: the profile under the plan's name, with our mark at the end of the description."""
    profile = {key: value for key, value in group["profile"].items() if value is not None}
    description = ownership.write(profile.get("description"), Mark(plan.name))
    return {"profile": {**profile, "name": plan.assign.group, "description": description}}


def _owner(group: Json) -> str | None:
    mark = ownership.read(group["profile"].get("description"))
    return mark.plan if mark else None
