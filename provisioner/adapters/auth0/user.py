"""A person in the plan's connection: roles in `app_metadata.flex`, and such attributes as the plan names. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from provisioner.core.resource import Found, Resource, Value, as_value
from provisioner.flex.roles import FLEX_ROLES, ROLES

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.planfile.people import Person

Json = dict[str, Any]

KIND = "user"
BLOCKED_HINT = "unblock the person in Auth0, or take them out of the plan"
# An account of somebody in the plan, in another connection than the plan's: seen and reported, never touched.
ELSEWHERE = "account_elsewhere"
# Somebody with roles who is not in the plan, and may be in another one, its `owner`, or stays because the plan keeps
# people: seen and reported, never touched.
BESIDE = "person_beside_the_plan"

# What is asked for of everybody: all that is compared, and what a write needs.
FIELDS = (
    *("user_id", "email", "email_verified", "blocked", "identities", "logins_count", "last_password_reset"),
    *("name", "given_name", "family_name", "picture", "app_metadata", "user_metadata"),
)
_ATTRIBUTES = ("name", "given_name", "family_name", "picture")
_METADATA = "user_metadata."
# From so many new people on, a job that is asked for its end now and then is less than a request for each.
MANY = 40


@dataclass(frozen=True, slots=True)
class Account:
    """What a write needs of a person who is there; `flex` is the whole object in which the roles stand.

    `waiting` says that nobody ever signed in or chose a password.
    """

    id: str
    flex: Json = field(default_factory=dict)
    blocked: bool = False
    unverified: bool = False
    waiting: bool = False


def wanted(plan: Auth0Plan, person: Person) -> Resource:
    """The person. An existing one is taken for the roles and for what the plan names beside them."""
    fields: dict[str, Value] = {"roles": person.roles}
    if plan.users.create:
        fields |= {path: as_value(value) for path, value in person.attributes.items()}
    reason = "" if plan.users.create else "the plan creates nobody (users.create is false)"
    return Resource(KIND, person.key, fields, must_exist=reason)


def found(named: Collection[str], user: Json) -> Found:
    """The person as Auth0 holds them; of `user_metadata`, only the attributes in `named` (see `named_by`)."""
    metadata: Json = user.get("user_metadata") or {}
    flex = _flex(user)
    fields = {
        "roles": _roles(flex.get("roles")),
        **{path: as_value(user.get(path)) for path in _ATTRIBUTES},
        **{_METADATA + name: as_value(metadata.get(name)) for name in named},
    }
    account = Account(
        user["user_id"], flex, bool(user.get("blocked")), user.get("email_verified") is False, _is_waiting(user)
    )
    return Found(KIND, key(user), fields, native=account)


def elsewhere(user: Json) -> Found:
    """The account under the person's address and the connection that it is in."""
    names = ", ".join(str(identity.get("connection")) for identity in user.get("identities") or ())
    return Found(ELSEWHERE, f"{key(user)} in {names}")


def key(user: Json) -> str:
    """What tells people of a connection apart: addresses are kept in lower case, and a few accounts have none."""
    return str(user.get("email") or user.get("user_id") or "").lower()


def invites(plan: Auth0Plan) -> bool:
    """Whether new people get a link for choosing a password."""
    return plan.users.create and plan.users.initial_password == "ticket"  # noqa: S105 - a word of the plan file


def named_by(people: Iterable[Person]) -> frozenset[str]:
    """The attributes in `user_metadata` that the plan names for anybody."""
    columns = {name for person in people for name in person.names}
    return frozenset(name.removeprefix(_METADATA) for name in columns if name.startswith(_METADATA))


def is_in(connection: str, user: Json) -> bool:
    """Whether the person signs in through this connection; linked accounts have several identities."""
    return any(identity.get("connection") == connection for identity in user.get("identities") or ())


def creation(resource: Resource) -> Json:
    """What both `POST /users` and an import take of a new person."""
    said = {path: value for path, value in resource.fields.items() if value is not None}
    return {"email": resource.key, **changes(Account(""), said)}


def changes(account: Account, fields: Mapping[str, Value]) -> Json:
    """What `PATCH /users/{id}` takes: these fields, and nothing else of the person.

    Metadata is merged on the first level only (OpenAPI: updateUser), so the whole `flex` object goes along; null
    deletes a name in `user_metadata`.
    """
    body: Json = {path: _plain(value) for path, value in fields.items() if path in _ATTRIBUTES}
    if "roles" in fields:
        body["app_metadata"] = {"flex": {**account.flex, "roles": _plain(fields["roles"])}}
    metadata = {path.removeprefix(_METADATA): _plain(value) for path, value in fields.items() if _is_metadata(path)}
    return body | ({"user_metadata": metadata} if metadata else {})


def removal(plan: Auth0Plan, account: Account) -> Json:
    """What takes somebody's access away: no login at all, or no roles, without which the Action denies the login."""
    return {"blocked": True} if plan.users.on_removal == "block" else changes(account, {"roles": ()})


def sent_roles(roles: Value) -> frozenset[str]:
    """What the generated Action sends of such roles: the parts between commas that are roles of Flex."""
    texts = roles if isinstance(roles, tuple) else ()
    return ROLES.intersection(part.strip() for text in texts for part in str(text).split(","))


def is_surplus(plan: Auth0Plan, there: Found) -> bool:
    """Whether somebody whom the plan does not name can come to Flex, or could if they were not blocked for it."""
    is_done = plan.users.on_removal == "block" and cast(Account, there.native).blocked
    return not FLEX_ROLES.isdisjoint(sent_roles(there.fields["roles"])) and not is_done


def _is_waiting(user: Json) -> bool:
    """In a database, whose accounts are there before their owners (Auth0 docs: user profile root attributes)."""
    came = user.get("logins_count") or user.get("last_password_reset")
    return str(user["user_id"]).startswith("auth0|") and not came


def _flex(user: Json) -> Json:
    flex = (user.get("app_metadata") or {}).get("flex")
    return flex if isinstance(flex, dict) else {}


def _is_metadata(path: str) -> bool:
    return path.startswith(_METADATA)


def _roles(value: Any) -> tuple[str, ...]:
    """The roles in any order; a bare text is no list, and shown as what it is."""
    if isinstance(value, list):
        return tuple(sorted(each if isinstance(each, str) else json.dumps(each) for each in value))
    if isinstance(value, dict):
        return (json.dumps(value),)
    return (str(value),) if value else ()


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
