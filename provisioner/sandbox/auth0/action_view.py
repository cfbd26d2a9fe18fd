"""Actions as answers hold them: a draft, how far its build is, and the version that runs."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import action_builds, action_versions
from provisioner.sandbox.world import Visit

Body = dict[str, Any]


def status(visit: Visit, action: Body) -> str:
    """How far the draft's build is."""
    return action_builds.status(visit, action["build"], action["dependencies"])


def shell(action: Body) -> Body:
    """What bindings and versions repeat of their Action; it always claims undeployed changes (recordings 15 and 23)."""
    brief = {name: action[name] for name in ("id", "name", "supported_triggers", "created_at", "updated_at")}
    return brief | {"all_changes_deployed": False}


def deployment(visit: Visit, action: Body) -> Body:
    """Which version runs; nothing where none does."""
    version = action_versions.current(visit, action)
    if version is None:
        return {}
    return {
        "current_version": action_versions.brief(visit, version),
        "deployed_version": action_versions.full(visit, version, deployed=True),
    }


def shown(visit: Visit, action: Body) -> Body:
    """The Action as answers hold it (recordings 13 to 19)."""
    deployed = deployment(visit, action)
    facts = {name: action[name] for name in ("code", "dependencies", "runtime")}
    if status(visit, action) == "built":
        facts["dependencies"] = action_builds.resolved(action["dependencies"])
    state = {"status": status(visit, action), "secrets": action_versions.secrets_shown(action["secrets"])}
    done = {"all_changes_deployed": action["deployed"] and bool(deployed)}
    return shell(action) | facts | state | deployed | done
