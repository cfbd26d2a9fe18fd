"""The half of a tenant's connection that cannot write: what is there, and what only the live application knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from provisioner.adapters import metadata
from provisioner.adapters.auth0 import action, application, binding, jobs, lookup, scopes, user
from provisioner.adapters.auth0.known import Known
from provisioner.core.adapter import Certificates, IdpFacts, Requests
from provisioner.core.diff import removals
from provisioner.core.resource import Desired, Found, Observed
from provisioner.errors import Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]

# Up to so many people are asked for one by one, which sees what was just written. For more of them a job that exports
# everybody takes fewer requests, and a few seconds.
FEW = 4


class Auth0Reader:
    """Reads one tenant for one plan."""

    def __init__(self, session: Auth0Session, plan: Auth0Plan, requests: Requests, *, write: bool) -> None:
        self._session, self._plan, self._requests, self._write = session, plan, requests, write
        self._known = Known()

    @property
    def name(self) -> str:
        """The tenant's domain; an embedded one by the name that the plan gives it."""
        provider = self._plan.provider
        return provider.domain if provider.embedded else urlsplit(provider.base_url).netloc

    @property
    def requests(self) -> Requests:
        """What has been sent so far."""
        return self._requests

    async def observe(self, desired: Desired) -> Observed:
        """The plan's things as they are now, and who has Flex roles without being in the plan.

        Raises `MissingScope` before anything else is asked, where the token tells that it may not do all that the plan
        needs: read all of it, and change all of it where the connection is for writing.
        """
        await self._session.token()
        scopes.check(self._session.token.granted, self._plan, write=self._write)
        observed = Observed()
        clients = await self._see_clients_and_action(observed)
        await self._see_application(observed)
        await asyncio.gather(self._see_flow(observed), self._see_people(observed))
        if others := application.other_plans(self._plan, clients, self._known.client):
            _leave_to(others, desired, observed)
        return observed

    async def facts(self) -> IdpFacts | None:
        """Issuer, SSO URL and certificate from the metadata, the next certificate from the tenant's keys.

        None while the plan has no application: one that merely has the same name is not the plan's.
        """
        if not self._known.is_looked_up:
            self._known.saw(application.choose(self._plan, await lookup.clients(self._session)))
        client = self._known.client
        if client is None or not application.is_ours(self._plan, client):
            return None
        url = f"{self._plan.provider.base_url}/samlp/metadata/{client['client_id']}"
        answer, coming = await asyncio.gather(self._session.download(url), self._next_certificate())
        facts = metadata.facts(answer.text, vendor="Auth0", next_certificate=coming)
        joint = "&" if "?" in facts.sso_url else "?"
        sso_url = f"{facts.sso_url}{joint}connection={quote(self._plan.application.connection, safe='')}"
        return IdpFacts(facts.issuer, sso_url, facts.certificate, facts.next_certificate)

    async def look_around(self, observed: Observed) -> None:
        """Nothing more: all that others have is in what `observe` reads."""

    async def certificates(self) -> Certificates | None:
        """Those of the tenant, which signs for all applications with one key (OpenAPI: getSigningKeys)."""
        if self._known.client is None:
            return None
        there = await self._session.get("/keys/signing")
        return Certificates(_certificate(there, "current"), _certificate(there, "next"))

    async def _next_certificate(self) -> str:
        return _certificate(await self._session.get("/keys/signing"), "next")

    async def _see_clients_and_action(self, observed: Observed) -> list[Json]:
        """Finds out which application is the plan's, adds the Action and rivals; all applications."""
        clients, there = await asyncio.gather(
            lookup.clients(self._session), lookup.the_action(self._session, self._plan.action.name)
        )
        client = application.choose(self._plan, clients)
        recorded = application.recorded_action(client)
        if recorded and (there is None or there["id"] != recorded):
            # Somebody may have renamed it, and called another one so.
            there = await lookup.action_of(self._session, recorded) or there
        self._known.saw(client)
        self._known.action_id = there["id"] if there else ""
        self._known.managed = application.recorded_actions(clients)
        for other in application.rivals(self._plan, clients, client):
            observed.add(other)
        if there is not None:
            observed.add(action.found(self._plan, there, recorded))
        return clients

    async def _see_application(self, observed: Observed) -> None:
        """Adds it. Its connections tell of the plan's, too; only where that is not among them is it asked for."""
        client, enabled = self._known.client, dict[str, Json]()
        if client is not None:
            enabled = await lookup.enabled_connections(self._session, client["client_id"])
            observed.add(application.found(self._plan, application.App(client, enabled)))
            mark = application.mark(client)
            if mark and mark.plan == self._plan.name:
                observed.mark = mark
        there = enabled.get(self._plan.application.connection)
        self._known.connection = there or await lookup.connection(self._session, self._plan)

    async def _see_flow(self, observed: Observed) -> None:
        flow = await lookup.flow(self._session, self._known)
        observed.add(binding.found(self._plan, flow))

    async def _see_people(self, observed: Observed) -> None:
        if not scopes.manages_people(self._plan):
            return
        named = user.named_by(self._plan.people)
        planned = {person.key for person in self._plan.people}
        missing = set(planned)
        async for each in self._people():
            key = user.key(each)
            if not user.is_in(self._known.connection["name"], each):
                if key in planned:
                    observed.add(user.elsewhere(each))
                continue
            there = user.found(named, each)
            if there.address in observed.resources:
                raise _two_accounts(observed.resources[there.address], there)
            if key in missing:
                observed.add(there)
            elif user.is_surplus(self._plan, there):
                keeps = self._plan.users.on_removal == "keep"
                observed.add(replace(there, kind=user.BESIDE) if keeps else there)
            missing.discard(key)
        self._refuse_uncreatable(missing)

    async def _people(self) -> AsyncIterator[Json]:
        """Everybody in the connection whom the plan names, and those who may have to be removed; possibly others."""
        people, connection = self._plan.people, self._known.connection
        others = await self._others()
        if others is None:
            for each in await jobs.export(self._session, connection["id"]):
                yield {**each, "identities": [{"connection": connection["name"]}]}
            return
        asked = [lookup.people_by_email(self._session, person.identity) for person in people]
        named = [each for found in await asyncio.gather(*asked) for each in found]
        # A search lags behind, so whoever it found is looked at once more.
        rest = others - {each["user_id"] for each in named}
        looked_at = await asyncio.gather(*(lookup.person(self._session, id_) for id_ in sorted(rest)))
        for each in (*named, *filter(None, looked_at)):
            yield each

    async def _others(self) -> set[str] | None:
        """Who may have roles beside the people of the plan, by id; None where an export takes fewer requests."""
        named = {person.key for person in self._plan.people}
        if len(named) > FEW:
            return None
        found = await lookup.people_with_roles(self._session, self._known.connection["name"], most=FEW + len(named))
        others = {id_ for id_, key in found.items() if key not in named}
        return others if len(others) + len(named) <= FEW else None

    def _refuse_uncreatable(self, missing: set[str]) -> None:
        """Outside of Auth0's own databases, an account comes into being when its owner first signs in."""
        name, strategy = self._known.connection["name"], self._known.connection.get("strategy", "auth0")
        if missing and self._plan.users.create and strategy != "auth0":
            first = sorted(missing)[0]
            some = first if len(missing) == 1 else f"{first} and {len(missing) - 1} more"
            message = (
                f"{some} never signed in through `{name}`, and nobody can be created there ({strategy}):"
                " have them sign in once, or set users.create to false"
            )
            raise Refused((Refusal("missing", message, tuple(f"{user.KIND}:{key}" for key in sorted(missing))),))


def _certificate(keys: Sequence[Json], which: str) -> str:
    return next((key["cert"].replace("\r", "") for key in keys if key.get(which) and not key.get("revoked")), "")


def _leave_to(others: Sequence[str], desired: Desired, observed: Observed) -> None:
    """Nobody can tell whose plan it is that names them, so people who are not in this one are nobody's surplus."""
    for surplus in removals(desired, observed):
        there = observed.resources.pop(surplus.address)
        observed.add(replace(there, kind=user.BESIDE, owner=", ".join(others)))


def _two_accounts(one: Found, other: Found) -> Refused:
    ids = " and ".join(cast(user.Account, found.native).id for found in (one, other))
    message = f"two accounts in the connection have the address {one.key}: {ids}; delete or rename one of them"
    return Refused((Refusal("twins", message, (one.address,)),))
