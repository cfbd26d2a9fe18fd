"""Reads of a tenant what everybody would bring to Flex by signing in now; many people come with one export."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provisioner.adapters.auth0 import action, application, binding, jobs, lookup, scopes, user
from provisioner.adapters.auth0.assertion import Flow, Step
from provisioner.adapters.auth0.javascript import Program
from provisioner.adapters.auth0.reader import FEW
from provisioner.core.finding import Finding
from provisioner.core.sign_on import SignOn, SignOns
from provisioner.flex import rules
from provisioner.flex.logins import LOGINS
from provisioner.flex.notices import Table, finding

if TYPE_CHECKING:
    from provisioner.adapters.auth0.known import Known
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.auth0.session import Auth0Session
    from provisioner.planfile.people import Person

Json = dict[str, Any]

SIGN_ONS: Table = {
    "AUTH0401": ("error", "There is no Action {action}: Flex gets no claims.", "apply the plan"),
    "AUTH0402": ("error", "The Action {action} is not in the login flow: Flex gets no claims.", "apply the plan"),
    "AUTH0403": ("error", "The Action {action} was never deployed: Flex gets no claims.", "apply the plan"),
    "AUTH0404": (
        "warning",
        "The Action {action} was changed and not deployed again: logins run the former code.",
        "apply the plan, which deploys it",
    ),
    "AUTH0409": (
        "error",
        "The connection {name} is not enabled for the application: nobody can sign in.",
        "apply the plan",
    ),
    "AUTH0410": (
        "warning",
        "Nobody verified the e-mail address of {name}: where people may sign up, it may be somebody else's account.",
        "have the address verified",
    ),
    "AUTH0411": (
        "warning",
        "The SAML add-on sends Twilio more of the profile than the claims need ({names}).",
        "apply the plan",
    ),
}

# What Actions may read of a person (Auth0 docs "Post-login event object"), as far as the Management API tells it.
FIELDS = (*user.FIELDS, "nickname", "username", "created_at", "updated_at", "phone_number")
# On unless the add-on says no (Auth0 docs "Customize SAML assertions").
_MORE = ("passthroughClaimsWithNoMapping", "mapIdentities", "createUpnClaim")
_DIFFERS = "`provisioner diff` shows what differs from the plan"


async def read(session: Auth0Session, plan: Auth0Plan, known: Known, people: Sequence[Person]) -> SignOns:
    """The sign-ons of these people to the application of the plan, as far as it is there.

    Raises `MissingScope` where the token may not read all of it.
    """
    await session.token()
    scopes.check(session.token.granted, plan, write=False)
    clients, there = await asyncio.gather(lookup.clients(session), lookup.the_action(session, plan.action.name))
    client = application.choose(plan, clients)
    known.saw(client)
    known.action_id = there["id"] if there else ""
    mark = application.mark(client) if client else None
    if client is None or mark is None or mark.plan != plan.name:
        missing = finding(LOGINS, "FLEX354", application.KIND)
        return SignOns(tuple(SignOn(person.identity) for person in people), (missing,))
    enabled, bound = await asyncio.gather(
        lookup.enabled_connections(session, client["client_id"]), lookup.flow(session, known)
    )
    connection = enabled.get(plan.application.connection)
    flow = await _flow(session, client, connection or {}, bound)
    found = await _people(session, connection, people, flow)
    told = (*_tenant(plan, there, bound, connection), *_settings(plan, client, flow), *flow.findings())
    return SignOns(found, told, mark.certificate, str(flow.samlp.get("nameIdentifierFormat") or ""))


async def _flow(session: Auth0Session, client: Json, connection: Json, bound: binding.Flow) -> Flow:
    codes = await _codes(session, bound)
    steps = [Step(name, is_ours, Program(name, code).run) for name, is_ours, code in codes]
    return Flow(steps, (client.get("addons") or {}).get("samlp") or {}, _event(client, connection))


async def _people(
    session: Auth0Session, connection: Json | None, people: Sequence[Person], flow: Flow
) -> tuple[SignOn, ...]:
    if connection is None:
        return tuple(SignOn(person.identity) for person in people)
    accounts = await _accounts(session, connection, people)
    return tuple(_sign_on(person, accounts.get(person.key), flow) for person in people)


async def _accounts(session: Auth0Session, connection: Json, people: Sequence[Person]) -> dict[str, Json]:
    """The accounts of the connection by key, each with `FIELDS` alone."""
    if len(people) > FEW:
        return {user.key(each): each for each in await jobs.export(session, connection["id"], FIELDS)}
    asked = [lookup.people_by_email(session, person.identity, FIELDS) for person in people]
    found = [each for accounts in await asyncio.gather(*asked) for each in accounts]
    return {user.key(each): each for each in found if user.is_in(connection["name"], each)}


async def _codes(session: Auth0Session, bound: binding.Flow) -> list[tuple[str, bool, str]]:
    """Name, whether it is the plan's, and deployed code of each Action, in the order of the flow."""
    found = []
    for each in bound.bindings:
        there: Json = each.get("action") or {}
        if "code" not in (there.get("deployed_version") or {}) and there.get("id"):
            there = await session.get(lookup.below("/actions/actions", str(there["id"])))
        version: Json = there.get("deployed_version") or {}
        code = str(version.get("code", there.get("code") or ""))
        found.append((binding.name(each), there.get("id") == bound.action_id, code))
    return found


