"""Users as the store holds them and as answers show them."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from provisioner.sandbox import search_index
from provisioner.sandbox.auth0 import errors, ids
from provisioner.sandbox.auth0.wire import Call
from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_OWN = frozenset({"password", "index"})
"""What the store holds beside the vendor's fields."""
_PROFILE = (
    "email",
    "username",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "nickname",
    "picture",
    "blocked",
    "phone_verified",
    "user_metadata",
)


def save(visit: Visit, user: Body) -> None:
    """Write the user, findable by e-mail address at once and by search after the lag."""
    keys = {name: user[name] for name in ("email", "username") if user.get(name)}
    visit.documents.put(
        "user",
        user["user_id"],
        search_index.remember(visit, "user", user["user_id"], user),
        connection=user["identities"][0]["connection"],
        **keys,
    )


def shown(user: Body) -> Body:
    """The user without what is only the store's."""
    return {name: value for name, value in user.items() if name not in _OWN}


def require(call: Call) -> Body:
    """The user that the path names; otherwise 404 (recording 34)."""
    user = call.documents.get("user", call.path["id"])
    if user is None:
        raise errors.not_found("The user does not exist.", "inexistent_user")
    return user


def made(visit: Visit, given: Body, strategy: str = "auth0") -> Body:
    """A user with what the vendor adds to the fields that were given (recordings 29 and 30)."""
    now = iso(visit.world.clock.now())
    key = given.get("user_id") or ids.user()
    identity = {"connection": given["connection"], "user_id": key, "provider": strategy, "isSocial": False}
    user = {"created_at": now, "email_verified": given.get("email_verified", False), "identities": [identity]}
    user |= _presented(given) | {name: given[name] for name in _PROFILE if name in given}
    if given.get("app_metadata"):
        user["app_metadata"] = given["app_metadata"]
    return user | {"updated_at": now, "user_id": f"{strategy}|{key}"}


def _presented(given: Body) -> Body:
    """Name, nickname and picture, made from the e-mail address or whatever else there is."""
    title = str(given.get("email") or given.get("username") or given.get("phone_number") or "")
    digest = hashlib.md5(title.encode(), usedforsecurity=False).hexdigest()
    initials = quote(f"https://cdn.auth0.com/avatars/{title[:2].lower()}.png", safe="")
    picture = f"https://s.gravatar.com/avatar/{digest}?s=480&r=pg&d={initials}"
    return {"name": title, "nickname": title.partition("@")[0], "picture": picture}
