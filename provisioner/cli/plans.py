"""Finds and loads plan files for the verbs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.core.text import some
from provisioner.errors import InvalidPlan, UsageError

if TYPE_CHECKING:
    from provisioner.cli.options import Common
    from provisioner.planfile.load import Loaded

# So many plan files are named where one is not found.
MOST_NAMED = 5


def find(name: str) -> Path:
    """The file as written, else the one of that name in `plans/`. Raises `UsageError` where neither exists."""
    for path in (Path(name), Path("plans") / name):
        if path.is_file():
            return path
    raise UsageError(f"plan file {name} not found, neither as written nor in plans/", hint=_known(name))


def read(name: str, options: Common, *, strict: bool = True) -> Loaded:
    """The checked plan. Raises `InvalidPlan` with every problem found; where strict, also for rules that it breaks."""
    from provisioner.adapters import model_for
    from provisioner.planfile.load import load

    loaded = load(find(name), model_for=model_for, variables=options.variables, environ=options.environ)
    if strict and loaded.errors:
        raise InvalidPlan(loaded.errors)
    return loaded


def _known(name: str) -> str:
    """The plan file that was probably meant, else some that there are."""
    from provisioner.flex.spelling import nearest

    known = sorted(str(path) for path in Path("plans").glob("*.yaml"))
    there = f"plan files here: {some(known, MOST_NAMED)}" if known else "there is no plans/ folder here"
    # By what tells them apart: all are alike in folder and ending.
    stems = {Path(path).stem: path for path in known}
    meant = nearest(Path(name).stem, stems)
    return f"did you mean `{stems[meant]}`?" if meant else there


def is_sandbox(plan: Any) -> bool:
    """Whether the plan's tenant is a sandbox, embedded or served on this machine."""
    from provisioner.planfile.tenant import is_loopback

    return is_loopback(urlsplit(plan.provider.base_url).hostname or "")
