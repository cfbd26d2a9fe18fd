"""Finds and loads plan files for the verbs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.errors import InvalidPlan, UsageError

if TYPE_CHECKING:
    from provisioner.cli.options import Common
    from provisioner.planfile.load import Loaded


def find(name: str) -> Path:
    """The file as written, else the one of that name in `plans/`. Raises `UsageError` where neither exists."""
    for path in (Path(name), Path("plans") / name):
        if path.is_file():
            return path
    known = sorted(str(path) for path in Path("plans").glob("*.yaml"))
    hint = f"plan files here: {', '.join(known)}" if known else "there is no plans/ folder here"
    raise UsageError(f"plan file {name} not found, neither as written nor in plans/", hint=hint)


def read(name: str, options: Common, *, strict: bool = True) -> Loaded:
    """The checked plan. Raises `InvalidPlan` with every problem found; where strict, also for rules that it breaks."""
    from provisioner.adapters import model_for
    from provisioner.planfile.load import load

    loaded = load(find(name), model_for=model_for, variables=options.variables, environ=options.environ)
    if strict and loaded.errors:
        raise InvalidPlan(loaded.errors)
    return loaded


def is_sandbox(plan: Any) -> bool:
    """Whether the plan's tenant is a sandbox, embedded or served on this machine."""
    from provisioner.planfile.tenant import is_loopback

    return is_loopback(urlsplit(plan.provider.base_url).hostname or "")
