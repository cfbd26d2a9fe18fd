"""What an administrator should know before a change set is applied, or about the org as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from provisioner.adapters.okta import app_user, application, assignment, group, group_rule, membership, user
from provisioner.adapters.okta.statements import PREFIX
from provisioner.core.change import ChangeSet
from provisioner.core.finding import Finding
from provisioner.core.ownership import OWNER
from provisioner.core.resource import Desired, Observed
from provisioner.flex import notices

TABLE: notices.Table = {
    **notices.NOTICES,
    "FLEX210": ("warning", "{people} an activation e-mail from Okta.", "tell them, or it is taken for spam"),
    "FLEX211": (
        "warning",
        "The group {name} carries no mark of provisioner: people are added to it, but never removed.",
        "--adopt lets this plan remove them, too",
    ),
    "FLEX212": ("warning", "The application is inactive: nobody can sign in before it is activated.", ""),
    "FLEX214": (
        "error",
        "{name} is {status} in Okta and cannot sign in. provisioner leaves it so.",
        "{remedy}",
    ),
    "FLEX215": (
        "warning",
        "The application is assigned to the group {name} as well: its members may sign in, too.",
        "unassign it in Okta, if that is not meant",
    ),
    "FLEX216": (
        "warning",
        "{name} is assigned to the application by hand, and the plan does not name this person.",
        "unassign the person in Okta, or take them into the plan",
    ),
    "FLEX218": (
        "warning",
        "The group rule {name} is {status}: {effect}.",
        "delete the rule in Okta, if that is not meant",
    ),
    "FLEX219": (
        "warning",
        "These credentials may not read the org's group rules: whether one puts people into the group is not known.",
        "use those of an administrator who may view group rules, or accept it in drift.ignore",
    ),
    "FLEX220": (
        "warning",
        "{people} in the group {name} beside those whom the plan names, and may sign in, too.",
        "take them out of the group in Okta, or into the plan",
    ),
    "FLEX221": (
        "warning",
        "{name} has another user name in the application than its template gives: to Flex this may be another worker.",
        app_user.OTHER_NAME_HINT,
    ),
}

# Which fields of a live application stand behind which code.
_LIVE = {
    "FLEX212": {"status"},
    "FLEX201": {"acs_url", "recipient", "destination"},
    "FLEX202": {"name_id.format", "name_id.template", "username"},
    "FLEX203": {"audience"},
    "FLEX204": {f"{PREFIX}roles"},
    "FLEX205": {"issuer"},
}
_RULE_PUTS = "it puts people into the group, and so lets them in"
# Others of these kinds, beside what the plan names, also let people in to Flex.
_UNNAMED = {
    application.RIVAL: "FLEX213",
    assignment.OTHER: "FLEX215",
    app_user.BY_HAND: "FLEX216",
    group_rule.UNSEEN: "FLEX219",
}


def warnings(desired: Desired, observed: Observed, changes: ChangeSet) -> tuple[Finding, ...]:
    """All findings, those about changes first."""
    return (
        *notices.about_live_changes(TABLE, changes, application.KIND, _LIVE),
        *_about_mails(changes),
        *_about_people(desired, observed),
        *unmanaged(desired, observed),
    )


def unmanaged(desired: Desired, observed: Observed) -> Iterator[Finding]:
    """What the plan does not manage, and lets people in to Flex."""
    yield from _about_the_group(desired, observed)
    yield from notices.about_unnamed(TABLE, desired, observed, _UNNAMED)
    yield from _about_rules(observed)


def _about_mails(changes: ChangeSet) -> Iterator[Finding]:
    count = sum(change.action == "create" and change.kind == user.KIND for change in changes.changes)
    if count:
        yield notices.finding(TABLE, "FLEX210", "users", people=notices.people(count, "get"))


def _about_the_group(desired: Desired, observed: Observed) -> Iterator[Finding]:
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address) if wanted.kind == group.KIND else None
        if found and found.owner is None and OWNER not in wanted.fields:
            yield notices.finding(TABLE, "FLEX211", f"{group.UNMARKED}:{found.key}", name=found.key)
        others = observed.resources.get(f"{membership.OTHERS}:{wanted.key}") if found else None
        if others:
            people = notices.people(cast(int, others.native), "stand")
            yield notices.finding(TABLE, "FLEX220", others.address, people=people, name=others.key)


def _about_rules(observed: Observed) -> Iterator[Finding]:
    for found in observed.resources.values():
        if found.kind == group_rule.KIND:
            status, when = ("active", "") if found.native else ("not active", "once it is, ")
            yield notices.finding(
                TABLE, "FLEX218", found.address, name=found.key, status=status, effect=when + _RULE_PUTS
            )


def _about_people(desired: Desired, observed: Observed) -> Iterator[Finding]:
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address) if wanted.kind == user.KIND else None
        status = cast(user.Account, found.native).status if found else ""
        if remedy := user.LOCKED_OUT.get(status):
            yield notices.finding(TABLE, "FLEX214", wanted.address, name=wanted.key, status=status, remedy=remedy)
        if found and f"{app_user.OTHER_NAME}:{wanted.key}" in observed.resources:
            yield notices.finding(TABLE, "FLEX221", wanted.address, name=wanted.key)
