"""The half of an org's connection that writes. People have a file of their own, `people.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.okta import application, group, lookup, membership, user, user_attribute
from provisioner.adapters.okta.assignment import KIND as ASSIGNMENT
from provisioner.adapters.okta.ids import Ids
from provisioner.adapters.okta.paths import APPS, GROUPS, USER_SCHEMA, below
from provisioner.adapters.okta.people import PeopleWriter
from provisioner.core import ownership
from provisioner.core.change import Change, Create, Update
from provisioner.core.ownership import Mark
from provisioner.core.resource import Observed
from provisioner.errors import OVERTAKEN, AnswerLost, Overtaken, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.okta.executor import OktaSession
    from provisioner.adapters.okta.plan import OktaPlan
    from provisioner.adapters.okta.reader import Live

Json = dict[str, Any]
Write = Callable[[Any], Awaitable[None]]

# Okta's codes for a name that another group has: a body that it refuses, and a duplicate group (error catalogue). No
# recording shows which of them it is.
_NAME_TAKEN = {"E0000001", "E0000055"}


class OktaWriter:
    """Carries changes out in one org, for one plan."""

    def __init__(self, session: OktaSession, plan: OktaPlan, live: Live, observed: Observed) -> None:
        self._session, self._plan, self._live, self._seen = session, plan, live, observed.mark
        self._ids = Ids.of(observed)
        people = PeopleWriter(session, plan, self._ids)
        self._writes: dict[tuple[str, str], Write] = {
            ("create", user_attribute.KIND): self._create_attribute,
            ("create", application.KIND): self._create_application,
            ("update", application.KIND): self._update_application,
            ("create", group.KIND): self._create_group,
            ("update", group.KIND): self._update_group,
            ("create", ASSIGNMENT): self._assign,
            ("create", user.KIND): people.create,
            ("update", user.KIND): people.update,
            ("delete", user.KIND): people.deactivate,
            ("create", membership.KIND): people.join,
            ("delete", membership.KIND): people.leave,
        }

    async def is_as_seen(self) -> bool:
        """Whether nobody applied the plan since the diff; see `core.adapter.Writer`."""
        seen = self._live.app
        now = await self._read_application() if seen else await self._ours_by_label()
        return (now and application.mark(now)) == (seen and application.mark(seen))

    async def write(self, change: Change) -> None:
        """Carries out one change; see `core.adapter.Writer`."""
        await self._writes[change.action, change.kind](change)

    async def record(self, mark: Mark) -> None:
        """Writes the mark into the application's note for administrators.

        Raises `Overtaken` where somebody else created an application for this plan at the same time, and first, or
        where another run ended since the diff.
        """
        there = await self._without_twin() or await self._read_application()
        if ownership.is_overtaken(self._seen, application.mark(there), mark):
            raise Overtaken(self._plan.name, OVERTAKEN)
        await self._replace(there, mark)

    async def _create_attribute(self, change: Create) -> None:
        body = user_attribute.body(change.wanted.key)
        await self._session.call("POST", USER_SCHEMA, body=body, repeatable=True)
        self._ids.roles_are_list = True

    async def _create_application(self, change: Create) -> None:
        app = await self._create(APPS, {"activate": "true"}, application.body(self._plan), self._ours_by_label)
        self._ids.app, self._live.is_new = app["id"], True
        self._live.saw(app)
        await self._without_twin()

    async def _update_application(self, change: Update) -> None:
        app = cast(Json, change.found.native)
        if app["status"] != "ACTIVE":
            # An inactive custom application refuses PUT (recording 10).
            path = below(APPS, self._ids.app, "lifecycle", "activate")
            await self._session.call("POST", path, repeatable=True)
        fresh = await self._read_application()
        self._live.saw(fresh)
        if any(field.path != "status" for field in change.fields):
            await self._replace(fresh)

    async def _create_group(self, change: Create) -> None:
        async def look_up() -> Json | None:
            return await lookup.the_group(self._session, change.wanted.key)

        try:
            created = await self._create(GROUPS, None, group.body(self._plan), look_up)
        except VendorError as error:
            # Another run of this plan may have been quicker.
            there = await look_up() if error.code in _NAME_TAKEN else None
            if there is None or group.found(self._plan, there).owner != self._plan.name:
                raise
            created = there
        self._ids.group = created["id"]

    async def _update_group(self, _: Update) -> None:
        path = below(GROUPS, self._ids.group)
        there = cast(Json, (await self._session.call("GET", path)).json)
        try:
            await self._session.call("PUT", path, body=group.replacement(self._plan, there))
        except VendorError as error:
            raise await self._explained(error, there) from None

    async def _explained(self, error: VendorError, ours: Json) -> VendorError:
        if error.code in _NAME_TAKEN:
            other = await lookup.the_group(self._session, self._plan.assign.group)
            if other and other["id"] != ours["id"]:
                return group.name_taken(self._plan, ours, other, error)
        return error

    async def _assign(self, _: Create) -> None:
        await self._session.call("PUT", below(APPS, self._ids.app, "groups", self._ids.group), body={})

    async def _create(
        self, path: str, query: dict[str, str] | None, body: Json, look_up: Callable[[], Awaitable[Json | None]]
    ) -> Json:
        """Creates something, once: after a lost answer it looks first whether the thing is there."""
        try:
            answer = await self._session.call("POST", path, query=query, body=body)
        except AnswerLost:
            if (there := await look_up()) is not None:
                return there
            answer = await self._session.call("POST", path, query=query, body=body)
        return cast(Json, answer.json)

    async def _read_application(self) -> Json:
        answer = await self._session.call("GET", below(APPS, self._ids.app))
        return cast(Json, answer.json)

    async def _replace(self, fresh: Json, mark: Mark | None = None) -> None:
        body = application.replacement(self._plan, fresh, mark)
        answer = await self._session.call("PUT", below(APPS, fresh["id"]), body=body)
        self._live.saw(answer.json)

    async def _ours_by_label(self) -> Json | None:
        ours = await self._all_ours()
        return application.first_created(ours) if ours else None

    async def _all_ours(self) -> list[Json]:
        apps = await lookup.applications(self._session, self._plan.application.label)
        return [app for app in apps if application.is_ours(self._plan, app)]

    async def _without_twin(self) -> Json | None:
        """The plan's application as Okta lists it, if it does so already.

        Okta keeps labels apart neither by itself nor on request. Of two runs that created one at the same time the
        second finds both, takes its own away and raises `VendorError`.
        """
        ours = await self._all_ours()
        if self._live.is_new and ours and application.first_created(ours)["id"] != self._ids.app:
            await self._remove_own()
            raise Overtaken(self._plan.name, f"the application {self._ids.app} of this run is deleted again")
        return next((app for app in ours if app["id"] == self._ids.app), None)

    async def _remove_own(self) -> None:
        """An active application cannot be deleted (recording 09)."""
        await self._session.call("POST", below(APPS, self._ids.app, "lifecycle", "deactivate"), repeatable=True)
        await self._session.call("DELETE", below(APPS, self._ids.app))
        self._live.saw(None)
