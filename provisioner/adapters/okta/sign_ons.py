"""Reads of an org what everybody would bring to Flex by signing in now; nobody is asked for one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provisioner.adapters.okta import application, assignment, group, group_filter, lookup, user
from provisioner.adapters.okta.claims import Bearer, Claims
from provisioner.adapters.okta.expression_functions import NotComputable
from provisioner.adapters.okta.paths import APPS, GROUPS, below
from provisioner.core.finding import Finding
from provisioner.core.sign_on import SignOn, SignOns
from provisioner.flex import rules
from provisioner.flex.logins import LOGINS
from provisioner.flex.notices import Table, finding

if TYPE_CHECKING:
    from provisioner.adapters.okta.executor import OktaSession
    from provisioner.adapters.okta.plan import OktaPlan
    from provisioner.planfile.people import Person

Json = dict[str, Any]

SIGN_ONS: Table = {
    "OKTA401": (
        "warning",
        "The application is not assigned to the group {name}, whose members are to sign in.",
        "apply the plan",
    ),
    "OKTA402": (
        "warning",
        "{name} has to choose a new password before anything else ({status}).",
        "nothing, if the person knows; the password is asked for at the next sign-in",
    ),
    "OKTA403": (
        "warning",
        "An inline hook may change the assertion on its way: what it sends is not known here.",
        "look at a real login, with `provisioner check-response`",
    ),
}

# Groups of which the members are read for one GROUP statement.
MOST_GROUPS = 50
_NEW_PASSWORD = {"PASSWORD_EXPIRED", "RECOVERY"}
_DIFFERS = "`provisioner diff` shows what differs from the plan"


async def read(session: OktaSession, plan: OktaPlan, app: Json | None, people: Sequence[Person]) -> SignOns:
    """The sign-ons of these people to the application, the plan's or None, as far as it is there and active."""
    mark = application.mark(app) if app else None
    if app is None or mark is None or mark.plan != plan.name:
        return _nobody(people, "FLEX354", "")
    if app["status"] != "ACTIVE":
        # Okta knows no assignments of an inactive application (terraform-provider-okta #1502).
        return _nobody(people, "FLEX355", mark.certificate)
    sign_on: Json = app["settings"]["signOn"]
    claims = Claims(sign_on)
    accounts, assigned, groups, let_in = await asyncio.gather(
        _accounts(session, plan, people),
        _assigned(session, app["id"]),
        _groups(session, sign_on),
        lookup.assigned_groups(session, app["id"]),
    )
    return SignOns(
        tuple(_sign_on(person, accounts.get(person.key), assigned, groups, claims) for person in people),
        (*_settings(plan, sign_on), *_assignment(plan, let_in), *claims.findings()),
        mark.certificate,
        sign_on.get("subjectNameIdFormat") or "",
    )


def _nobody(people: Sequence[Person], code: str, certificate: str) -> SignOns:
    told = finding(LOGINS, code, application.KIND)
    return SignOns(tuple(SignOn(person.identity) for person in people), (told,), certificate)


async def _accounts(session: OktaSession, plan: OktaPlan, people: Sequence[Person]) -> dict[str, Json]:
    """The accounts by key: members of the group, then whoever is none."""
    wanted = {person.key: person.identity for person in people}
    found: dict[str, Json] = {}
    if there := await lookup.the_group(session, plan.assign.group):
        async for each in lookup.members(session, there["id"]):
            if user.key(each) in wanted:
                found[user.key(each)] = each
    missing = [identity for key, identity in wanted.items() if key not in found]
    async for each in lookup.users(session, missing):
        if user.key(each) in wanted:
            found.setdefault(user.key(each), each)
    return found


async def _assigned(session: OktaSession, app_id: str) -> dict[str, Json]:
    """Everybody whom Okta lets into the application, directly or by a group, with the name that they have there."""
    path = below(APPS, app_id, "users")
    return {each["id"]: each async for page in session.pages(path, {"limit": "500"}) for each in page}


async def _groups(session: OktaSession, sign_on: Json) -> dict[str, dict[str, list[str]]]:
    """What each GROUP statement finds: names of groups by the id of a member. Left out where that cannot be told."""
    statements = [each for each in sign_on.get("attributeStatements") or () if each.get("type") == "GROUP"]
    if not statements:
        return {}
    there = [each async for page in session.pages(GROUPS, {"limit": "1000"}) for each in page]
    found: dict[str, dict[str, list[str]]] = {}
    for statement in statements:
        with suppress(NotComputable):
            matches = group_filter.matcher(statement)
            matching = [each for each in there if matches(each["profile"]["name"])]
            if len(matching) <= MOST_GROUPS:
                found[statement["name"]] = await _names_by_member(session, matching)
    return found


