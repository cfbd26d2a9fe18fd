"""Users of an app, as the API shows and changes them."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import apps, assignments, errors, paging, shapes
from provisioner.sandbox.okta.user_records import UserView, require_id
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

LIMITS = paging.Limits(default=50, most=500)
"""The default is recorded (35), the maximum is the document's (listApplicationUsers)."""
_FACTS = ("externalId", "created", "lastUpdated", "status", "statusChanged", "passwordChanged", "lastSync", "syncState")
_REQUEST = shapes.record(
    dict.fromkeys(("id", *_FACTS), shapes.text)
    | {
        "scope": shapes.one_of("USER", "GROUP"),
        "credentials": shapes.record(
            {"userName": shapes.text, "password": shapes.record({"value": shapes.text})},
        ),
        "profile": shapes.open_object,
        "_links": shapes.open_object,
        "_embedded": shapes.open_object,
    }
)


def _view(call: Call, held: Body) -> Body:
    """An assignment as recorded (33)."""
    return {
        "id": held["user"],
        "externalId": None,
        "created": held["created"],
        "lastUpdated": held["lastUpdated"],
        "scope": held["scope"],
        "status": "ACTIVE",
        "statusChanged": held["statusChanged"],
        "passwordChanged": None,
        "syncState": "DISABLED",
        "credentials": {"userName": held["userName"]},
        "profile": held["profile"],
        "_links": _links(call, held),
    }


def _links(call: Call, held: Body) -> Body:
    links = {
        "app": {"href": call.href(f"apps/{held['app']}")},
        "user": {"href": call.href(f"users/{held['user']}")},
    }
    if held["scope"] == "GROUP":
        for link in call.documents.find("appGroup", app=held["app"]):
            if call.documents.get("membership", f"{link['group']}:{held['user']}"):
                return links | {"group": {"href": call.href(f"groups/{link['group']}")}}
    return links


def assign(call: Call) -> Answer:
    """Assign a user by himself, also one who has the app through a group (recording 33)."""
    given, app = shapes.require(_REQUEST, call.body), apps.require(call)
    if not given.get("id"):
        raise errors.invalid("id", "id: The field cannot be left blank")
    user = require_id(call, given["id"])
    _check_profile(app, given)
    return Answer(_view(call, assignments.assign(call, app, user, _scope(call, app, user, given), given)))


def _scope(call: Call, app: Body, user: Body, given: Body) -> str:
    """The scope asked for, USER by default; GROUP takes a group that gives the app (the wording is a guess)."""
    scope = given.get("scope") or "USER"
    if scope == "GROUP" and not assignments.through_group(call, app["id"], user["id"]):
        raise errors.invalid("scope", "scope: No group gives the application to the user")
    return str(scope)


def _check_profile(app: Body, given: Body) -> None:
    """An attribute that the app's profile lacks is refused (public issue oktadeveloper/okta-blog-archive 2167)."""
    known = assignments.OIDC_ATTRIBUTES if app["signOnMode"] == "OPENID_CONNECT" else ()
    unknown = [name for name in given.get("profile") or {} if name not in known]
    if unknown:
        raise errors.invalid("assignment", *(f"Property '{name}' not found" for name in unknown))


def _held(call: Call) -> Body:
    """The assignment that the path names; otherwise E0000007 (AppUser)."""
    app, key = apps.require(call), call.path["userId"]
    held = assignments.get(call, app["id"], key)
    if held is None:
        raise errors.not_found(key, "AppUser")
    return held


def read(call: Call) -> Answer:
    """One user of the app (recording 34)."""
    held = _held(call)
    return Answer(_expanded(call, UserView(call), held))


def _expanded(call: Call, view: UserView, held: Body) -> Body:
    shown = _view(call, held)
    if call.query.get("expand") == "user":
        shown["_embedded"] = {"user": view.full(require_id(call, held["user"]))}
    return shown


def update(call: Call) -> Answer:
    """Other credentials, profile or scope for a user of the app (OpenAPI: updateApplicationUser)."""
    given, app, held = shapes.require(_REQUEST, call.body), apps.require(call), _held(call)
    _check_profile(app, given)
    user = require_id(call, held["user"])
    scope = _scope(call, app, user, {"scope": held["scope"]} | given)
    return Answer(_view(call, assignments.assign(call, app, user, scope, given)))


def unassign(call: Call) -> Answer:
    """Take the app from a user (recording 36), unless a group gives it to him as well (E0000046)."""
    held = _held(call)
    call.switch("sendEmail", False)
    if assignments.through_group(call, held["app"], held["user"]):
        raise errors.kept_by_group()
    call.documents.delete("appUser", f"{held['app']}:{held['user']}")
    return NOTHING


def list_users(call: Call) -> Answer:
    """A page of the app's users, by the start of a name or all (recording 35)."""
    app, start = apps.require(call), call.query.get("q", "").lower()

    def kept(held: Body) -> bool:
        values = (held["userName"], *(held["profile"].get(name) for name in ("firstName", "lastName", "email")))
        return any(value and value.lower().startswith(start) for value in values)

    found, following = paging.gather(call, "appUser", LIMITS, kept, {"app": app["id"]})
    view = UserView(call)
    shown = [_expanded(call, view, held) for held in found]
    return paging.answer(call, shown, following, LIMITS, "q", "expand")


_USERS = "/api/v1/apps/{appId}/users"
OPERATIONS = (
    Operation("GET", _USERS, list_users, "apps"),
    Operation("POST", _USERS, assign, "apps", takes=JSON),
    Operation("GET", f"{_USERS}/{{userId}}", read, "apps"),
    Operation("POST", f"{_USERS}/{{userId}}", update, "apps", takes=JSON),
    Operation("DELETE", f"{_USERS}/{{userId}}", unassign, "apps"),
)
