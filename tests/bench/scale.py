"""Memory and time of plans with very many people, each run in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figure import Figure
from tests.bench.org import TOKEN, Org, served
from tests.bench.people import write_plan

MEMORY = 400.0
# Twice as many people: this much more processor time at the most.
GROWTH = 2.6


@dataclass(frozen=True)
class Cost:
    """The peak of a process's memory in MiB, and its processor time: the org's is spent elsewhere."""

    memory: float
    seconds: float


def figures(people: int = 100_000) -> list[Figure]:
    """Each case with half of the people, and with all."""
    with TemporaryDirectory() as folder, served(Path(folder)) as org:
        half = dict(_empty(Path(folder), org, people // 2))
        full = dict(_empty(Path(folder), org, people))
        cost(Path(folder), "apply", str(write_plan(Path(folder), range(1), org.origin)))
        org.fill(1, people // 2)
        half |= _no_change(Path(folder), org, people // 2)
        org.fill(people // 2, people)
        full |= _no_change(Path(folder), org, people)
    return [figure for case in full for figure in _figures(f"{case}, {people:,} people", half[case], full[case])]


def _empty(folder: Path, org: Org, people: int) -> Iterator[tuple[str, Cost]]:
    plan = str(write_plan(folder, range(people), org.origin))
    yield "validate", cost(folder, "validate", plan)
    yield "diff, all new", cost(folder, "diff", plan)
    yield "diff --format json, all new", cost(folder, "diff", plan, "--format", "json")


def _no_change(folder: Path, org: Org, people: int) -> dict[str, Cost]:
    plan = str(write_plan(folder, range(people), org.origin))
    return {"diff, no change": cost(folder, "diff", plan)}


def _figures(case: str, half: Cost, full: Cost) -> Iterator[Figure]:
    yield Figure(f"memory: {case}", full.memory, MEMORY, "MiB")
    yield Figure(f"time: {case}, against half", full.seconds / half.seconds, GROWTH, "times")


def cost(folder: Path, *arguments: str) -> Cost:
    """What one run of the program takes, which must succeed."""
    program = [sys.executable, "-m", "provisioner", *arguments]
    environ = os.environ | TOKEN | {"PROVISIONER_HOME": str(folder)}
    command = [sys.executable, "-m", "tests.bench.usage", *program]
    used = json.loads(subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True).stdout)
    assert used["code"] == 0, arguments
    return Cost(used["memory"], used["seconds"])
