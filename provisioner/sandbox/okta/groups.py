"""Groups and who is in them; which apps a group gives is elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.okta import assignments, errors, ids, org, paging, search, shapes, user_records
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

LIMITS = paging.Limits(default=10_000, most=10_000)
MEMBERS = paging.Limits(default=1_000, most=1_000)
"""The document's default; there is no documented maximum, and the real one is the same (okta-developer-docs PR 368)."""
_TIMES = dict.fromkeys(("lastUpdated", "lastMembershipUpdated"), search.ORDER)
_FILTER = search.Grammar({"id": frozenset({"eq"}), "type": frozenset({"eq"})} | _TIMES, fold_case=False)
_START = frozenset({"sw", "eq"})
_SEARCH = search.Grammar(
    {"id": _START, "type": _START, "profile.name": _START | {"co"}, "profile.description": _START | {"co"}}
    | {"created": search.ORDER, "source.id": _START}
    | _TIMES,
    fold_case=True,
)
_REQUEST = shapes.record(
    {"profile": shapes.open_object, "objectClass": shapes.array(shapes.text), "_embedded": shapes.open_object}
    | dict.fromkeys(("id", "type", "created", "lastUpdated", "lastMembershipUpdated"), shapes.text)
    | {"_links": shapes.open_object}
)
_LOGO = "groups/odyssey/okta-{}.png"


def seed_everyone(visit: Visit) -> Body:
    """The group that every user is in, which nobody can change (replay: GET /groups?q=Everyone)."""
    group = _blank(ids.stamp(visit.world.clock.now()), "BUILT_IN", "Everyone", "All users in your organization")
    save(visit, group)
    return group


def _blank(now: str, kind: str, name: str, description: str | None) -> Body:
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


def _checked_profile(call: Call, but: str = "") -> Body:
    """The profile of the request: a name that is free, a description; wordings are those of the vendor's user rules."""
    profile = shapes.require(_REQUEST, call.body).get("profile") or {}
    unknown = [f"Property name '{name}' is not defined in profile" for name in profile if name not in _PROFILE]
    if unknown:
        raise errors.invalid("profile", *unknown)
    if any(not shapes.text(value) for value in profile.values() if value is not None):
        raise errors.malformed()
    name, description = profile.get("name"), profile.get("description")
    if not name or len(name) > 255:
        raise errors.invalid("name", "name: The field cannot be left blank" if not name else "name: Too long")
    if description and len(description) > 1024:
        raise errors.invalid("description", "description: Too long")
    if any(group["id"] != but for group in call.documents.find("group", name=name)):
        raise errors.invalid("name", "name: An object with this field already exists in the current organization")
    return {"name": name, "description": description}


_PROFILE = ("name", "description")


def create(call: Call) -> Answer:
    """A new group (recording 41)."""
    profile = _checked_profile(call)
    group = _blank(call.now, "OKTA_GROUP", profile["name"], profile["description"])
    save(call.visit, group)
    return Answer(GroupView(call).full(group))


def read(call: Call) -> Answer:
    """One group (OpenAPI: getGroup)."""
    return Answer(GroupView(call).full(require(call, call.path["groupId"])))


def replace(call: Call) -> Answer:
    """The group with another profile (OpenAPI: replaceGroup)."""
    group = require_open(call, call.path["groupId"])
    group |= {"profile": _checked_profile(call, but=group["id"]), "lastUpdated": call.now}
    save(call.visit, group)
    return Answer(GroupView(call).full(group))


def delete(call: Call) -> Answer:
    """Remove the group, its memberships, and the assignments that it gave (OpenAPI: deleteGroup)."""
    group = require_open(call, call.path["groupId"])
    assignments.drop_group(call, group["id"])
    for user_id in assignments.members(call, group["id"]):
        call.documents.delete("membership", f"{group['id']}:{user_id}")
    call.documents.delete("group", group["id"])
    return NOTHING


