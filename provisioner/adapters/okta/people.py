"""Writes people: accounts, roles, memberships. A creation that may have happened already makes no second account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.okta import lookup, user
from provisioner.adapters.okta.paths import GROUPS, USERS, below
from provisioner.core.change import Create, Delete, Update
from provisioner.core.diff import differing
from provisioner.core.resource import Resource, Value
from provisioner.errors import AnswerLost, ProvisionerError, VendorError

if TYPE_CHECKING:
    from provisioner.adapters.okta.executor import OktaSession
    from provisioner.adapters.okta.ids import Ids
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

# Okta's code for a body that it refuses, a login that exists among them (error catalogue E0000001).
_INVALID = "E0000001"
_LOOK_AGAIN = "look at the diff again, then apply"


class PeopleWriter:
    """Carries out changes of users and memberships; `ids` knows the group and everybody who was observed."""

    def __init__(self, session: OktaSession, plan: OktaPlan, ids: Ids) -> None:
        self._session, self._plan, self._ids = session, plan, ids
        self._logins = {person.key: person.identity for person in plan.people}
        self._named = user.named_by(plan.people)
        self._taken_over: set[str] = set()

    async def create(self, change: Create) -> None:
        """Creates somebody, as a member where the change says so. Whoever exists after all is taken over instead.

        A search may have missed them, or the answer to our own request was lost.
        """
        login = self._logins[change.wanted.key]
        group_id = self._ids.group if change.parts else None
        body = user.body(self._plan, login, change.wanted, as_list=self._ids.roles_are_list, group_id=group_id)
        for is_last in (False, True):
            try:
                await self._session.call("POST", USERS, query={"activate": "true"}, body=body)
                return
            except (AnswerLost, VendorError) as error:
                if _may_exist(error) and await self._take_over(change.wanted, login, group_id):
                    return
                if is_last or not isinstance(error, AnswerLost):
                    raise self._explained(error, body["profile"]) from None

    async def update(self, change: Update) -> None:
        """Writes the fields that differ, and nothing else of the profile (OpenAPI: updateUser, a partial update)."""
        account = cast(user.Account, change.found.native)
        await self._write(account.id, {field.path: field.after for field in change.fields})

    async def deactivate(self, change: Delete) -> None:
        """Deactivates somebody; the account stays, and nobody is told by e-mail."""
        path = below(USERS, self._leaver(change), "lifecycle", "deactivate")
        await self._session.call("POST", path, query={"sendEmail": "false"}, repeatable=True)

    async def join(self, change: Create) -> None:
        """Makes somebody who exists a member of the group."""
        user_id = self._ids.users.get(change.wanted.key)
        if user_id is None:
            raise ProvisionerError(f"{self._logins[change.wanted.key]} is not in Okta and so cannot join the group")
        await self._session.call("PUT", self._membership(user_id))

    async def leave(self, change: Delete) -> None:
        """Takes somebody out of the group."""
        await self._session.call("DELETE", self._membership(self._leaver(change)))

    def _leaver(self, change: Delete) -> str:
        """The id of somebody to be removed, who may have been renamed since the diff, to somebody in the plan."""
        account = cast(user.Account, change.found.native)
        if account.id in self._taken_over:
            raise VendorError(
                f"{change.found.key} has another login by now, which the plan names", status=409, hint=_LOOK_AGAIN
            )
        return account.id

    async def _take_over(self, wanted: Resource, login: str, group_id: str | None) -> bool:
        there = await lookup.user(self._session, login)
        # A login without @ finds whoever has it before the @ of theirs, too (OpenAPI: getUser).
        if there is None or user.key(there).startswith(f"{wanted.key}@"):
            return False
        if user.key(there) != wanted.key:
            raise VendorError(user.same_login(login, user.key(there)), status=409)
        if remedy := user.LOCKED_OUT.get(there["status"]):
            raise VendorError(f"{login} is {there['status']} in Okta", status=409, hint=remedy)
        self._taken_over.add(there["id"])
        found = user.found(self._plan, self._named, there)
        await self._write(there["id"], {field.path: field.after for field in differing(wanted, found)})
        if group_id:
            await self._session.call("PUT", self._membership(there["id"]))
        return True

    async def _write(self, user_id: str, fields: dict[str, Value]) -> None:
        if not fields:
            return
        profile = user.attributes(self._plan, fields, as_list=self._ids.roles_are_list)
        try:
            await self._session.call("POST", below(USERS, user_id), body={"profile": profile}, repeatable=True)
        except VendorError as error:
            raise self._explained(error, profile) from None

    def _membership(self, user_id: str) -> str:
        return below(GROUPS, self._ids.group, "users", user_id)

    def _explained(self, error: AnswerLost | VendorError, profile: Json) -> AnswerLost | VendorError:
        if isinstance(error, VendorError) and error.code == _INVALID:
            error.hint = (
                f"Okta refuses one of the attributes {', '.join(sorted(profile))}: each must be in the org's profile"
                " schema, and where a directory or an HR application masters people, their attributes cannot be"
                " written here; users.roles_attribute can name another one"
            )
        return error


def _may_exist(error: AnswerLost | VendorError) -> bool:
    return isinstance(error, AnswerLost) or error.code == _INVALID
