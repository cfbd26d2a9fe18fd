"""The post-login Action that puts the claims into the assertion: as wanted, as held, as Auth0 takes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.auth0.action_code import code
from provisioner.core import ownership
from provisioner.core.change import Update
from provisioner.core.ownership import OWNER
from provisioner.core.resource import Found, Resource, Value

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

KIND = "action"
TRIGGER = {"id": "post-login", "version": "v3"}

# What an Action may hold beside its code.
_BESIDE = ("dependencies", "secrets")

# Before the name of a field of the draft: the same of the version that runs.
_RUNS = "deployed."

# Runtimes as Auth0 names them (recording 28: triggers).
_RUNTIMES = {"node18": "node18-actions"}


def wanted(plan: Auth0Plan) -> Resource:
    """The Action, deployed. Code of the plan's own may need packages and secrets, which the plan does not name."""
    alone: dict[str, Value] = {} if plan.action.code_file else dict.fromkeys(_BESIDE, ())
    content: dict[str, Value] = {"runtime": _runtime(plan), "code": code(plan), **alone}
    fields = content | {"name": plan.action.name, "deployed": True, OWNER: plan.name}
    runs = {f"{_RUNS}{name}": value for name, value in content.items()}

    def given(there: Found) -> Mapping[str, Value]:
        return fields | {path: value for path, value in runs.items() if path in there.fields}

    return Resource(KIND, plan.action.name, fields, given=given)


def found(plan: Auth0Plan, action: Json, recorded: str) -> Found:
    """The plan's Action, under its planned name; `recorded` is the id of the one that the plan applied last.

    What runs has fields of its own where it is not the draft.
    """
    owner = _owner(plan, action, recorded)
    draft = dict.fromkeys(_BESIDE, ()) | _content(action)
    runs = _content(action.get("deployed_version") or {})
    state: dict[str, Value] = {"name": action["name"], "deployed": is_deployed(action), OWNER: owner or None}
    if not is_deployed(action) or draft | runs != draft:
        state |= {f"{_RUNS}{name}": value for name, value in runs.items()}
    return Found(KIND, plan.action.name, draft | state, native=action, owner=owner)


def body(plan: Auth0Plan) -> Json:
    """What `POST /actions/actions` takes."""
    return {"supported_triggers": [TRIGGER], **patch(plan)}


def patch(plan: Auth0Plan) -> Json:
    """What `PATCH /actions/actions/{id}` takes. What is left out stays (recording 19)."""
    alone: Json = {} if plan.action.code_file else {name: [] for name in _BESIDE}
    return {"name": plan.action.name, "code": code(plan), "runtime": _runtime(plan), **alone}


def is_deployed(action: Json) -> bool:
    """Whether the flow runs what the draft says.

    A changed Action keeps its former version deployed until it is deployed again (recordings 13 to 21).
    """
    version: Json = action.get("deployed_version") or {}
    is_current = version.get("code", action.get("code")) == action.get("code")
    return bool(version.get("deployed") and is_current and action.get("all_changes_deployed"))


def was_deployed(action: Json) -> bool:
    """Whether the flow has anything of it to run."""
    return bool((action.get("deployed_version") or {}).get("deployed"))


def runs_as_wanted(change: Update) -> bool:
    """Whether the flow has the planned code to run before the change, too."""
    there, wanted = change.found.fields, change.wanted.fields
    runs = there.get(f"{_RUNS}code", there.get("code"))
    return was_deployed(cast(Json, change.found.native)) and runs == wanted["code"]


def _content(version: Json) -> dict[str, Value]:
    """What a draft or a version is made of, as far as that is told."""
    plain = {name: version[name] for name in ("runtime", "code") if name in version}
    return plain | {name: _parts(version[name] or ()) for name in _BESIDE if name in version}


def _parts(listed: Sequence[Json]) -> Value:
    """Packages as `name@version`, secrets by their names: Auth0 tells no more of them."""
    return tuple(sorted("@".join(filter(None, (each["name"], each.get("version")))) for each in listed))


def _owner(plan: Auth0Plan, action: Json, recorded: str) -> str:
    """Whose it is: by the header in its code, else by the plan's record, else because it is exactly what is wanted."""
    text = str(action.get("code") or "")
    if header := ownership.read(text):
        return header.plan
    return plan.name if action["id"] == recorded or text == code(plan) else ""


def _runtime(plan: Auth0Plan) -> str:
    return _RUNTIMES.get(plan.action.runtime, plan.action.runtime)
