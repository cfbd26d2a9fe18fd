"""Users: create, read, update, replace and delete them; lists and the lifecycle are elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import (
    assignments,
    errors,
    group_records,
    ids,
    lifecycle,
    memberships,
    rule_effects,
    shapes,
    user_credentials,
    user_profile,
    user_schema,
)
from provisioner.sandbox.okta.user_records import FACTS, UserView, etag, require, save
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_COMMON = {
    "profile": shapes.open_object,
    "credentials": user_credentials.SHAPE,
    "realmId": shapes.text,
    "type": shapes.record({"id": shapes.text}),
}
_CREATE = shapes.record(_COMMON | {"groupIds": shapes.array(shapes.text)})
_UPDATE = shapes.record(
    _COMMON | dict.fromkeys((*FACTS, "transitioningToStatus"), shapes.text) | {"_links": shapes.open_object}
)
"""An update may repeat what a read gave; the read-only fields in it are ignored (recording 28 repeats `provider`)."""


def create(call: Call) -> Answer:
    """A new user: STAGED, PROVISIONED with an e-mail, or ACTIVE with a password (recordings 21 to 23)."""
    given, activate = shapes.require(_CREATE, call.body), call.switch("activate", True)
    type_id = (given.get("type") or {}).get("id") or user_schema.default_type(call.visit)
    profile = given.get("profile") or {}
    user_profile.check(profile, user_schema.attributes(call.visit, user_schema.require_type(call.visit, type_id)))
    _require_free_login(call.visit, profile["login"])
    member_of = [group_records.require_joinable(call, key) for key in _first_groups(given)]
    user = blank(call.now, type_id, profile)
    user_credentials.take(user, given.get("credentials") or {}, call.now)
    _check_next_login(call, activate, user)
    save(call.visit, user)
    if activate:
        lifecycle.start(call, user, mail=True)
    if call.query.get("nextLogin"):
        lifecycle.turn(call, user, "PASSWORD_EXPIRED")
    for group in (group_records.everyone(call.visit), *member_of):
        memberships.join(call, group, user)
    rule_effects.apply(call, user)
    return Answer(UserView(call).full(user))


def _first_groups(given: Body) -> list[str]:
    """The groups to be created into, twenty at most (OpenAPI: Users); the wording of the refusal is a guess."""
    asked: list[str] = given.get("groupIds") or []
    if len(asked) > 20:
        raise errors.invalid("groupIds", "groupIds: No more than 20 groups can be given")
    return asked


def blank(now: str, type_id: str, profile: Body) -> Body:
    """A user as it is before any credentials and before its activation."""
    return {
        "id": ids.new("00u"),
        "status": "STAGED",
        "created": now,
        "activated": None,
        "statusChanged": None,
        "lastLogin": None,
        "lastUpdated": now,
        "passwordChanged": None,
        "type": {"id": type_id},
        "profile": user_profile.shown(profile),
        "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
        "hidden": {},
    }


def _check_next_login(call: Call, activate: bool, user: Body) -> None:
    """A password that must be changed has to be there, for a user who is active (E0000124 and E0000125)."""
    wish = call.query.get("nextLogin")
    if wish is None:
        return
    if wish != "changePassword":
        raise errors.invalid("nextLogin", "nextLogin: The value must be changePassword")
    expire = "Could not create user. To create a user and expire their password immediately,"
    if "password" not in user["credentials"]:
        raise errors.refusal("E0000124", 400, f"{expire} a password must be specified")
    if not activate:
        raise errors.refusal("E0000125", 400, f'{expire} "activate" must be true')


def _require_free_login(visit: Visit, login: str, but: str = "") -> None:
    """E0000001 where another user has the login (public issue CDCgov/prime-simplereport 1100)."""
    holders = visit.documents.find("user", login=user_profile.same_login(login))
    if any(user["id"] != but for user in holders):
        raise errors.invalid("login", "login: An object with this field already exists in the current organization")


def read(call: Call) -> Answer:
    """One user, with an entity tag (recording 26)."""
    user = require(call)
    return Answer(UserView(call).full(user), headers=[("etag", etag(user))])


def update(call: Call) -> Answer:
    """A partial update: what is not named stays, a null clears (OpenAPI: updateUser; recording 28)."""
    given, user = shapes.require(_UPDATE, call.body), _writable(call)
    if (given.get("type") or {}).get("id") not in {None, user["type"]["id"]}:
        raise errors.invalid("type", "type: The user type cannot be changed by a partial update")
    return _store(call, user, user["profile"] | (given.get("profile") or {}), given)


def replace(call: Call) -> Answer:
    """A full update: profile attributes that are not named are cleared (recording 27)."""
    given, user = shapes.require(_UPDATE, call.body), _writable(call)
    type_id = (given.get("type") or {}).get("id")
    if type_id:
        user["type"] = {"id": user_schema.require_type(call.visit, type_id)}
    # Credentials alone leave the profile as it is (replay: updateCredentials).
    return _store(call, user, user["profile"] if given.get("profile") is None else given["profile"], given)


def _writable(call: Call) -> Body:
    """The user, when it may be changed now and is what the client last saw."""
    user = require(call)
    if user["status"] == "DEPROVISIONED":
        raise errors.wrong_status()
    expected = call.headers.get("if-match")
    if expected and expected not in {"*", etag(user)}:
        raise errors.etag_mismatch()
    return user


def _store(call: Call, user: Body, profile: Body, given: Body) -> Answer:
    user_profile.check(profile, user_schema.attributes(call.visit, user["type"]["id"]))
    _require_free_login(call.visit, profile["login"], but=user["id"])
    user["profile"] = user_profile.shown(profile)
    user_credentials.take(user, given.get("credentials") or {}, call.now)
    user["lastUpdated"] = call.now
    save(call.visit, user)
    assignments.refresh_user(call, user)
    rule_effects.apply(call, user)
    return Answer(UserView(call).full(user))


def delete(call: Call) -> Answer:
    """The first call deactivates, the second removes for good (recording 32)."""
    user = require(call)
    if user["status"] != "DEPROVISIONED":
        lifecycle.end(call, user)
        return NOTHING
    memberships.forget_user(call, user["id"])
    call.documents.delete("user", user["id"])
    return NOTHING


OPERATIONS = (
    Operation("POST", "/api/v1/users", create, "users", takes=JSON),
    Operation("GET", "/api/v1/users/{id}", read, "users"),
    Operation("POST", "/api/v1/users/{id}", update, "users", takes=JSON),
    Operation("PUT", "/api/v1/users/{id}", replace, "users", takes=JSON),
    Operation("DELETE", "/api/v1/users/{id}", delete, "users"),
)