def _event(client: Json, connection: Json) -> Json:
    """What every login of the application has in common (Auth0 docs "Post-login event object")."""
    return {
        "client": {
            "client_id": client["client_id"],
            "name": client.get("name"),
            "metadata": client.get("client_metadata") or {},
        },
        "connection": {name: connection.get(name) for name in ("id", "name", "strategy")},
        "transaction": {"protocol": "samlp"},
    }


def _sign_on(person: Person, account: Json | None, flow: Flow) -> SignOn:
    name = person.identity
    if account is None:
        return SignOn(name, findings=(finding(LOGINS, "FLEX350", "user", name=name),))
    if account.get("blocked"):
        fix = "unblock the person in Auth0, or take them out of the plan"
        found = finding(LOGINS, "FLEX352", "user", name=name, status="blocked", fix=fix)
        return SignOn(name, findings=(found,))
    known = {field: account.get(field) for field in FIELDS if field in account}
    computed = flow.sign_on(name, {**dict.fromkeys(FIELDS), **known, **_metadata(account)})
    if account.get("email_verified") is not False:
        return computed
    told = finding(SIGN_ONS, "AUTH0410", "user", name=name)
    return replace(computed, findings=(told, *computed.findings))


def _metadata(account: Json) -> Json:
    """In an Action these are always there."""
    return {name: account.get(name) or {} for name in ("app_metadata", "user_metadata")}


def _tenant(plan: Auth0Plan, there: Json | None, bound: binding.Flow, connection: Json | None) -> Iterator[Finding]:
    name = plan.action.name
    if connection is None:
        yield finding(SIGN_ONS, "AUTH0409", application.KIND, name=plan.application.connection)
    if there is None:
        yield finding(SIGN_ONS, "AUTH0401", f"{action.KIND}:{name}", action=name)
        return
    if not action.was_deployed(there):
        yield finding(SIGN_ONS, "AUTH0403", f"{action.KIND}:{name}", action=name)
    elif not action.is_deployed(there):
        yield finding(SIGN_ONS, "AUTH0404", f"{action.KIND}:{name}", action=name)
    if len(bound.others) == len(bound.bindings):
        yield finding(SIGN_ONS, "AUTH0402", f"{binding.KIND}:{name}", action=name)


def _settings(plan: Auth0Plan, client: Json, flow: Flow) -> Iterator[Finding]:
    """The add-on as the Actions leave it, held against the rules for plan files; each finding once."""
    at = f"application:{plan.application.name}"
    first = next(iter(client.get("callbacks") or ()), "")
    # The add-on posts to the first one (Auth0 docs "Configure Auth0 as SAML identity provider").
    found = dict.fromkeys(rules.acs_address(plan.flex, first, f"{at}.callbacks"))
    for settings in list(flow.settings.values()) or [flow.samlp]:
        found |= dict.fromkeys(_of(plan, settings, at))
    yield from (each._replace(hint=_DIFFERS) for each in found)
    if more := [name for name in _MORE if flow.samlp.get(name) is not False]:
        yield finding(SIGN_ONS, "AUTH0411", at, names=", ".join(more))


def _of(plan: Auth0Plan, settings: Json, at: str) -> Iterator[Finding]:
    yield from rules.response_signed(settings.get("signResponse"), f"{at}.signResponse")
    # Auth0's documents disagree on what holds where the add-on does not say: SHA-1 cannot be ruled out then.
    yield from rules.algorithm(settings.get("signatureAlgorithm") or "rsa-sha1", f"{at}.signatureAlgorithm")
    yield from rules.algorithm(settings.get("digestAlgorithm") or "sha1", f"{at}.digestAlgorithm")
    encrypts = bool(settings.get("encryptionCert") or settings.get("encryptionPublicKey"))
    yield from rules.encryption(encrypts, f"{at}.encryptionCert")
    yield from rules.unsigned_requests(bool(settings.get("signingCert")), f"{at}.signingCert")
    # Left out, they are taken from what Flex asks (Auth0 docs "Customize SAML assertions").
    if given := settings.get("audience"):
        yield from rules.audience_address(plan.flex, str(given), f"{at}.audience")
    for name in ("recipient", "destination"):
        if given := settings.get(name):
            yield from rules.acs_address(plan.flex, str(given), f"{at}.{name}")
