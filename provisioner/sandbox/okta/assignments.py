"""Who may use an app: users by themselves (scope USER) or through a group (scope GROUP), kept in step with each other.

Okta works these out in the background; here it is done within the request that causes it.
"""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.okta import errors, templates
from provisioner.sandbox.okta.expression_nodes import Unknown
from provisioner.sandbox.okta.wire import Call

Body = dict[str, Any]

OIDC_ATTRIBUTES = re.findall(
    r"\w+",
    "street_address country website zoneinfo birthdate gender formatted profile locality given_name middle_name locale"
    " picture name nickname phone_number region postal_code family_name email",
)
"""The profile that every user of an OpenID Connect app has (recording 33)."""


def assign(call: Call, app: Body, user: Body, scope: str, given: Body | None = None) -> Body:
    """Give the user the app, and what the assignment is then; what `given` does not say comes from the user.

    E0000117 for a user who is deactivated (error catalogue).
    """
    if user["status"] == "DEPROVISIONED":
        raise errors.inactive_user_assignment()
    before, given = get(call, app["id"], user["id"]), given or {}
    name = (given.get("credentials") or {}).get("userName")
    body = (before or {"created": call.now, "statusChanged": call.now}) | {
        "app": app["id"],
        "user": user["id"],
        "scope": scope,
        "lastUpdated": call.now,
        "userName": name or user_name(app, user),
        "named": bool(name),
        "profile": _profile(app, user) | (given.get("profile") or {}),
    }
    save(call, body)
    return body


def save(call: Call, body: Body) -> None:
    """Write an assignment, findable from both ends."""
    call.documents.put("appUser", f"{body['app']}:{body['user']}", body, app=body["app"], user=body["user"])


def get(call: Call, app_id: str, user_id: str) -> Body | None:
    """The assignment of the user to the app, or None."""
    return call.documents.get("appUser", f"{app_id}:{user_id}")


def user_name(app: Body, user: Body) -> str:
    """The name that the app knows the user by, after the app's template (recording 33: `${source.login}`).

    A template that is not understood gives the login; whoever signs on to the app is told.
    """
    template = app["credentials"]["userNameTemplate"]["template"]
    if template == "${source.login}":  # nearly always, for thousands of users
        return str(user["profile"]["login"])
    try:
        return templates.user_name(template, user)
    except Unknown:
        return str(user["profile"]["login"])


def _profile(app: Body, user: Body) -> Body:
    """The app's own profile of the user: claims for OpenID Connect, nothing for an app that has no mapping."""
    if app["signOnMode"] != "OPENID_CONNECT":
        return {}
    profile = user["profile"]
    known = {
        "zoneinfo": profile.get("timezone") or "America/Los_Angeles",
        "locale": profile.get("locale") or "en_US",
        "given_name": profile["firstName"],
        "family_name": profile["lastName"],
        "middle_name": profile.get("middleName"),
        "name": profile.get("displayName") or f"{profile['firstName']} {profile['lastName']}",
        "nickname": profile.get("nickName"),
        "profile": profile.get("profileUrl"),
        "phone_number": profile.get("primaryPhone"),
        "email": profile["email"],
    }
    return dict.fromkeys(OIDC_ATTRIBUTES) | known


def members(call: Call, group_id: str) -> list[str]:
    """The ids of a group's members."""
    return [each["user"] for each in call.documents.find("membership", group=group_id)]


def join(call: Call, group_id: str, user: Body) -> None:
    """Give a new member of a group the group's apps; an assignment of the user's own stays what it is."""
    if user["status"] == "DEPROVISIONED":
        return
    for link in call.documents.find("appGroup", group=group_id):
        if get(call, link["app"], user["id"]) is None:
            assign(call, call.documents.get("app", link["app"]) or {}, user, "GROUP")


def recheck(call: Call, app_id: str, user_id: str) -> None:
    """Take the app from a user who has it through groups only, and is in none of them any more."""
    held = get(call, app_id, user_id)
    if held and held["scope"] == "GROUP" and not through_group(call, app_id, user_id):
        call.documents.delete("appUser", f"{app_id}:{user_id}")


def through_group(call: Call, app_id: str, user_id: str) -> bool:
    """Whether some group gives the user the app."""
    groups = [link["group"] for link in call.documents.find("appGroup", app=app_id)]
    return any(call.documents.get("membership", f"{group}:{user_id}") for group in groups)


def leave(call: Call, group_id: str, user_id: str) -> None:
    """Look again at all that the user had through the group."""
    for link in call.documents.find("appGroup", group=group_id):
        recheck(call, link["app"], user_id)


def refresh_user(call: Call, user: Body) -> None:
    """Bring a user's assignments up to date: templated names follow the profile, groups give their apps back."""
    for held in call.documents.find("appUser", user=user["id"]):
        app = call.documents.get("app", held["app"]) or {}
        name = held["userName"] if held["named"] else user_name(app, user)
        profile = held["profile"] | _profile(app, user)
        if (name, profile) != (held["userName"], held["profile"]):
            save(call, held | {"userName": name, "profile": profile, "lastUpdated": call.now})
    for membership in call.documents.find("membership", user=user["id"]):
        join(call, membership["group"], user)


def drop_user(call: Call, user_id: str) -> None:
    """Take every app from the user."""
    for held in call.documents.find("appUser", user=user_id):
        call.documents.delete("appUser", f"{held['app']}:{user_id}")


def drop_app(call: Call, app_id: str) -> None:
    """Forget all assignments of an app."""
    for held in call.documents.find("appUser", app=app_id):
        call.documents.delete("appUser", f"{app_id}:{held['user']}")
    for link in call.documents.find("appGroup", app=app_id):
        call.documents.delete("appGroup", f"{app_id}:{link['group']}")


def drop_group(call: Call, group_id: str) -> None:
    """Take from a group the apps it gives, and from its members what they had through it."""
    for link in call.documents.find("appGroup", group=group_id):
        unlink(call, link["app"], group_id)


def unlink(call: Call, app_id: str, group_id: str) -> None:
    """End the assignment of a group to an app."""
    call.documents.delete("appGroup", f"{app_id}:{group_id}")
    for user_id in members(call, group_id):
        recheck(call, app_id, user_id)