def list_groups(call: Call) -> Answer:
    """A page of groups; with `q` there is neither paging nor a Link (recording 44; OpenAPI: listGroups)."""
    view, start = GroupView(call), call.query.get("q")
    wanted = _FILTER.parse(call.query["filter"]) if call.query.get("filter") else lambda _: True
    sought = _SEARCH.parse(call.query["search"]) if call.query.get("search") else None

    def kept(group: Body) -> bool:
        seen = search_index.visible(call.visit, group) if sought else group
        named = start is None or group["profile"]["name"].lower().startswith(start.lower())
        return seen is not None and named and wanted(seen) and (sought is None or sought(seen))

    if start is not None:
        found, _ = paging.gather(call, "group", paging.Limits(300, 300), kept, {})
        return Answer(paging.mixed(call, [view.full(group) for group in found]))
    found, following = paging.gather(call, "group", LIMITS, kept, {})
    return paging.answer(call, [view.full(group) for group in found], following, LIMITS, "search", "filter", "expand")


def join(call: Call, group: Body, user: Body) -> None:
    """Make the user a member, with all that the group gives; a member stays one."""
    key = f"{group['id']}:{user['id']}"
    if call.documents.get("membership", key) is None:
        link = {"group": group["id"], "user": user["id"]}
        call.documents.put("membership", key, link, **link)
        _touch(call, group)
        assignments.join(call, group["id"], user)


def _touch(call: Call, group: Body) -> None:
    group["lastMembershipUpdated"] = call.now
    save(call.visit, group)


def forget_user(call: Call, user_id: str) -> None:
    """Take a user who is removed for good out of every group."""
    for link in call.documents.find("membership", user=user_id):
        call.documents.delete("membership", f"{link['group']}:{user_id}")


def add_member(call: Call) -> Answer:
    """Add a user (recording 42); a member stays one."""
    group, user = require_joinable(call, call.path["groupId"]), user_records.require_id(call, call.path["userId"])
    if user["status"] == "DEPROVISIONED":
        raise errors.wrong_status()
    join(call, group, user)
    return NOTHING


def remove_member(call: Call) -> Answer:
    """Remove a user (replay); a built-in group keeps everybody (E0000006: public issue okta-sdk-java 314)."""
    group, user = require(call, call.path["groupId"]), user_records.require_id(call, call.path["userId"])
    if group["type"] != "OKTA_GROUP":
        raise errors.no_permission()
    if call.documents.delete("membership", f"{group['id']}:{user['id']}"):
        _touch(call, group)
        assignments.leave(call, group["id"], user["id"])
    return NOTHING


def list_members(call: Call) -> Answer:
    """A page of members, deactivated ones among them (recording 43; vendor's support article on deactivated users)."""
    group = require(call, call.path["groupId"])
    links, following = paging.gather(call, "membership", MEMBERS, lambda _: True, {"group": group["id"]})
    view = user_records.UserView(call)
    found = [call.documents.get("user", link["user"]) for link in links]
    return paging.answer(call, [view.brief(user) for user in found if user], following, MEMBERS)


def list_of_user(call: Call) -> Answer:
    """The groups that a user is in (OpenAPI: listUserGroups)."""
    user = user_records.require(call)
    links = call.documents.find("membership", user=user["id"])
    view = GroupView(call)
    return Answer([view.full(require(call, link["group"])) for link in links])


_ONE = "/api/v1/groups/{groupId}"
OPERATIONS = (
    Operation("GET", "/api/v1/groups", list_groups, "groups"),
    Operation("POST", "/api/v1/groups", create, "groups", takes=JSON),
    Operation("GET", _ONE, read, "groups"),
    Operation("PUT", _ONE, replace, "groups", takes=JSON),
    Operation("DELETE", _ONE, delete, "groups"),
    Operation("GET", f"{_ONE}/users", list_members, "groups"),
    Operation("PUT", f"{_ONE}/users/{{userId}}", add_member, "groups"),
    Operation("DELETE", f"{_ONE}/users/{{userId}}", remove_member, "groups"),
    Operation("GET", "/api/v1/users/{id}/groups", list_of_user, "users"),
)