async def _names_by_member(session: OktaSession, groups: Sequence[Json]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for each in groups:
        async for member in lookup.members(session, each["id"]):
            names.setdefault(member["id"], []).append(each["profile"]["name"])
    return names


def _sign_on(
    person: Person,
    account: Json | None,
    assigned: Mapping[str, Json],
    groups: Mapping[str, Mapping[str, list[str]]],
    claims: Claims,
) -> SignOn:
    name = person.identity
    if account is None:
        return SignOn(name, findings=(finding(LOGINS, "FLEX350", "user", name=name),))
    standing = tuple(_standing(name, account["status"]))
    row = assigned.get(account["id"])
    if account["status"] in user.CLOSED:
        return SignOn(name, findings=standing)
    if row is None:
        missing = finding(LOGINS, "FLEX351", "user", name=name, place="Okta")
        return SignOn(name, findings=(*standing, missing))
    names = {claim: found.get(account["id"], []) for claim, found in groups.items()}
    username = str((row.get("credentials") or {}).get("userName") or "")
    computed = claims.of(Bearer(name, username, account["profile"], row.get("profile") or {}, names))
    return replace(computed, findings=standing + computed.findings)


def _standing(name: str, status: str) -> Iterator[Finding]:
    if status in user.CLOSED:
        words, fix = user.CLOSED[status]
        yield finding(LOGINS, "FLEX352", "user", name=name, status=f"{words} ({status})", fix=fix)
    elif status == "PROVISIONED":
        yield finding(LOGINS, "FLEX353", "user", name=name, vendor="Okta")
    elif status in _NEW_PASSWORD:
        yield finding(SIGN_ONS, "OKTA402", "user", name=name, status=status)


def _assignment(plan: OktaPlan, let_in: Collection[Json]) -> Iterator[Finding]:
    """The plan's group has its name or, if it was renamed, the plan's mark."""
    groups = [there for each in let_in if (there := assignment.group(each))]
    name = plan.assign.group
    if not any(each["profile"]["name"] == name or group.is_ours(plan, each) for each in groups):
        yield finding(SIGN_ONS, "OKTA401", f"assignment:{name}", name=name)


def _settings(plan: OktaPlan, sign_on: Json) -> Iterator[Finding]:
    """The live settings held against the rules that a plan file is held against."""
    at = f"application:{plan.application.label}"
    for each in (*_addresses(plan, sign_on, at), *_protection(sign_on, at)):
        yield each._replace(hint=_DIFFERS)
    if sign_on.get("inlineHooks"):
        yield finding(SIGN_ONS, "OKTA403", f"{at}.inlineHooks")


def _addresses(plan: OktaPlan, sign_on: Json, at: str) -> Iterator[Finding]:
    """Recipient and destination are told where they are not the ACS URL, which is told in any case."""
    acs = sign_on.get("ssoAcsUrl") or ""
    yield from rules.acs_address(plan.flex, acs, f"{at}.ssoAcsUrl")
    for name in ("recipient", "destination"):
        if (given := sign_on.get(name) or acs) != acs:
            yield from rules.acs_address(plan.flex, given, f"{at}.{name}")
    yield from rules.audience_address(plan.flex, sign_on.get("audience") or "", f"{at}.audience")


def _protection(sign_on: Json, at: str) -> Iterator[Finding]:
    encryption: Json = sign_on.get("assertionEncryption") or {}
    yield from rules.response_signed(sign_on.get("responseSigned"), f"{at}.responseSigned")
    yield from rules.assertion_signed(sign_on.get("assertionSigned"), f"{at}.assertionSigned")
    yield from rules.algorithm(sign_on.get("signatureAlgorithm"), f"{at}.signatureAlgorithm")
    yield from rules.algorithm(sign_on.get("digestAlgorithm"), f"{at}.digestAlgorithm")
    yield from rules.encryption(encryption.get("enabled") is True, f"{at}.assertionEncryption")
    yield from rules.unsigned_requests(
        sign_on.get("samlSignedRequestEnabled") is True, f"{at}.samlSignedRequestEnabled"
    )
    yield from rules.relay_state(sign_on.get("defaultRelayState"), f"{at}.defaultRelayState")
