"""The half of a tenant's connection that writes. People have a file of their own, `people.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from provisioner.adapters.auth0 import action, application, binding, lookup, user
from provisioner.adapters.auth0.jobs import IMPORTS_AT_ONCE
from provisioner.adapters.auth0.people import PeopleWriter
from provisioner.adapters.auth0.waiting import until
from provisioner.adapters.http.redact import shown_text
from provisioner.core import ownership
from provisioner.core.change import Change, Create, Update
from provisioner.core.ownership import Mark
from provisioner.core.resource import Observed
from provisioner.errors import OVERTAKEN, AnswerLost, Overtaken, ProvisionerError, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.auth0.known import Known
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]
Write = Callable[[Any], Awaitable[None]]
T = TypeVar("T")

# Builds of Actions with dependencies take up to 45 s (auth0-deploy-cli #524).
BUILD_SECONDS = 180.0


class Auth0Writer:
    """Carries changes out in one tenant, for one plan."""

    def __init__(self, session: Auth0Session, plan: Auth0Plan, known: Known, observed: Observed) -> None:
        self._session, self._plan, self._known, self._seen = session, plan, known, observed.mark
        self._people = people = PeopleWriter(session, plan, known.connection)
        self._writes: dict[tuple[str, str], Write] = {
            ("create", application.KIND): self._create_application,
            ("update", application.KIND): self._update_application,
            ("create", action.KIND): self._create_action,
            ("update", action.KIND): self._update_action,
            ("update", binding.KIND): self._bind,
            ("create", user.KIND): people.create,
            ("update", user.KIND): people.update,
            ("delete", user.KIND): people.remove,
        }

    async def is_as_seen(self) -> bool:
        """Whether nobody applied the plan since the diff; see `core.adapter.Writer`.

        From the list, because reading it alone would draw on the smallest budget.
        """
        seen = self._known.client
        marks = [application.mark(seen)] if seen and application.is_ours(self._plan, seen) else []
        return [application.mark(each) for each in await self._ours()] == marks

    async def write(self, change: Change) -> None:
        """Carries out one change; see `core.adapter.Writer`."""
        await self._writes[change.action, change.kind](change)

    @property
    def batches_at_once(self) -> int:
        """See `core.adapter.BatchWriter`."""
        return IMPORTS_AT_ONCE

    def batches(self, wave: Sequence[Change]) -> Sequence[Sequence[Change]]:
        """New people, where they are many."""
        return self._people.batches(wave)

    async def write_batch(self, batch: Sequence[Change]) -> Mapping[str, ProvisionerError]:
        """Creates people with an import job."""
        return await self._people.import_all(batch)

    def hand_links_to(self, take: Callable[[str, str], None]) -> None:
        """See `core.adapter.InvitingWriter`."""
        self._people.take_link = take

    async def record(self, mark: Mark) -> None:
        """Writes the mark, and the id of the Action, into the application's metadata.

        Raises `VendorError` where somebody else created an application for this plan at the same time: Auth0 keeps
        names apart neither by itself nor on request. Of two runs that created an Action, too, the second was refused
        and takes its application away. Raises `Overtaken` where another run ended since the diff.
        """
        ours = await self._ours()
        if len(ours) > 1 and action.KIND not in self._known.created:
            raise self._twins(ours)
        if any(ownership.is_overtaken(self._seen, application.mark(each), mark) for each in ours):
            raise Overtaken(self._plan.name, OVERTAKEN)
        await self._patch({"client_metadata": application.marked(mark, self._known.action_id)})

    async def _create_application(self, _: Create) -> None:
        body = application.body(self._plan)

        async def create() -> Json:
            return cast(Json, await self._session.call(lambda api: api.clients.with_raw_response.create(**body)))

        async def look_up() -> Json | None:
            return next(iter(await self._ours()), None)

        self._known.saw(await _once(create, look_up))
        self._known.created.add(application.KIND)
        await self._enable_only(await lookup.enabled_connections(self._session, self._client_id))

    async def _update_application(self, change: Update) -> None:
        there = cast(application.App, change.found.native)
        paths = {field.path for field in change.fields}
        if paths != {"connections"}:
            # What others changed since the diff must go along: callbacks and the add-on are replaced whole.
            await self._patch(application.patch(self._plan, await lookup.client(self._session, self._client_id)))
        if "connections" in paths:
            await self._enable_only(there.connections)

    async def _enable_only(self, connections: Mapping[str, Json]) -> None:
        """Lets people sign in to the application through the plan's connection alone; the safe way round."""
        ours = self._known.connection
        if ours["name"] not in connections:
            await self._enable(ours["id"], is_on=True)
        for name, other in connections.items():
            if name != ours["name"]:
                await self._enable(other["id"], is_on=False)

    async def _enable(self, connection_id: str, *, is_on: bool) -> None:
        """Only this application's line of the connection's list is touched (OpenAPI: patch connection clients)."""
        lines = [{"client_id": self._client_id, "status": is_on}]
        await self._session.call(
            lambda api: api.connections.clients.with_raw_response.update(connection_id, request=cast(Any, lines))
        )

    async def _create_action(self, change: Create) -> None:
        body = action.body(self._plan)

        async def create() -> Json:
            return cast(Json, await self._session.call(lambda api: api.actions.with_raw_response.create(**body)))

        async def look_up() -> Json | None:
            return await lookup.the_action(self._session, change.wanted.key)

        try:
            there = await _once(create, look_up)
        except VendorError as error:
            if error.status == 409 and await look_up():
                raise Overtaken(self._plan.name, await self._step_back()) from None
            raise
        self._known.created.add(action.KIND)
        if application.recorded_action(self._known.client):
            # The goal may be recorded already, and then nothing else would say that this one is the plan's.
            await self._patch({"client_metadata": {application.ACTION: there["id"]}})
        await self._deploy(there)

    async def _step_back(self) -> str:
        """Deletes the application that this run created, if the other run has one, too; what became of it."""
        id_ = self._client_id
        if application.KIND not in self._known.created or all(each["client_id"] == id_ for each in await self._ours()):
            return f"both have the application {id_}"
        try:
            await self._session.call(lambda api: api.clients.with_raw_response.delete(id_))
        except ProvisionerError as error:
            return f"the application {id_} of this run could not be deleted again, delete it by hand: {error.message}"
        self._known.saw(None)
        return f"the application {id_} of this run is deleted again"

    async def _update_action(self, change: Update) -> None:
        there = cast(Json, change.found.native)
        body = action.patch(self._plan)
        if any(field.path in body for field in change.fields) or there.get("status") == "failed":
            there = await self._session.call(lambda api: api.actions.with_raw_response.update(there["id"], **body))
        if any(field.path != "managed_by" for field in change.fields):
            await self._deploy(there)

    async def _deploy(self, there: Json) -> None:
        """Waits until the draft is built, deploys it, and waits until it is deployed: none of it may be skipped."""
        id_ = self._known.action_id = there["id"]
        if there.get("status") != "built":
            there = await self._action_when(id_, lambda state: state["status"] in ("built", "failed"))
        if there["status"] == "failed":
            raise VendorError(
                f"Auth0 cannot build the Action {there['name']}: {_build_errors(there)}",
                status=200,
                hint="correct action.code_file, or tell us about generated code; nothing was bound",
            )
        await self._session.call(lambda api: api.actions.with_raw_response.deploy(id_))
        await self._action_when(id_, action.is_deployed)

    async def _action_when(self, action_id: str, is_done: Callable[[Json], bool]) -> Json:
        path = lookup.below("/actions/actions", action_id)

        async def look() -> Json:
            return cast(Json, await self._session.get(path))

        return await until(self._session.clock, look, is_done, BUILD_SECONDS)

    async def _bind(self, change: Update) -> None:
        """Writes the login flow, unless it is not the one that the diff showed.

        After a lost answer it is read first: every write gives new ids, by which a second one is refused.
        """
        seen = cast(binding.Flow, change.found.native)
        body = binding.body(self._plan, replace(seen, action_id=self._known.action_id))

        async def write() -> binding.Flow:
            fresh = await lookup.flow(self._session, self._known)
            if fresh.ids != seen.ids and binding.is_as(body, fresh):
                return fresh
            if fresh.ids != seen.ids:
                raise VendorError(
                    "the login flow changed since the diff", status=409, hint="look at the diff again, then apply"
                )
            await self._session.call(
                lambda api: api.actions.triggers.bindings.with_raw_response.update_many(action.TRIGGER["id"], **body)
            )
            return fresh

        async def look_up() -> binding.Flow | None:
            fresh = await lookup.flow(self._session, self._known)
            return fresh if binding.is_as(body, fresh) else None

        await _once(write, look_up)

    @property
    def _client_id(self) -> str:
        return str(cast(Json, self._known.client)["client_id"])

    async def _ours(self) -> list[Json]:
        return [each for each in await lookup.clients(self._session) if application.is_ours(self._plan, each)]

    async def _patch(self, body: Json) -> None:
        """The answer says how the application is now; reading it again would draw on the smallest budget."""
        answer = await self._session.call(lambda api: api.clients.with_raw_response.update(self._client_id, **body))
        self._known.saw(answer)

    def _twins(self, clients: list[Json]) -> VendorError:
        ids = " and ".join(each["client_id"] for each in clients)
        return VendorError(
            f"two applications now carry the mark of the plan {self._plan.name}: {ids}",
            status=409,
            hint="two runs created one at the same time; delete the one that Flex does not use, then apply again",
        )


async def _once(create: Callable[[], Awaitable[T]], look_up: Callable[[], Awaitable[T | None]]) -> T:
    """Creates something, once: after a lost answer it looks first whether the thing is there."""
    try:
        return await create()
    except AnswerLost:
        return await look_up() or await create()


def _build_errors(there: Json) -> str:
    """What Auth0 says of its build; the texts are those of the vendor, or of the code's own syntax error."""
    errors = there.get("errors") or (there.get("current_version") or {}).get("errors") or ()
    told = [str(each.get("msg") or each.get("message") or each.get("id")) for each in errors]
    return shown_text("; ".join(told)) or "no reason given"
