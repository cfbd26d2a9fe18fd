"""The assignment of the application to the group: it lets the members in. Its priority is never touched. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.core.resource import Found, Resource

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

KIND = "assignment"
# An assignment to another group, which may have the name of the plan's; seen and reported, never made or removed.
OTHER = "other_assignment"


def wanted(plan: OktaPlan) -> Resource:
    """The assignment, named after its group."""
    return Resource(KIND, plan.assign.group)


def found(plan: OktaPlan, assigned: Json, *, is_ours: bool) -> Found:
    """An assignment of the application: the plan's own, or one to another group, under that group's name."""
    if is_ours:
        return Found(KIND, plan.assign.group)
    there = group(assigned)
    return Found(OTHER, there["profile"]["name"] if there else "(unknown)")


def group(assigned: Json) -> Json | None:
    """The group of an assignment, which Okta embeds on request (OpenAPI: listApplicationGroupAssignments, expand)."""
    embedded: Json = assigned.get("_embedded") or {}
    return embedded.get("group")
