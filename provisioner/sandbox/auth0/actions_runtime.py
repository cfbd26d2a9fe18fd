"""Runs a post-login Action for real, in a JavaScript engine without any way to the host."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

TIME_LIMIT = 2.0
"""Seconds of computing; the vendor allows twenty, most of them for waiting (vendor's page on Actions' limits)."""
MEMORY_LIMIT = 64 * 1024 * 1024
STACK_LIMIT = 512 * 1024
KEPT_LOG = 256
"""Characters of console output that are kept (vendor's page on Actions' limits)."""
MOST_ATTRIBUTES = 100
LARGEST_VALUE = 2_048
LARGEST_TOTAL = 10_240
"""Of SAML attributes set by Actions: how many, and how many bytes each and together."""


@dataclass(frozen=True)
class Denied:
    """A login that the Action refused; the code is what applications get as the error."""

    reason: str
    code: str = "access_denied"


@dataclass(frozen=True)
class Outcome:
    """What an Action did. With an `error` the login fails and the rest counts for nothing."""

    attributes: dict[str, Any] = field(default_factory=dict)
    """SAML attributes by name: plain values, or lists of them; None where the Action set null."""
    saml_settings: dict[str, Any] = field(default_factory=dict)
    """Other values for `api.samlResponse.set…`, by what stands behind `set`: {"Audience": "…"}."""
    denied: Denied | None = None
    user_metadata: dict[str, Any] = field(default_factory=dict)
    app_metadata: dict[str, Any] = field(default_factory=dict)
    logs: str = ""
    error: str | None = None

    def then(self, later: Outcome) -> Outcome:
        """This outcome and that of an Action that ran afterwards as one; the later one wins."""
        attributes = self.attributes | later.attributes
        return Outcome(
            attributes=attributes,
            saml_settings=self.saml_settings | later.saml_settings,
            denied=later.denied,
            user_metadata=self.user_metadata | later.user_metadata,
            app_metadata=self.app_metadata | later.app_metadata,
            logs="\n".join(filter(None, (self.logs, later.logs))),
            error=later.error or _over_limits(attributes),
        )


def run(code: str, event: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> Outcome:
    """Run `onExecutePostLogin` to its end. Whatever goes wrong inside is the outcome's `error`; nothing is raised.

    Timers fire at once, `require` finds nothing, and there is no network.
    """
    from quickjs import Context, JSException  # type: ignore[import-untyped]

    context = Context()
    context.set_memory_limit(MEMORY_LIMIT)
    context.set_max_stack_size(STACK_LIMIT)
    context.set_time_limit(TIME_LIMIT)
    deadline = time.monotonic() + 2 * TIME_LIMIT
    try:
        host = context.eval(files(__package__).joinpath("action_host.js").read_text())
        tell = host(code, json.dumps({**event, "secrets": dict(secrets or {})}))
        while context.execute_pending_job():
            if time.monotonic() > deadline:
                return Outcome(error="Error: the Action did not come to an end")
        return _outcome(json.loads(tell()))
    except JSException as error:
        return Outcome(error=str(error).partition("\n")[0])
    except (LookupError, TypeError, ValueError):
        return Outcome(error="Error: the Action tampered with what it runs in")


def _outcome(told: dict[str, Any]) -> Outcome:
    error = told["error"] if told["settled"] else "Error: the Action waits for something that never happens"
    return Outcome(
        attributes=told["attributes"],
        saml_settings=told["samlSettings"],
        denied=None if told["denied"] is None else Denied(told["denied"]),
        user_metadata=told["userMetadata"],
        app_metadata=told["appMetadata"],
        logs="\n".join(told["logs"])[:KEPT_LOG],
        error=error or _over_limits(told["attributes"]),
    )


def _over_limits(attributes: dict[str, Any]) -> str | None:
    """Why the attributes are too many or too large, if they are."""
    sizes = {name: len(json.dumps(value, ensure_ascii=False).encode()) for name, value in attributes.items()}
    large = [name for name, size in sizes.items() if size > LARGEST_VALUE]
    if len(sizes) > MOST_ATTRIBUTES:
        return f"Error: {len(sizes)} SAML attributes are more than {MOST_ATTRIBUTES}"
    if large:
        return f"Error: the SAML attribute {large[0]} is larger than {LARGEST_VALUE} bytes"
    if sum(sizes.values()) > LARGEST_TOTAL:
        return f"Error: the SAML attributes together are larger than {LARGEST_TOTAL} bytes"
    return None
