"""Writes people: accounts and roles. A creation that may have happened already makes no second account."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from provisioner.adapters.auth0 import jobs, lookup, user
from provisioner.core.change import Change, Create, Delete, Update
from provisioner.core.diff import differing
from provisioner.core.resource import Found, Resource
from provisioner.errors import AnswerLost, ProvisionerError, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]

# For whatever strength a connection asks for: all kinds of signs, and never three of one in a row.
_ALL_KINDS, _PAIRS = "aA1", 16


class PeopleWriter:
    """Carries out changes of users in the plan's connection."""

    def __init__(self, session: Auth0Session, plan: Auth0Plan, connection: Json) -> None:
        self._session, self._plan, self._connection = session, plan, connection
        self._named = user.named_by(plan.people)
        self.take_link: Callable[[str, str], None] = lambda *_: None

    async def create(self, change: Create) -> None:
        """Creates somebody, without a mail, and gets them a link for choosing a password.

        Whoever exists after all is taken over instead: an export may have missed them.
        """
        if created := await self._created(change):
            await self._invite(created)

    async def _created(self, change: Create) -> Json | None:
        """The account that this run made, though its answer may have been lost; None for one that was there."""
        body = {
            **user.creation(change.wanted),
            "connection": self._connection["name"],
            "password": self._password(),
            "verify_email": False,
        }
        is_ours = False
        for is_last in (False, True):
            try:
                return cast(Json, await self._session.call(lambda api: api.users.with_raw_response.create(**body)))
            except (AnswerLost, VendorError) as error:
                is_ours = is_ours or isinstance(error, AnswerLost)
                if _may_exist(error) and (there := await self.take_over(change.wanted)):
                    return there if is_ours else None
                if is_last or not isinstance(error, AnswerLost):
                    raise
        return None

    def batches(self, wave: Sequence[Change]) -> list[list[Create]]:
        """New people in groups of one import each, where they are many; an import knows no passwords in the clear."""
        new = [change for change in wave if isinstance(change, Create) and change.kind == user.KIND]
        if len(new) < user.MANY or isinstance(self._plan.users.initial_password, SecretStr):
            return []
        return jobs.parts(new, lambda change: user.creation(change.wanted))

    async def import_all(self, batch: Sequence[Change]) -> Mapping[str, ProvisionerError]:
        """Creates these people with one job, which changes nobody; who exists after all is taken over one by one."""
        wanted = {change.wanted.key: change.wanted for change in batch if isinstance(change, Create)}
        people = [user.creation(resource) for resource in wanted.values()]
        failed: dict[str, ProvisionerError] = {}
        for key, row in (await jobs.import_people(self._session, self._connection["id"], people)).items():
            try:
                if not (row.is_duplicate and await self.take_over(wanted[key])):
                    failed[wanted[key].address] = VendorError(f"Auth0 did not import {key}: {row.reason}", status=400)
            except ProvisionerError as error:
                failed[wanted[key].address] = error
        return failed

    async def update(self, change: Update) -> None:
        """Writes the fields that differ, and nothing else of the person."""
        account = await self._fresh(change.found)
        await self._patch(account.id, user.changes(account, {field.path: field.after for field in change.fields}))

    async def remove(self, change: Delete) -> None:
        """Takes somebody's access away; the account stays, and nobody is told by e-mail."""
        account = await self._fresh(change.found)
        await self._patch(account.id, user.removal(self._plan, account))

    async def _fresh(self, found: Found) -> user.Account:
        """The account as it is now: what others keep beside the roles is written along with them, and may be newer."""
        id_ = cast(user.Account, found.native).id
        there = await lookup.person(self._session, id_)
        if there is None:
            raise VendorError(f"{found.key} was deleted since the diff", status=404, hint="look at the diff again")
        return cast(user.Account, user.found((), there).native)

    async def take_over(self, wanted: Resource) -> Json | None:
        """Gives the person, if they are in the connection, what is wanted of them; the account, None without one."""
        for there in await lookup.people_by_email(self._session, wanted.key):
            if user.is_in(self._connection["name"], there):
                found = user.found(self._named, there)
                fields = {field.path: field.after for field in differing(wanted, found)}
                account = cast(user.Account, found.native)
                if fields:
                    await self._patch(account.id, user.changes(account, fields))
                return there
        return None

    async def _invite(self, created: Json) -> None:
        """Gets a link by which the person chooses a password, if the plan says so (OpenAPI: password change ticket).

        One that cannot be made fails nobody: the account is there, and there are other ways to a password.
        """
        if not user.invites(self._plan):
            return
        try:
            answer = await self._session.call(
                lambda api: api.tickets.with_raw_response.change_password(user_id=created["user_id"])
            )
            link = answer["ticket"]
        except ProvisionerError:
            link = ""
        self.take_link(user.key(created), link)

    async def _patch(self, user_id: str, body: Json) -> None:
        await self._session.call(lambda api: api.users.with_raw_response.update(user_id, **body))

    def _password(self) -> str:
        """The plan's, or one that nobody knows: Auth0 creates nobody in a database without one."""
        if isinstance(self._plan.users.initial_password, SecretStr):
            return self._plan.users.initial_password.get_secret_value()
        return "-".join((_ALL_KINDS, *(secrets.token_hex(1) for _ in range(_PAIRS))))


def _may_exist(error: AnswerLost | VendorError) -> bool:
    """A 409 says that somebody exists, or something about the tenant; only a look tells (OpenAPI: createUser)."""
    return isinstance(error, AnswerLost) or error.status == 409
