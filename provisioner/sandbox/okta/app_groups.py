"""Groups of an app: each gives the app to its members."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import apps, assignments, errors, group_records, paging, shapes
from provisioner.sandbox.okta.app_view import AppView
from provisioner.sandbox.okta.user_records import require_id
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

LIMITS = paging.Limits(default=20, most=200, least=20)
"""As recorded (39) and documented (listApplicationGroupAssignments)."""
_REQUEST = shapes.record(
    {
        "id": shapes.text,
        "lastUpdated": shapes.text,
        "priority": shapes.whole,
        "profile": shapes.open_object,
        "_links": shapes.open_object,
        "_embedded": shapes.open_object,
    }
)


def _app(call: Call) -> Body:
    """The app, when it is active: for an inactive one these endpoints know no app (provider issue 1502)."""
    app = apps.require(call)
    if app["status"] != "ACTIVE":
        raise errors.not_found(app["id"], "AppInstance")
    return app


def _view(call: Call, link: Body) -> Body:
    """A group's assignment as recorded (37)."""
    home = f"apps/{link['app']}"
    return {name: link[name] for name in ("id", "lastUpdated", "priority", "profile")} | {
        "_links": {
            "app": {"href": call.href(home)},
            "self": {"href": call.href(f"{home}/groups/{link['group']}")},
            "group": {"href": call.href(f"groups/{link['group']}")},
        }
    }


def assign(call: Call) -> Answer:
    """Assign the group, or change its assignment; a priority that is not given is the number of groups before it.

    Replay: 0 for a first group, as given otherwise, and two groups may have the same.
    """
    given = shapes.require(_REQUEST, call.body or {})
    app, group = _app(call), group_records.require(call, call.path["groupId"])
    if given.get("profile"):
        raise errors.invalid("assignment", *(f"Property '{name}' not found" for name in given["profile"]))
    key = f"{app['id']}:{group['id']}"
    before = call.documents.get("appGroup", key)
    places = call.documents.count("appGroup", app=app["id"])
    link = {
        "app": app["id"],
        "group": group["id"],
        "id": group["id"],
        "lastUpdated": call.now,
        "priority": before["priority"] if before else places,
        "profile": {},
    }
    if given.get("priority") is not None:
        link["priority"] = given["priority"]
    call.documents.put("appGroup", key, link, app=app["id"], group=group["id"])
    for user_id in [] if before else assignments.members(call, group["id"]):
        assignments.join(call, group["id"], require_id(call, user_id))
    return Answer(_view(call, link))


def _link(call: Call) -> Body:
    app, key = _app(call), call.path["groupId"]
    link = call.documents.get("appGroup", f"{app['id']}:{key}")
    if link is None:
        raise errors.not_found(key, "AppGroup")
    return link


def read(call: Call) -> Answer:
    """One group's assignment (replay)."""
    return Answer(_expanded(call, _link(call)))


def _expanded(call: Call, link: Body) -> Body:
    shown = _view(call, link)
    if call.query.get("expand") == "group":
        shown["_embedded"] = {"group": group_records.GroupView(call).full(group_records.require(call, link["group"]))}
    return shown


def unassign(call: Call) -> Answer:
    """End the assignment; members who have the app through nothing else lose it (recording 40)."""
    link = _link(call)
    assignments.unlink(call, link["app"], link["group"])
    return NOTHING


def list_groups(call: Call) -> Answer:
    """A page of the app's groups, by the start of the name or all (recording 39)."""
    app, start = _app(call), call.query.get("q", "").lower()

    def kept(link: Body) -> bool:
        name = group_records.require(call, link["group"])["profile"]["name"]
        return not start or bool(name.lower().startswith(start))

    found, following = paging.gather(call, "appGroup", LIMITS, kept, {"app": app["id"]})
    shown = [_expanded(call, link) for link in found]
    return paging.answer(call, shown, following, LIMITS, "q", "expand")


def list_apps_of_group(call: Call) -> Answer:
    """The apps that a group gives (OpenAPI: listAssignedApplicationsForGroup)."""
    group = group_records.require(call, call.path["groupId"])
    links, following = paging.gather(call, "appGroup", LIMITS, lambda _: True, {"group": group["id"]})
    view = AppView(call.visit)
    return paging.answer(call, [view.full(apps.find(call, link["app"])) for link in links], following, LIMITS)


_GROUPS = "/api/v1/apps/{appId}/groups"
OPERATIONS = (
    Operation("GET", _GROUPS, list_groups, "apps"),
    Operation("GET", f"{_GROUPS}/{{groupId}}", read, "apps"),
    Operation("PUT", f"{_GROUPS}/{{groupId}}", assign, "apps", takes=JSON),
    Operation("DELETE", f"{_GROUPS}/{{groupId}}", unassign, "apps"),
    Operation("GET", "/api/v1/groups/{groupId}/apps", list_apps_of_group, "groups"),
)
