"""Users as the store holds them and as answers show them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.okta import errors, org, user_profile, user_schema
from provisioner.sandbox.okta.wire import Call
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

FACTS = ("id", "status", "created", "activated", "statusChanged", "lastLogin", "lastUpdated", "passwordChanged")
"""The read-only fields of every user (recording 21)."""
_NEXT_STEPS = {
    "STAGED": ("activate",),
    "PROVISIONED": ("suspend", "resetPassword", "reactivate", "deactivate"),
    "ACTIVE": ("suspend", "resetPassword", "expirePassword", "deactivate"),
    "PASSWORD_EXPIRED": ("suspend", "resetPassword", "expirePassword", "deactivate"),
    "RECOVERY": ("suspend", "resetPassword", "deactivate"),
    "SUSPENDED": ("unsuspend", "deactivate"),
    "DEPROVISIONED": ("activate", "delete"),
}
"""The lifecycle links by status (recordings 21 to 23 and the replay); SUSPENDED is the document's, RECOVERY a guess."""


def save(visit: Visit, user: Body) -> None:
    """Write the user, findable by login, by what stands before its `@`, and by type."""
    login = user_profile.same_login(user["profile"]["login"])
    body = search_index.remember(visit, "user", user["id"], user)
    visit.documents.put("user", user["id"], body, login=login, short=login.partition("@")[0], type=user["type"]["id"])


def find(visit: Visit, key: str) -> Body | None:
    """The user with this id, login, or unambiguous part of a login before its `@` (OpenAPI: getUser)."""
    user = visit.documents.get("user", key)
    if user is None:
        login = user_profile.same_login(key)
        matches = visit.documents.find("user", login=login) or visit.documents.find("user", short=login)
        user = matches[0] if len(matches) == 1 else None
    return user


def require(call: Call) -> Body:
    """The user that the path names, `me` being the caller; otherwise E0000007 (recording 30)."""
    key = call.path["id"]
    user = find(call.visit, call.caller if key == "me" else key)
    if user is None:
        raise errors.not_found(key, "User")
    return user


def require_id(call: Call, key: str) -> Body:
    """The user with this id, and no login in its place; otherwise E0000007."""
    user = call.documents.get("user", key)
    if user is None:
        raise errors.not_found(key, "User")
    return user


def etag(user: Body) -> str:
    """A weak tag over what the user is, sixty-four hexadecimal digits long (recording 26)."""
    seen = json.dumps([user[name] for name in ("status", "profile", "credentials", "type")], sort_keys=True)
    return f'W/"{hashlib.sha256(seen.encode()).hexdigest()}"'


class UserView:
    """Shows users of one org; made once for an answer, however many users it holds."""

    def __init__(self, call: Call) -> None:
        body = org.load(call.visit)
        self._call = call
        self._features = frozenset(body["features"])
        self._realm = {"realmId": body["realm"]} if org.REALMS in self._features else {}

    def brief(self, user: Body) -> Body:
        """The user as lists hold it: no link but `self` (recording 29)."""
        shown = {name: user[name] for name in FACTS} | self._realm
        shown |= {name: user[name] for name in ("type", "profile", "credentials")}
        if org.ACCOUNT_EMAILS in self._features:
            primary = {"value": user["profile"]["email"], "status": "VERIFIED", "type": "PRIMARY"}
            shown["credentials"] = shown["credentials"] | {"emails": [primary]}
        return shown | {"_links": {"self": {"href": self._call.href(f"users/{user['id']}")}}}

    def full(self, user: Body) -> Body:
        """The user with a link to everything that can be done with it now (recording 21)."""
        shown = self.brief(user)
        shown["_links"] |= self._links(user)
        return shown

    def _links(self, user: Body) -> Body:
        home, call = f"users/{user['id']}", self._call
        steps = [*_NEXT_STEPS[user["status"]], *(["resetFactors"] if org.EMAIL_FACTOR in self._features else [])]
        links = {step: _post(call, f"{home}/lifecycle/{_snake(step)}") for step in steps}
        if "delete" in links:
            links["delete"] = {"href": call.href(home), "method": "DELETE"}
        if "expirePassword" in links:
            for name in ("forgotPassword", "changeRecoveryQuestion", "changePassword"):
                links[name] = _post(call, f"{home}/credentials/{_snake(name)}")
        type_id = user["type"]["id"]
        links["schema"] = {"href": call.href(f"meta/schemas/user/{user_schema.schema_id(type_id)}")}
        links["type"] = {"href": call.href(f"meta/types/user/{type_id}")}
        return links


def _post(call: Call, path: str) -> Body:
    return {"href": call.href(path), "method": "POST"}


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
