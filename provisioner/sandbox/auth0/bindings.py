"""Which Actions run at which trigger, and in which order."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import action_view, errors, ids, paging, shapes, triggers
from provisioner.sandbox.auth0.shapes import STRING, array, one_of, record
from provisioner.sandbox.auth0.wire import JSON, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

MOST = 20
"""Actions bound to one trigger (vendor's page on entity limits)."""
_REFERENCE = record({"type": shapes.choice("binding_id", "action_id", "action_name"), "value": STRING}, "type", "value")
_BINDING = one_of(record({"ref": _REFERENCE, "display_name": STRING, "secrets": array(record({}, extra=True))}, "ref"))
"""The former form `{id, …}` matches no branch any more (OpenAPI: patchBindings)."""
_UPDATE = record({"bindings": array(_BINDING)}, "bindings")


def of(visit: Visit, trigger: str) -> list[Body]:
    """The bindings of a trigger, in the order in which they run."""
    found = visit.documents.get("bindings", trigger)
    return list(found["bindings"]) if found else []


def _save(visit: Visit, trigger: str, bound: list[Body]) -> None:
    visit.documents.put("bindings", trigger, {"trigger": trigger, "bindings": bound})


def holds(visit: Visit, action_id: str) -> bool:
    """Whether the Action is bound anywhere."""
    return any(binding["action_id"] == action_id for trigger in triggers.IDS for binding in of(visit, trigger))


def forget_action(visit: Visit, action_id: str) -> None:
    """Take the Action out of every flow."""
    for trigger in triggers.IDS:
        kept = [binding for binding in of(visit, trigger) if binding["action_id"] != action_id]
        _save(visit, trigger, kept)


def read(call: Call) -> Answer:
    """A page of a trigger's bindings (recordings 23 and 24)."""
    trigger = triggers.require(call)
    return paging.numbered(call, "bindings", shown(call.visit, trigger))


def shown(visit: Visit, trigger: str) -> list[Body]:
    """The bindings as answers hold them (recording 22)."""
    return [_shown(visit, trigger, binding) for binding in of(visit, trigger)]


def _shown(visit: Visit, trigger: str, binding: Body) -> Body:
    action = visit.documents.get("action", binding["action_id"]) or {}
    # The inner Action never claims that all is deployed, even when it is (recording 23).
    inner = action_view.shell(action) | action_view.deployment(visit, action)
    facts = {name: binding[name] for name in ("id", "created_at", "updated_at", "display_name")}
    return facts | {"trigger_id": trigger, "action": inner}


def replace(call: Call) -> Answer:
    """The whole list anew, in this order, each binding with a new id (recordings 22, 25, 26 and 27)."""
    trigger = triggers.require(call)
    given = shapes.require(_UPDATE, call.body)["bindings"]
    if len(given) > MOST:
        raise errors.bad_request(f"A trigger has at most {MOST} bindings.", None)
    bound = [_bound(call, trigger, each) for each in given]
    _save(call.visit, trigger, bound)
    return Answer({"bindings": shown(call.visit, trigger)})


def _bound(call: Call, trigger: str, given: Body) -> Body:
    action = _referenced(call, trigger, given["ref"])
    if action["supported_triggers"][0]["id"] != trigger:
        raise errors.bad_request("Trying to create a binding for an action that does not support the trigger", None)
    if not action_view.deployment(call.visit, action):
        # Public issue auth0-deploy-cli 385.
        raise errors.bad_request("Trying to create a binding for an action that has not been deployed yet", None)
    now = ids.nanoseconds(call.time)
    return {
        "id": ids.unique(),
        "action_id": action["id"],
        "created_at": now,
        "updated_at": now,
        "display_name": given.get("display_name", action["name"]),
    }


def _referenced(call: Call, trigger: str, reference: Body) -> Body:
    """The Action by its id, its name, or a binding that there is already; the refusal's words are a guess."""
    kind, value = reference["type"], reference["value"]
    if kind == "action_name":
        found = next(iter(call.documents.find("action", name=value)), None)
    else:
        if kind == "binding_id":
            known = {binding["id"]: binding["action_id"] for binding in of(call.visit, trigger)}
            value = known.get(value, "")
        found = call.documents.get("action", value)
    if found is None:
        raise errors.bad_request(f"No action matches {kind} {reference['value']}", None)
    return found


_PATH = "/api/v2/actions/triggers/{triggerId}/bindings"
OPERATIONS = (
    Operation("GET", _PATH, read, ("read:actions",), query=("page", "per_page")),
    Operation("PATCH", _PATH, replace, ("update:actions",), takes=(JSON,)),
)
