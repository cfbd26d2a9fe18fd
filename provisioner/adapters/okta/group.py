"""The group whose members may sign in to Flex. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.core import ownership
from provisioner.core.ownership import OWNER, Mark
from provisioner.core.resource import Found, Resource
from provisioner.errors import Refusal, Refused, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

KIND = "group"
# The address of what is said of a group without a mark: whoever accepts it does not accept changes of the group.
UNMARKED = "unmarked_group"


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


def is_ours(plan: OktaPlan, group: Json) -> bool:
    """Whether the group carries the plan's mark."""
    return group["type"] == "OKTA_GROUP" and _owner(group) == plan.name


def ours(plan: OktaPlan, named: Json | None, let_in: Iterable[Json]) -> Json | None:
    """The plan's group: the one with its mark, whatever its name, else the one that is `named` so.

    Somebody may have renamed it and called another one so. Raises `Refused` where two carry the mark.
    """
    known = {each["id"]: each for each in (named, *let_in) if each}
    marked = [each for each in known.values() if is_ours(plan, each)]
    if len(marked) > 1:
        raise Refused((_twins(plan, marked),))
    return marked[0] if marked else named


def _twins(plan: OktaPlan, groups: Sequence[Json]) -> Refusal:
    each = ", ".join(f"{group['id']} ({group['profile']['name']})" for group in groups)
    message = (
        f"{len(groups)} groups in Okta carry the mark of this plan: {each}; delete all but one, or take the line that"
        f" begins with `{Mark(plan.name)}` out of the description of the others"
    )
    return Refusal("twins", message, (f"{KIND}:{plan.assign.group}",))


def body(plan: OktaPlan) -> Json:
    """What `POST /groups` takes."""
    return {"profile": {"name": plan.assign.group, "description": str(Mark(plan.name))}}


def replacement(plan: OktaPlan, group: Json) -> Json:
    """What `PUT /groups/{id}` takes: the profile under the plan's name, with our mark at the end of the description."""
    profile = {key: value for key, value in group["profile"].items() if value is not None}
    description = ownership.write(profile.get("description"), Mark(plan.name))
    return {"profile": {**profile, "name": plan.assign.group, "description": description}}


def name_taken(plan: OktaPlan, group: Json, other: Json, error: VendorError) -> VendorError:
    """What to say where Okta refuses to give the plan's group its name back, because an `other` one has it by now."""
    name = group["profile"]["name"]
    return VendorError(
        f"another group in Okta is called {plan.assign.group} ({other['id']}), so that the plan's group {name}"
        f" ({group['id']}) cannot get its name back",
        hint=f"rename or delete that one in Okta; or write `{name}` as assign.group in the plan; or, if the plan means"
        f" that one, take the line that begins with `{Mark(plan.name)}` out of the description of {name}",
        status=error.status,
        code=error.code,
        request_id=error.request_id,
    )


def _owner(group: Json) -> str | None:
    mark = ownership.read(group["profile"].get("description"))
    return mark.plan if mark else None
