"""Actions: create, read, list, update, deploy and delete them; their versions and bindings to flows are elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import (
    action_builds,
    action_versions,
    action_view,
    bindings,
    errors,
    ids,
    paging,
    shapes,
    triggers,
)
from provisioner.sandbox.auth0.shapes import STRING, array, flag, record, text, whole
from provisioner.sandbox.auth0.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

MOST = 100
"""Actions in a tenant (vendor's page on entity limits)."""
_TRIGGER = record(
    dict.fromkeys(("version", "status", "default_runtime", "binding_policy"), STRING)
    | {
        "id": shapes.choice(*triggers.IDS),
        "runtimes": array(STRING),
        "compatible_triggers": array(record(dict.fromkeys(("id", "version"), STRING), "id", "version")),
    },
    "id",
)
_FIELDS = {
    "name": text(least=1),
    "supported_triggers": array(_TRIGGER, least=1, most=1),
    "code": text(most=100_000),
    "dependencies": array(record(dict.fromkeys(("name", "version", "registry_url"), STRING))),
    "runtime": STRING,
    "secrets": array(record(dict.fromkeys(("name", "value", "updated_at"), STRING), "name")),
    "modules": array(
        record(
            dict.fromkeys(("module_id", "module_name", "module_version_id"), STRING)
            | {"module_version_number": whole()}
        )
    ),
}
"""An Action has one trigger at a time, and 100 kB of code (OpenAPI: createAction; vendor's page on Actions' limits)."""
_CREATE = record(_FIELDS | {"deploy": flag}, "name", "supported_triggers")
_UPDATE = record(_FIELDS)


def create(call: Call) -> Answer:
    """A new draft, which is built at once; with `deploy` also a first version (recordings 13 and 18)."""
    given = shapes.require(_CREATE, call.body)
    if call.documents.count("action") >= MOST:
        raise errors.bad_request(f"The tenant has reached its limit of {MOST} actions.", None)
    now = ids.nanoseconds(call.time)
    action: Body = {
        "id": ids.unique(),
        "created_at": now,
        "code": "module.exports = () => {}",
        "dependencies": [],
        "secrets": [],
    }
    _change(call, action, given, now)
    if given.get("deploy"):
        action_versions.make(call.visit, action, action["build"], appears=call.time)
        action["deployed"] = True
    save(call.visit, action)
    return Answer(action_view.shown(call.visit, action), 201)


def _change(call: Call, action: Body, given: Body, now: str) -> None:
    """Take over what was given, and begin a new build."""
    _require_free_name(call, given.get("name", ""), action["id"])
    action |= {name: given[name] for name in ("name", "code", "dependencies") if name in given}
    if "supported_triggers" in given:
        wanted = given["supported_triggers"][0]
        trigger = triggers.of(wanted["id"], wanted.get("version"))
        action["supported_triggers"] = [{"id": trigger.id, "version": trigger.version}]
    action["runtime"] = _runtime(action, given.get("runtime"))
    if "secrets" in given:
        action["secrets"] = _secrets(action["secrets"], given["secrets"], now)
    action |= {"updated_at": now, "deployed": False, "build": action_builds.begin(call.visit, action["dependencies"])}


def _require_free_name(call: Call, name: str, but: str) -> None:
    """Names are unique, since bindings may go by them; the words are a guess."""
    if any(other["id"] != but for other in call.documents.find("action", name=name)):
        raise errors.refusal(409, f"An action with the name '{name}' already exists.")


def _runtime(action: Body, wanted: str | None) -> str:
    """The runtime that was asked for or is there already, if the trigger has it (recording 28; words are a guess)."""
    trigger = triggers.of(**action["supported_triggers"][0])
    chosen = wanted or action.get("runtime") or trigger.default_runtime
    if chosen not in (*trigger.runtimes, trigger.default_runtime):
        raise errors.bad_request(f"Runtime {chosen} is not supported by trigger {trigger.id} {trigger.version}.", None)
    return str(chosen)


def _secrets(before: list[Body], given: list[Body], now: str) -> list[Body]:
    """The named secrets: known ones first, and with their old values where none is given (replay: TestAccAction)."""
    kept = {each["name"]: each for each in before if any(each["name"] == other["name"] for other in given)}
    for each in given:
        if "value" in each:
            kept[each["name"]] = {"name": each["name"], "value": each["value"], "updated_at": now}
        elif each["name"] not in kept:
            raise errors.bad_request(f"Secret {each['name']} has no value.", None)
    return list(kept.values())


def save(visit: Visit, action: Body) -> None:
    """Write the Action, findable by name."""
    visit.documents.put("action", action["id"], action, name=action["name"])


def require(call: Call, name: str = "id") -> Body:
    """The Action that the path names; otherwise 404 without a code (recording 21)."""
    action = call.documents.get("action", call.path[name])
    if action is None:
        raise errors.not_found("That action does not exist.")
    return action


def read(call: Call) -> Answer:
    """One Action."""
    return Answer(action_view.shown(call.visit, require(call)))


def list_actions(call: Call) -> Answer:
    """A page of Actions, twenty by default (OpenAPI: getActions; replay)."""
    found = [action_view.shown(call.visit, action) for action in call.documents.find("action")]
    if "actionName" in call.query:
        found = [action for action in found if action["name"] == call.query["actionName"]]
    if "triggerId" in call.query:
        found = [action for action in found if action["supported_triggers"][0]["id"] == call.query["triggerId"]]
    if "deployed" in call.query:
        found = [action for action in found if ("deployed_version" in action) == call.flag("deployed")]
    if call.flag("installed"):
        found = []
    return paging.numbered(call, "actions", found)


def update(call: Call) -> Answer:
    """A changed draft, which is built anew; what is deployed stays as it is (recording 19)."""
    action = require(call)
    _change(call, action, shapes.require(_UPDATE, call.body), ids.nanoseconds(call.time))
    save(call.visit, action)
    return Answer(action_view.shown(call.visit, action))


def deploy(call: Call) -> Answer:
    """A new version of a built draft; the answer does not call it deployed yet (recording 15; not 202 as documented).

    The refusal of a draft that is not built: public issue auth0-deploy-cli 395.
    """
    action = require(call)
    if action_view.status(call.visit, action) != "built":
        raise errors.bad_request("A draft must be in the 'built' state before it can be deployed.", None)
    ends = call.time + action_builds.DEPLOY_TIME
    version = action_versions.make(call.visit, action, {"started": call.time, "ends": ends}, appears=ends)
    action["deployed"] = True
    save(call.visit, action)
    answer = action_versions.full(call.visit, version, deployed=False)
    return Answer(answer | {"status": "built", "action": action_view.shell(action)})


def delete(call: Call) -> Answer:
    """Gone with its versions; a bound Action only with `force` (public issue terraform-provider-auth0 1550)."""
    action = require(call)
    if bindings.holds(call.visit, action["id"]) and not call.flag("force"):
        raise errors.refusal(409, "Unable to delete an action bound to a trigger.")
    bindings.forget_action(call.visit, action["id"])
    for version in call.documents.find("actionVersion", action=action["id"]):
        call.documents.delete("actionVersion", version["id"])
    call.documents.delete("action", action["id"])
    return NOTHING


def list_modules(call: Call) -> Answer:
    """No modules: the sandbox's Actions share no code (OpenAPI: getActionModules)."""
    return paging.numbered(call, "modules", [])


_PAGES = ("page", "per_page")
OPERATIONS = (
    Operation(
        "GET",
        "/api/v2/actions/actions",
        list_actions,
        ("read:actions",),
        query=("triggerId", "actionName", "deployed", "installed", *_PAGES),
    ),
    Operation("POST", "/api/v2/actions/actions", create, ("create:actions",), takes=(JSON,)),
    Operation("GET", "/api/v2/actions/actions/{id}", read, ("read:actions",)),
    Operation("PATCH", "/api/v2/actions/actions/{id}", update, ("update:actions",), takes=(JSON,)),
    Operation("DELETE", "/api/v2/actions/actions/{id}", delete, ("delete:actions",), query=("force",)),
    Operation("POST", "/api/v2/actions/actions/{id}/deploy", deploy, ("create:actions",)),
    Operation("GET", "/api/v2/actions/modules", list_modules, ("read:actions",), query=_PAGES),
    *triggers.OPERATIONS,
)
