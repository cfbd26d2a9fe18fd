"""The versions that an Action has had: list and read them, and roll back to one."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import action_builds, action_versions, action_view, actions, errors, ids, paging, shapes
from provisioner.sandbox.auth0.shapes import flag, nullable, record
from provisioner.sandbox.auth0.wire import JSON, Answer, Call, Operation

Body = dict[str, Any]

_ROLL_BACK = nullable(record({"update_draft": flag}))
"""The body may be null (OpenAPI: post_deploy_draft_version; recorded: go-auth0 TestActionManager_DeployVersion)."""


def _shown(call: Call, action: Body, version: Body) -> Body:
    running = action_versions.current(call.visit, action)
    deployed = running is not None and running["id"] == version["id"]
    return action_versions.full(call.visit, version, deployed) | {"action": action_view.shell(action)}


def list_versions(call: Call) -> Answer:
    """A page of the Action's versions, newest first (recording 20)."""
    action = actions.require(call, "actionId")
    found = action_versions.of(call.visit, action)
    return paging.numbered(call, "versions", [_shown(call, action, version) for version in found])


def _require(call: Call, action: Body) -> Body:
    """The version that the path names, when it is this Action's; otherwise 404 in the words of the document."""
    version = call.documents.get("actionVersion", call.path["id"])
    if version is None or version["action_id"] != action["id"]:
        raise errors.not_found("The action version does not exist.")
    return version


def read(call: Call) -> Answer:
    """One version, whether it still runs or not (recorded: go-auth0 TestActionManager_Version)."""
    action = actions.require(call, "actionId")
    return Answer(_shown(call, action, _require(call, action)))


def roll_back(call: Call) -> Answer:
    """A new version that is like an old one, and runs; with `update_draft` the draft is like it too.

    OpenAPI: post_deploy_draft_version; the answer, and its status in place of 202, are recorded in go-auth0
    TestActionManager_DeployVersion. That a draft which is not like what runs has changes to deploy, and that the draft
    is taken from a version as built as that is, follows from what the document says of both.
    """
    action = actions.require(call, "actionId")
    old, given = _require(call, action), call.body
    shapes.require(_ROLL_BACK, given)
    ends = call.time + action_builds.DEPLOY_TIME
    build = {"started": call.time, "ends": ends}
    version = action_versions.make(call.visit, action | action_versions.content(old), build, appears=ends)
    if (given or {}).get("update_draft"):
        action |= action_versions.content(old) | {"build": old["build"], "updated_at": ids.nanoseconds(call.time)}
    action["deployed"] = _alike(action, version)
    actions.save(call.visit, action)
    answer = action_versions.full(call.visit, version, deployed=False)
    return Answer(answer | {"status": "built", "action": action_view.shell(action)})


def _alike(action: Body, version: Body) -> bool:
    held = action_versions.content(action)
    return held | {"dependencies": action_builds.resolved(held["dependencies"])} == action_versions.content(version)


_VERSIONS = "/api/v2/actions/actions/{actionId}/versions"
OPERATIONS = (
    Operation("GET", _VERSIONS, list_versions, ("read:actions",), query=("page", "per_page")),
    Operation("GET", f"{_VERSIONS}/{{id}}", read, ("read:actions",)),
    Operation("POST", f"{_VERSIONS}/{{id}}/deploy", roll_back, ("create:actions",), takes=(JSON,), bodiless=True),
)
