"""The half of an org's connection that cannot write: what is there, and what only the live application knows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from provisioner.adapters import metadata
from provisioner.adapters.okta import (
    app_user,
    application,
    assignment,
    group,
    group_rule,
    keys,
    lookup,
    membership,
    user,
    user_attribute,
)
from provisioner.adapters.okta.app_user import AppUser
from provisioner.adapters.okta.paths import APPS, USER_SCHEMA, below
from provisioner.core.adapter import Certificates, IdpFacts, Requests
from provisioner.core.ownership import OWNER
from provisioner.core.resource import Desired, Found, Observed
from provisioner.errors import MissingScope, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.okta.executor import OktaSession
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]


@dataclass(slots=True)
class Live:
    """The application as it was read or written last while the connection is open; `is_new`: by creating it."""

    app: Json | None = None
    is_known: bool = False
    is_new: bool = False

    def saw(self, app: Json | None) -> None:
        """Takes note of the application, or of there being none."""
        self.app, self.is_known = app, True


class OktaReader:
    """Reads one org for one plan."""

    def __init__(self, session: OktaSession, plan: OktaPlan, requests: Requests) -> None:
        self._session, self._plan, self._requests = session, plan, requests
        self._live = Live()

    @property
    def name(self) -> str:
        """The org's host name; an embedded one by the name that the plan gives it."""
        provider = self._plan.provider
        return provider.org_url if provider.embedded else urlsplit(provider.base_url).netloc

    @property
    def requests(self) -> Requests:
        """What has been sent so far."""
        return self._requests

    async def observe(self, desired: Desired) -> Observed:
        """The plan's things as they are now, who else is in the group if it is this plan's, and who else gets in."""
        observed = Observed()
        await self._see_attribute(observed)
        by_name = lookup.the_group(self._session, self._plan.assign.group)
        app, named = await asyncio.gather(self._see_application(observed), by_name)
        if app is None or app["status"] != "ACTIVE":
            # Okta shows no assignments of an inactive application (terraform-provider-okta #1502).
            observed.unseen = frozenset({assignment.KIND} if app else ())
            await self._see_people(observed, desired, named)
            return observed
        groups = asyncio.create_task(self._see_groups_let_in(observed, app["id"], named))
        # Without its mark it may be another one, called as the plan's was before somebody renamed that.
        ours = named if named and group.is_ours(self._plan, named) else await groups
        people = self._see_people(observed, desired, ours)
        _, _, let_in = await asyncio.gather(people, groups, lookup.let_in(self._session, app["id"]))
        self._add_people_let_in(observed, desired, let_in)
        return observed

    async def facts(self) -> IdpFacts | None:
        """Issuer, SSO URL and certificates, from the metadata: the issuer stands nowhere else (recordings 11, 12).

        They are those of the application that was read or written last. None while the plan has none, or an inactive
        one: an application that merely has the same label is not the plan's.
        """
        if not self._live.is_known:
            self._live.saw(application.choose(self._plan, await lookup.candidates(self._session, self._plan)))
        app = self._live.app
        if app is None or app["status"] != "ACTIVE" or not application.is_ours(self._plan, app):
            return None
        kid = _signing_key(app)
        coming = "" if self._live.is_new else keys.next_certificate(await self._keys(app["id"]), kid)
        path = below(APPS, app["id"], "sso", "saml", "metadata")
        # Any other Accept is answered by E0000019 (recording 13).
        answer = await self._session.call("GET", path, query={"kid": kid}, accept="application/xml")
        return metadata.facts(answer.text, vendor="Okta", next_certificate=coming)

    async def look_around(self, observed: Observed) -> None:
        """Rules that put people into the plan's group. That they may not be read is told, and no reason to fail."""
        there = observed.resources.get(f"{group.KIND}:{self._plan.assign.group}")
        if there is None:
            return
        try:
            async for each in lookup.group_rules(self._session):
                if group_rule.feeds(each, str(there.native)):
                    observed.add(group_rule.found(each))
        except MissingScope:
            observed.add(group_rule.unseen())

    async def certificates(self) -> Certificates | None:
        """Those of the application's own keys: the one that it names, and a newer one."""
        app = self._live.app
        if app is None:
            return None
        kid, there = _signing_key(app), await self._keys(app["id"])
        return Certificates(keys.certificate(there, kid), keys.next_certificate(there, kid))

    async def _keys(self, app_id: str) -> list[Json]:
        answer = await self._session.call("GET", below(APPS, app_id, "credentials", "keys"))
        return cast(list[Json], answer.json)

    async def _see_attribute(self, observed: Observed) -> None:
        for wanted in user_attribute.wanted(self._plan):
            answer = await self._session.call("GET", USER_SCHEMA)
            if found := user_attribute.found(wanted.key, answer.json):
                observed.add(found)

    async def _see_application(self, observed: Observed) -> Json | None:
        apps = await lookup.candidates(self._session, self._plan)
        app = application.choose(self._plan, apps)
        self._live.saw(app)
        for other in application.rivals(self._plan, apps, app):
            observed.add(other)
        if app is not None:
            mark = application.mark(app)
            observed.add(application.found(self._plan, app))
            if mark and mark.plan == self._plan.name:
                observed.mark = mark
        return app

    async def _see_groups_let_in(self, observed: Observed, app_id: str, named: Json | None) -> Json | None:
        """Returns the plan's group, which may have been renamed; one is `named` as in the plan, or none."""
        let_in = await lookup.assigned_groups(self._session, app_id)
        ours = group.ours(self._plan, named, filter(None, map(assignment.group, let_in)))
        for each in let_in:
            observed.add(assignment.found(self._plan, each, is_ours=ours is not None and each["id"] == ours["id"]))
        return ours

    def _add_people_let_in(self, observed: Observed, desired: Desired, let_in: list[AppUser]) -> None:
        wanted = (observed.resources.get(resource.address) for resource in desired.resources)
        known = {cast(user.Account, found.native).id: found for found in wanted if found and found.kind == user.KIND}
        app = observed.resources[f"{application.KIND}:{self._plan.application.label}"]
        for each in let_in:
            person = known.get(each.id)
            if person is None and each.is_by_hand:
                observed.add(app_user.assigned_by_hand(each))
            elif person and (other := app_user.other_name(each, person, app.fields["username"])):
                observed.add(other)

    async def _see_people(self, observed: Observed, desired: Desired, there: Json | None) -> None:
        """The group, its members, and those of the plan who are none.

        Raises `Refused` where Okta would take somebody in the plan for somebody else who is there.
        """
        missing = {person.key: person.identity for person in self._plan.people}
        others: list[str] = []
        if there:
            found = group.found(self._plan, there)
            observed.add(found)
            others = await self._see_members(observed, desired, found, missing)
        # A search lags behind, and may show a member under a former login.
        members = {cast(user.Account, each.native).id for each in observed.resources.values() if each.kind == user.KIND}
        named = user.named_by(self._plan.people)
        async for each in lookup.users(self._session, list(missing.values())):
            if each["id"] in members:
                continue
            if missing.pop(user.key(each), None) is not None:
                observed.add(user.found(self._plan, named, each))
            else:
                others.append(user.key(each))
        user.check_logins(missing.values(), others)

    async def _see_members(
        self, observed: Observed, desired: Desired, found: Found, missing: dict[str, str]
    ) -> list[str]:
        """Takes the group's members out of `missing`; returns the logins of those who were not in it."""
        takes_all = found.owner == self._plan.name or _adopts(desired)
        named = user.named_by(self._plan.people)
        others = []
        async for each in lookup.members(self._session, str(found.native)):
            is_named = missing.pop(user.key(each), None) is not None
            if is_named or takes_all:
                person = user.found(self._plan, named, each)
                observed.add(person)
                observed.add(membership.found(self._plan, person))
            if not is_named:
                others.append(user.key(each))
        if others and self._plan.people and not (takes_all and membership.KIND in desired.prune):
            observed.add(membership.others(found.key, len(others)))
        return others


def _signing_key(app: Json) -> str:
    signing = (app.get("credentials") or {}).get("signing") or {}
    if not signing.get("kid"):
        raise VendorError(f"Okta names no signing key of the application {app['id']}", status=200)
    return str(signing["kid"])


def _adopts(desired: Desired) -> bool:
    return any(resource.kind == group.KIND and OWNER in resource.fields for resource in desired.resources)
