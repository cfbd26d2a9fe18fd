"""Who is in which group, and what comes and goes with it; who may ask for it is elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import assignments, group_records
from provisioner.sandbox.okta.wire import Call

Body = dict[str, Any]


def join(call: Call, group: Body, user: Body) -> None:
    """Make the user a member, with all that the group gives; a member stays one."""
    key = f"{group['id']}:{user['id']}"
    if call.documents.get("membership", key) is None:
        link = {"group": group["id"], "user": user["id"]}
        call.documents.put("membership", key, link, **link)
        _touch(call, group)
        assignments.join(call, group["id"], user)


def leave(call: Call, group: Body, user_id: str) -> None:
    """End a membership, and what the user had through it; where there is none, nothing changes."""
    if call.documents.delete("membership", f"{group['id']}:{user_id}"):
        _touch(call, group)
        assignments.leave(call, group["id"], user_id)


def _touch(call: Call, group: Body) -> None:
    group["lastMembershipUpdated"] = call.now
    group_records.save(call.visit, group)


def forget_user(call: Call, user_id: str) -> None:
    """Take a user who is removed for good out of every group."""
    for link in call.documents.find("membership", user=user_id):
        call.documents.delete("membership", f"{link['group']}:{user_id}")
