"""What an administrator should know before a change set is applied, or about the tenant as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.auth0 import action, application, binding, unnamed, user
from provisioner.core.change import ChangeSet, Update
from provisioner.core.finding import Finding
from provisioner.core.resource import Desired, Observed
from provisioner.flex import notices

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

TABLE: notices.Table = {
    **notices.NOTICES,
    "AUTH0201": (
        "warning",
        "{name} runs after the plan's Action and changes the SAML response as well: what it sets counts.",
        "look into its code, or place the plan's Action last",
    ),
    "AUTH0202": (
        "warning",
        "People who sign in through {name} can no longer sign in to Flex.",
        "move them into the plan's connection first, if they are agents",
    ),
    "AUTH0203": (
        "warning",
        "New accounts with a password that nobody knows: {count}; Auth0 mails none of them.",
        "have them choose one with `Forgot password` on the login page",
    ),
    "AUTH0204": (
        "error",
        "{name} is blocked in Auth0 and cannot sign in. provisioner leaves it so.",
        user.BLOCKED_HINT,
    ),
    "AUTH0205": (
        "warning",
        "What the Action sends changes for everybody, from their next sign-in on.",
        "have one person sign in and look at the worker's attributes",
    ),
    "AUTH0206": (
        "warning",
        "There is an account {name}, which does not lead to Flex: sign-in goes through the plan's connection alone.",
        "tell the person which account is for Flex, or name the other connection in the plan",
    ),
    "AUTH0207": (
        "warning",
        "Links for choosing a password that the apply will write to a file: {count}; Auth0 mails none of them.",
        "send each to its person, then delete the file",
    ),
    "AUTH0208": (
        "warning",
        "{people} Flex roles and {are} not in this plan; another plan ({name}) manages this tenant too,"
        " so provisioner takes them from nobody.",
        "take the roles from whoever left by hand, in Auth0",
    ),
    "AUTH0213": (
        "warning",
        "{people} Flex roles and {are} not in this plan, which takes them from nobody (on_removal: keep).",
        "take the roles from whoever left by hand, in Auth0, or name the person in the plan",
    ),
    "AUTH0209": (
        "warning",
        "Accounts that get their first Flex roles, and whose e-mail address nobody verified: {count}, such as {name}."
        " Where people may sign up, somebody else may have taken the address.",
        "make sure that each is the person's own account, or have the address verified first",
    ),
    "AUTH0210": (
        "warning",
        "{name} runs before the plan's Action and sets {claims} as well: that counts where the plan's has no value.",
        "take it out of that Action's code",
    ),
    "AUTH0211": (
        "warning",
        "Accounts whose owners neither signed in nor chose a password so far: {count}, such as {name}."
        " A link that was lost, ran out or was never made is not made again.",
        "have them choose one with `Forgot password` on the login page",
    ),
    "AUTH0212": (
        "warning",
        "The application holds {name}, which the plan does not name: {why}.",
        "take it out in the Auth0 Dashboard, or name it in the plan; `callbacks: exact` takes callbacks out",
    ),
}

# The claims that an Action's code sets, as far as a text search finds them.
_SETS = re.compile(r"""\bsetAttribute\(\s*["'`]([^"'`]+)["'`]""")
# So many people are named in a warning about more.
_NAMED = 5
# Which fields of a live application stand behind which code.
_LIVE = {
    "FLEX201": {"acs_url", "saml.recipient", "saml.destination"},
    "FLEX203": {"saml.audience"},
    "FLEX205": {"saml.issuer"},
}

# What others have in the tenant that matters for Flex.
_UNNAMED = {application.RIVAL: "FLEX213", user.ELSEWHERE: "AUTH0206"}


def warnings(plan: Auth0Plan, desired: Desired, observed: Observed, changes: ChangeSet) -> tuple[Finding, ...]:
    """All findings, those about changes first."""
    return (
        *notices.about_live_changes(TABLE, changes, application.KIND, _LIVE),
        *_about_the_name_id(plan, changes),
        *_about_the_action(changes),
        *_about_connections(plan, changes),
        *_about_passwords(plan, changes),
        *_about_people(desired, observed),
        *_about_waiting(plan, desired, observed),
        *_about_unverified(changes),
        *_about_others(plan, desired, observed, binding.place(plan, _flow(plan, observed))),
    )


def unmanaged(plan: Auth0Plan, desired: Desired, observed: Observed) -> Iterator[Finding]:
    """What of others has a say in sign-in to Flex as the tenant is; an Action in no flow counts where it is to be."""
    flow = _flow(plan, observed)
    return _about_others(plan, desired, observed, binding.place(plan, flow) if flow.now is None else flow.now)


def _about_others(plan: Auth0Plan, desired: Desired, observed: Observed, place: int) -> Iterator[Finding]:
    """The same, with so many others before the plan's Action in the login flow."""
    yield from _about_the_application(plan, observed)
    yield from _about_the_flow(plan, observed, place)
    yield from _about_other_plans(observed)
    yield from notices.about_unnamed(TABLE, desired, observed, _UNNAMED)


def _about_the_name_id(plan: Auth0Plan, changes: ChangeSet) -> Iterator[Finding]:
    for change in changes.changes:
        if not isinstance(change, Update) or change.kind != application.KIND:
            continue
        if application.changes_name_id(plan, cast(application.App, change.found.native)):
            yield notices.finding(TABLE, "FLEX202", change.address)


def _about_the_action(changes: ChangeSet) -> Iterator[Finding]:
    """What runs is the draft, unless another version does: only that changes for anybody."""
    for change in changes.changes:
        if isinstance(change, Update) and change.kind == action.KIND and not action.runs_as_wanted(change):
            yield notices.finding(TABLE, "AUTH0205", change.address)


def _about_connections(plan: Auth0Plan, changes: ChangeSet) -> Iterator[Finding]:
    for change in changes.changes:
        if isinstance(change, Update) and change.kind == application.KIND:
            names = {name for field in change.fields if field.path == "connections" for name in _names(field.before)}
            for name in sorted(names - {plan.application.connection}):
                yield notices.finding(TABLE, "AUTH0202", change.address, name=name)


def _about_passwords(plan: Auth0Plan, changes: ChangeSet) -> Iterator[Finding]:
    """Links are made for few people only: for many it would be a request for each of them."""
    count = sum(change.action == "create" and change.kind == user.KIND for change in changes.changes)
    if count and plan.users.initial_password in ("ticket", "none"):
        code = "AUTH0207" if user.invites(plan) and count < user.MANY else "AUTH0203"
        yield notices.finding(TABLE, code, "users", count=f"{count:,}")


def _about_the_application(plan: Auth0Plan, observed: Observed) -> Iterator[Finding]:
    found = observed.resources.get(f"{application.KIND}:{plan.application.name}")
    if found is None:
        return
    for name, why in unnamed.in_the_way(plan, cast(application.App, found.native).client):
        yield notices.finding(TABLE, "AUTH0212", f"{unnamed.KIND}:{name}", name=name, why=why)


def _flow(plan: Auth0Plan, observed: Observed) -> binding.Flow:
    return cast(binding.Flow, observed.resources[f"{binding.KIND}:{plan.action.name}"].native)


def _about_the_flow(plan: Auth0Plan, observed: Observed, place: int) -> Iterator[Finding]:
    flow = _flow(plan, observed)
    for at, each in enumerate(flow.others):
        if flow.is_managed(each):
            continue
        address = f"{binding.BESIDE}:{binding.name(each)}"
        claims = ", ".join(sorted(set(_SETS.findall(binding.code(each))) & plan.action.attributes.keys()))
        if at >= place:
            if binding.writes_response(each):
                yield notices.finding(TABLE, "AUTH0201", address, name=binding.name(each))
        elif claims:
            yield notices.finding(TABLE, "AUTH0210", address, name=binding.name(each), claims=claims)


def _about_people(desired: Desired, observed: Observed) -> Iterator[Finding]:
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address) if wanted.kind == user.KIND else None
        if found and cast(user.Account, found.native).blocked:
            yield notices.finding(TABLE, "AUTH0204", wanted.address, name=wanted.key)


def _about_waiting(plan: Auth0Plan, desired: Desired, observed: Observed) -> Iterator[Finding]:
    """A run that was killed may have made accounts without links, and the tenant does not say which links there are."""
    if not plan.users.create or plan.users.initial_password not in ("ticket", "none"):
        return
    found = (observed.resources.get(wanted.address) for wanted in desired.resources if wanted.kind == user.KIND)
    waiting = [there.key for there in found if there and cast(user.Account, there.native).waiting]
    if waiting:
        names = ", ".join(waiting[:_NAMED])
        yield notices.finding(TABLE, "AUTH0211", "users", count=f"{len(waiting):,}", name=names)


def _about_unverified(changes: ChangeSet) -> Iterator[Finding]:
    """Whoever has roles already is known; accounts that provisioner makes are not verified either."""
    risky = [change.wanted.key for change in changes.changes if isinstance(change, Update) and _is_risky(change)]
    if risky:
        yield notices.finding(TABLE, "AUTH0209", "users", count=f"{len(risky):,}", name=risky[0])


def _is_risky(change: Update) -> bool:
    gets_first = any(field.path == "roles" and field.after and not field.before for field in change.fields)
    return change.kind == user.KIND and gets_first and cast(user.Account, change.found.native).unverified


def _about_other_plans(observed: Observed) -> Iterator[Finding]:
    beside = [found for found in observed.resources.values() if found.kind == user.BESIDE]
    if beside:
        filled_in = {"people": notices.people(len(beside), "hold"), "are": "is" if len(beside) == 1 else "are"}
        code = "AUTH0208" if beside[0].owner else "AUTH0213"
        yield notices.finding(TABLE, code, f"{user.BESIDE}:*", name=str(beside[0].owner), **filled_in)


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, tuple) else ()
