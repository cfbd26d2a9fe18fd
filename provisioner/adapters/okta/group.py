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
    return Resource(KIND, plan.assign.group, {OWNER: plan.name} if adopt else {})


def found(group: Json) -> Found:
    """The group as Okta holds it. Without a mark it needs none: people may be added to it, never removed."""
    profile = group["profile"]
    mark = ownership.read(profile.get("description"))
    owner = mark.plan if mark else None
    return Found(KIND, profile["name"], {OWNER: owner}, native=group["id"], owner=owner)


def choose(name: str, groups: Iterable[Json]) -> Json | None:
    """The group with exactly this name: Okta's `q` finds every name that begins like it."""
    return next((g for g in groups if g["profile"]["name"] == name and g["type"] == "OKTA_GROUP"), None)


def body(plan: OktaPlan) -> Json:
    """What `POST /groups` takes."""
    return {"profile": {"name": plan.assign.group, "description": str(Mark(plan.name))}}


def replacement(plan: OktaPlan, group: Json) -> Json:
    """What `PUT /groups/{id}` takes: the profile as it is, with our mark at the end of the description."""
    profile = {key: value for key, value in group["profile"].items() if value is not None}
    return {"profile": {**profile, "description": ownership.write(profile.get("description"), Mark(plan.name))}}
