"""Which plans a run is about: those named, all of a folder, or every n-th of them where several runs share the work."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from glob import escape, glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from provisioner.cli.options import Once
from provisioner.cli.reports import PLANS
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from provisioner.render.drift import Shard

F = TypeVar("F", bound=Callable[..., Any])


class _Engine(NamedTuple):
    """Which variables tell a run its number, from `first` on, and how many there are."""

    number: str
    total: str
    first: int = 0


# Kubernetes tells a pod of an Indexed Job its index alone, GitHub a job of a matrix nothing: docs/many-tenants.md.
ENGINES = (
    _Engine("PROVISIONER_SHARD_INDEX", "PROVISIONER_SHARD_TOTAL"),
    _Engine("JOB_COMPLETION_INDEX", "PROVISIONER_SHARD_TOTAL"),
    _Engine("CI_NODE_INDEX", "CI_NODE_TOTAL", first=1),
    _Engine("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL"),
    _Engine("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT"),
)


def options(function: F) -> F:
    """The flags `--all` and `--shard`."""
    for option in (
        click.option(
            "--shard", cls=Once, metavar="I/N|auto", help="Every N-th of the plans, from the I-th on; the first is 0."
        ),
        click.option(
            "--all",
            "all_",
            multiple=True,
            metavar="DIR|GLOB",
            help="Every plan file there, instead of PLAN. Repeatable.",
        ),
    ):
        function = option(function)
    return function


def listed(plans: Sequence[str], all_: Sequence[str]) -> Sequence[str]:
    """All plans that the run, or those that share the work, are about. Raises `UsageError`."""
    if bool(plans) == bool(all_):
        raise UsageError(
            "expected plan files or --all, one of them", hint="for example: provisioner drift --all plans/"
        )
    return sorted({name for place in all_ for name in _found(place)}) if all_ else list(dict.fromkeys(plans))


def chosen(
    names: Sequence[str], shard: str | None, environ: Mapping[str, str] = os.environ
) -> tuple[Sequence[str], Shard | None]:
    """The plans to look at, and which part of all they are, if they are a part. Raises `UsageError`."""
    if shard is None:
        return names, None
    from provisioner.render.drift import Shard

    index, of = _of_engine(environ) if shard == "auto" else _written(shard)
    names = sorted(names)
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
    return names[index::of], Shard(index, of, len(names), digest)


def _found(place: str) -> list[str]:
    """The plan files of a folder, without those of folders below it, or those that fit a pattern.

    A link to nowhere is among them: that a plan is gone must be told.
    """
    is_folder = Path(place).is_dir()
    # Path.glob takes no absolute pattern.
    found = glob(f"{escape(place.rstrip('/'))}/*" if is_folder else place, recursive=True)  # noqa: PTH207
    plans = [name for name in found if not is_folder or Path(name).suffix.lower() in PLANS]
    names = [name for name in plans if Path(name).is_file() or not Path(name).exists()]
    if not names:
        raise UsageError(f"--all {place}: there is no plan file", hint="it takes a folder, or a pattern in quotes")
    return names


def _written(shard: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", shard)
    if not found or not int(found[1]) < int(found[2]):
        raise UsageError(f"--shard {shard}: expected I/N with I from 0 to N - 1, such as 0/4, or auto")
    return int(found[1]), int(found[2])


def _of_engine(environ: Mapping[str, str]) -> tuple[int, int]:
    engine = next((each for each in ENGINES if environ.get(each.number)), None)
    if engine is None:
        known = ", ".join(f"{each.number} and {each.total}" for each in ENGINES)
        raise UsageError(
            "--shard auto: no variable says which part of the plans this run has", hint=f"it knows {known}"
        )
    index, total = environ[engine.number], environ.get(engine.total, "")
    if not (index.isdecimal() and total.isdecimal() and 0 <= int(index) - engine.first < int(total)):
        counted = f"{engine.number} from {engine.first} on, {engine.total} how many there are"
        raise UsageError(f"--shard auto: {engine.number}={index}, {engine.total}={total}", hint=f"expected {counted}")
    return int(index) - engine.first, int(total)
