"""What active group rules do: they put people into groups, and take out those whom they put there.

Okta works this out in the background; here it is done within the request that causes it. Triggers are a change of a
profile, of memberships, or of a status (vendor's help: group rules best practices); the one status that is missing
here is ACTIVE after somebody chose a password on a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provisioner.sandbox.okta import memberships, rule_conditions
from provisioner.sandbox.okta.wire import Call

Body = dict[str, Any]


def targets(call: Call, rule: Body) -> list[Body | None]:
    """The groups that a rule assigns; None in place of one that has been deleted since."""
    return [call.documents.get("group", key) for key in rule["actions"]["assignUserToGroups"]["groupIds"]]


def save(call: Call, rule: Body) -> None:
    """Write a rule, findable by name and status."""
    call.documents.put("groupRule", rule["id"], rule, status=rule["status"], name=rule["name"])


def apply(call: Call, user: Body) -> None:
    """Bring what rules make of a user up to date.

    Deactivated users are passed over and keep their groups; staged, provisioned and suspended ones are not (vendor's
    article on deactivated users in groups; recorded for a staged one: okta-sdk-python test_group_rule_operations). A
    rule may lean on a group that another fills, so they are asked until nothing changes, or in a circle, once each.
    """
    if user["status"] == "DEPROVISIONED":
        return
    # A rule that lost a group does nothing at all any more (public PR terraform-provider-okta 250).
    rules = [rule for rule in call.documents.find("groupRule", status="ACTIVE") if all(targets(call, rule))]
    for _ in rules:
        if not sum(_settle(call, rule, user) for rule in rules):  # all of them, in every round
            return


def _settle(call: Call, rule: Body, user: Body) -> bool:
    """Put the user into the rule's groups, or out of them; whether that changed anything.

    Out: only where the rule manages the membership (recorded: test_group_rule_operations; vendor's article on adding
    and removing users by rules). Somebody for whom the condition cannot be told is left as he is.
    """
    matches = rule_conditions.holds(call.visit, rule["conditions"]["expression"]["value"], user)
    if user["id"] in rule["conditions"]["people"]["users"]["exclude"]:
        matches = False
    changed = False
    for group in targets(call, rule):
        if group and matches:
            changed |= memberships.join(call, group, user, rule["id"])
        elif group and matches is False:
            changed |= memberships.release(call, group, user["id"], rule["id"])
    return changed


def apply_to(call: Call, user_ids: Iterable[str]) -> None:
    """Bring several users up to date."""
    if call.documents.count("groupRule", status="ACTIVE"):
        for user in filter(None, (call.documents.get("user", key) for key in user_ids)):
            apply(call, user)


def remove_by_hand(call: Call, group: Body, user: Body) -> None:
    """End a membership as a client asks: the active rules that manage it except the user from then on.

    Vendor's help on manual group user management; that it is so through the API too, public issue
    terraform-provider-okta 179. Of a rule that is inactive then, no document says it.
    """
    for key in memberships.rules_of(call, group["id"], user["id"]):
        rule = call.documents.get("groupRule", key)
        if rule and rule["status"] == "ACTIVE":
            rule["conditions"]["people"]["users"]["exclude"].append(user["id"])
            save(call, rule)
    memberships.leave(call, group, user["id"])
    apply(call, user)


def withdraw(call: Call, rule: Body, remove: bool) -> None:
    """End what a rule manages: its members leave, or stay as if added by hand (OpenAPI: deleteGroupRule)."""
    for group in filter(None, targets(call, rule)):
        for link in call.documents.find("membership", group=group["id"]):
            if memberships.release(call, group, link["user"], rule["id"], keep=not remove):
                apply_to(call, [link["user"]])
