"""The points of a flow where Actions run: their versions, runtimes, and what may be bound to them (recording 28)."""

from __future__ import annotations

from typing import Any, NamedTuple

from provisioner.sandbox.auth0 import errors
from provisioner.sandbox.auth0.wire import Answer, Call, Operation


class Trigger(NamedTuple):
    """One version of a trigger."""

    id: str
    version: str
    status: str
    runtimes: tuple[str, ...]
    default_runtime: str
    binding_policy: str = "trigger-bound"
    compatible: tuple[tuple[str, str], ...] = ()


_NOW = ("node18-actions", "node22")
_OLD = ("node22",)


def _pair(id: str, current: str, old: str) -> tuple[Trigger, Trigger]:
    return Trigger(id, current, "CURRENT", _NOW, "node22"), Trigger(id, old, "DEPRECATED", _OLD, "node12")


TRIGGERS = (
    Trigger("post-login", "v3", "CURRENT", _NOW, "node22", compatible=(("post-login", "v2"),)),
    Trigger("post-login", "v1", "DEPRECATED", _OLD, "node12"),
    Trigger("post-login", "v2", "DEPRECATED", ("node18", "node22"), "node16"),
    *_pair("credentials-exchange", "v2", "v1"),
    *_pair("pre-user-registration", "v2", "v1"),
    *_pair("post-user-registration", "v2", "v1"),
    *_pair("post-change-password", "v2", "v1"),
    *_pair("send-phone-message", "v2", "v1"),
    Trigger("password-reset-post-challenge", "v1", "CURRENT", _NOW, "node22"),
    Trigger("custom-phone-provider", "v1", "CURRENT", _NOW, "node22"),
    Trigger("custom-email-provider", "v1", "CURRENT", _NOW, "node22"),
    Trigger("custom-token-exchange", "v1", "CURRENT", ("node18", "node22"), "node22", "entity-bound"),
    Trigger("event-stream", "v1", "CURRENT", _OLD, "node22", "entity-bound"),
    Trigger("password-hash-migration", "v1", "CURRENT", _OLD, "node22", "entity-bound"),
    Trigger("mcp-tool", "v1", "CURRENT", _OLD, "node22", "entity-bound"),
)
IDS = tuple(dict.fromkeys(trigger.id for trigger in TRIGGERS))


def of(id: str, version: str | None) -> Trigger:
    """The trigger of this id and version, by default the current one; 400 for one that there is not (a guess)."""
    for trigger in TRIGGERS:
        if trigger.id == id and (trigger.status == "CURRENT" if version is None else trigger.version == version):
            return trigger
    raise errors.bad_request(f"Trigger {id} has no version {version}.", None)


def require(call: Call) -> str:
    """The trigger that the path names; the words for an unknown one are those of the validator."""
    id = call.path["triggerId"]
    if id not in IDS:
        raise errors.invalid_path(f"No enum match for: {id}", "triggerId")
    return id


def list_triggers(_call: Call) -> Answer:
    """All of them, on one page (recording 28)."""
    return Answer({"triggers": [_shown(trigger) for trigger in TRIGGERS]})


def _shown(trigger: Trigger) -> dict[str, Any]:
    return {
        "id": trigger.id,
        "version": trigger.version,
        "status": trigger.status,
        "runtimes": list(trigger.runtimes),
        "default_runtime": trigger.default_runtime,
        "binding_policy": trigger.binding_policy,
        "compatible_triggers": [{"id": id, "version": version} for id, version in trigger.compatible],
    }


OPERATIONS = (Operation("GET", "/api/v2/actions/triggers", list_triggers, ("read:actions",)),)
