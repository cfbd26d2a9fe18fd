"""Deployed versions of Actions: how one comes to be, and how answers show it."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import action_builds, ids
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_CONTENT = ("code", "dependencies", "runtime", "supported_triggers")


def make(visit: Visit, action: Body, build: Body, appears: float) -> Body:
    """A version with the Action's present content, which the Action shows from `appears` on."""
    now = ids.nanoseconds(visit.world.clock.now())
    number = visit.documents.count("actionVersion", action=action["id"]) + 1
    version = {name: action[name] for name in _CONTENT} | {
        "dependencies": action_builds.resolved(action["dependencies"]),
        "id": ids.unique(),
        "action_id": action["id"],
        "number": number,
        "secrets": action["secrets"],
        "build": build,
        "appears": appears,
        "created_at": now,
        "built_at": ids.nanoseconds(build["ends"]),
    }
    visit.documents.put("actionVersion", version["id"], version, action=action["id"])
    return version


def content(version: Body) -> Body:
    """What the version took from its Action, as the Action holds it."""
    return {name: version[name] for name in (*_CONTENT, "secrets")}


def of(visit: Visit, action: Body) -> list[Body]:
    """The Action's versions that have appeared, newest first."""
    now = visit.world.clock.now()
    found = visit.documents.find("actionVersion", action=action["id"])
    return [version for version in reversed(found) if version["appears"] <= now]


def current(visit: Visit, action: Body) -> Body | None:
    """The newest version, which is the one that runs; None where nothing has been deployed."""
    return next(iter(of(visit, action)), None)


def state(visit: Visit, version: Body) -> str:
    """How far the version's own build is."""
    return action_builds.status(visit, version["build"], version["dependencies"])


def secrets_shown(secrets: list[Body]) -> list[Body]:
    """Names and times, never values (recording 17)."""
    return [{"name": each["name"], "updated_at": each["updated_at"]} for each in secrets]


def brief(visit: Visit, version: Body) -> Body:
    """The version as `current_version`, which the document does not know (recordings 16 and 18)."""
    shown = {name: version[name] for name in ("id", "code", "runtime")}
    return (
        shown
        | {"status": state(visit, version).upper(), "number": version["number"]}
        | _times(visit, version, "build_time")
    )


def full(visit: Visit, version: Body, deployed: bool) -> Body:
    """The version as `deployed_version` and in lists (recordings 16 and 20)."""
    shown = {name: version[name] for name in (*_CONTENT, "id", "number")}
    shown |= {"deployed": deployed, "secrets": secrets_shown(version["secrets"]), "status": state(visit, version)}
    return shown | _times(visit, version, "built_at")


def _times(visit: Visit, version: Body, name: str) -> Body:
    built = {name: version["built_at"]} if state(visit, version) == "built" else {}
    return built | {"created_at": version["created_at"], "updated_at": version["built_at" if built else "created_at"]}
