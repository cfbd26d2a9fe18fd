"""Who is in which group, and what comes and goes with it; who may ask for it is elsewhere.

A member whom group rules put there is managed by them: the ids of the rules stand with the membership.
"""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import assignments, group_records
from provisioner.sandbox.okta.wire import Call

Body = dict[str, Any]


def rules_of(call: Call, group_id: str, user_id: str) -> list[str]:
    """The ids of the group rules that manage the membership; none for one by hand, or where there is none."""
    link = call.documents.get("membership", f"{group_id}:{user_id}") or {}
    return list(link.get("rules", []))


def _save(call: Call, group_id: str, user_id: str, rules: list[str]) -> None:
    link = {"group": group_id, "user": user_id}
    call.documents.put("membership", f"{group_id}:{user_id}", link | ({"rules": rules} if rules else {}), **link)


def join(call: Call, group: Body, user: Body, rule: str | None = None) -> bool:
    """Make the user a member, with all that the group gives; False for a member, who stays one.

    A member by hand who meets a rule is managed by it from then on (vendor's help: manual group user management).
    """
    key = f"{group['id']}:{user['id']}"
    new = call.documents.get("membership", key) is None
    rules = rules_of(call, group["id"], user["id"])
    if new or (rule and rule not in rules):
        _save(call, group["id"], user["id"], [*rules, *([rule] if rule else [])])
    if new:
        _touch(call, group)
        assignments.join(call, group["id"], user)
    return new


def leave(call: Call, group: Body, user_id: str) -> None:
    """End a membership, and what the user had through it; where there is none, nothing changes."""
    if call.documents.delete("membership", f"{group['id']}:{user_id}"):
        _touch(call, group)
        assignments.leave(call, group["id"], user_id)


def release(call: Call, group: Body, user_id: str, rule: str, keep: bool = False) -> bool:
    """Let a rule manage the membership no more, which ends with its last rule; True where it ended.

    With `keep` it becomes one by hand instead.
    """
    before = rules_of(call, group["id"], user_id)
    if rule not in before:
        return False
    rules = [each for each in before if each != rule]
    if rules or keep:
        _save(call, group["id"], user_id, rules)
        return False
    leave(call, group, user_id)
    return True


def _touch(call: Call, group: Body) -> None:
    group["lastMembershipUpdated"] = call.now
    group_records.save(call.visit, group)


def forget_user(call: Call, user_id: str) -> None:
    """Take a user who is removed for good out of every group."""
    for link in call.documents.find("membership", user=user_id):
        call.documents.delete("membership", f"{link['group']}:{user_id}")
