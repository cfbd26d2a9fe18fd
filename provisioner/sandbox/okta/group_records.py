"""Groups as the store holds them and as answers show them."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.okta import errors, ids, org
from provisioner.sandbox.okta.wire import Call
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_LOGO = "groups/odyssey/okta-{}.png"


def seed_everyone(visit: Visit) -> Body:
    """The group that every user is in, which nobody can change (replay: GET /groups?q=Everyone)."""
    group = blank(ids.stamp(visit.world.clock.now()), "BUILT_IN", "Everyone", "All users in your organization")
    save(visit, group)
    return group


def blank(now: str, kind: str, name: str, description: str | None) -> Body:
    """A group as it is when it is new (recording 41)."""
    return {
        "id": ids.new("00g"),
        "created": now,
        "lastUpdated": now,
        "lastMembershipUpdated": now,
        "objectClass": ["okta:user_group"],
        "type": kind,
        "profile": {"name": name, "description": description},
    }


def save(visit: Visit, group: Body) -> None:
    """Write the group, findable by name and type. Names are case-sensitive (vendor's help page on profile types)."""
    body = search_index.remember(visit, "group", group["id"], group)
    visit.documents.put("group", group["id"], body, name=group["profile"]["name"], type=group["type"])


def everyone(visit: Visit) -> Body:
    """The group Everyone."""
    return visit.documents.find("group", type="BUILT_IN")[0]


def require(call: Call, key: str) -> Body:
    """The group with this id; otherwise E0000007 with the vendor's word for it (replay: GET of a deleted group)."""
    group = call.documents.get("group", key)
    if group is None:
        raise errors.not_found(key, "UserGroup")
    return group


def require_open(call: Call, key: str) -> Body:
    """The group, when a client may change it; a built-in one is refused (E0000111, which is a guess)."""
    group = require(call, key)
    if group["type"] != "OKTA_GROUP":
        raise errors.read_only_object("UserGroup")
    return group


def require_joinable(call: Call, key: str) -> Body:
    """The group, when it takes members; a built-in one takes nobody (E0000060: vendor's help on Create User)."""
    group = require(call, key)
    if group["type"] != "OKTA_GROUP":
        raise errors.unsupported()
    return group


class GroupView:
    """Shows groups of one org; made once for an answer."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._owners = org.GROUP_OWNERS in org.features(call.visit)

    def full(self, group: Body) -> Body:
        """The group with its links (recording 41)."""
        home = f"groups/{group['id']}"
        links: Body = {
            "logo": [
                {"name": size, "href": f"{org.STATIC}/{_LOGO.format(size)}", "type": "image/png"}
                for size in ("medium", "large")
            ]
        }
        for name in (["owners"] if self._owners else []) + ["users", "apps"]:
            links[name] = {"href": self._call.href(f"{home}/{name}")}
        return {name: value for name, value in group.items() if name != "index"} | {"_links": links}
