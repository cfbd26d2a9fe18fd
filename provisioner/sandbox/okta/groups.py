"""Groups and who is in them, as clients ask; which apps a group gives is elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.okta import (
    assignments,
    errors,
    memberships,
    paging,
    rule_effects,
    search,
    shapes,
    user_records,
)
from provisioner.sandbox.okta.group_records import GroupView, blank, require, require_joinable, require_open, save
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

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
    group = blank(call.now, "OKTA_GROUP", profile["name"], profile["description"])
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
    members = assignments.members(call, group["id"])
    assignments.drop_group(call, group["id"])
    for user_id in members:
        call.documents.delete("membership", f"{group['id']}:{user_id}")
    call.documents.delete("group", group["id"])
    rule_effects.apply_to(call, members)
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


def add_member(call: Call) -> Answer:
    """Add a user (recording 42); a member stays one."""
    group, user = require_joinable(call, call.path["groupId"]), user_records.require_id(call, call.path["userId"])
    if user["status"] == "DEPROVISIONED":
        raise errors.wrong_status()
    memberships.join(call, group, user)
    rule_effects.apply(call, user)
    return NOTHING


def remove_member(call: Call) -> Answer:
    """Remove a user (replay); a built-in group keeps everybody (E0000006: public issue okta-sdk-java 314)."""
    group, user = require(call, call.path["groupId"]), user_records.require_id(call, call.path["userId"])
    if group["type"] != "OKTA_GROUP":
        raise errors.no_permission()
    rule_effects.remove_by_hand(call, group, user)
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
