"""A rule of others that puts people into the plan's group. Pure; seen and reported, never made or removed."""

from __future__ import annotations

from typing import Any

from provisioner.core.resource import Found

Json = dict[str, Any]

KIND = "group_rule"
# Stands for the rules of an org whose credentials may not see them.
UNSEEN = "group_rules"


def feeds(rule: Json, group_id: str) -> bool:
    """Whether the rule, as soon as it is active, puts people into this group (OpenAPI: GroupRule, actions)."""
    assigns: Json = (rule.get("actions") or {}).get("assignUserToGroups") or {}
    return group_id in (assigns.get("groupIds") or ())


def found(rule: Json) -> Found:
    """The rule, under its name, which is unique in an org (OpenAPI: createGroupRule); `native` is whether it works now.

    One that is invalid does not (OpenAPI: GroupRuleStatus).
    """
    return Found(KIND, rule["name"], native=rule["status"] == "ACTIVE")


def unseen() -> Found:
    """What is observed where nobody lets us look."""
    return Found(UNSEEN, "all")
