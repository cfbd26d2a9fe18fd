"""How many requests a run sends, through the whole program into a sandbox in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from provisioner.adapters import model_for, provider
from provisioner.engine.apply import apply
from provisioner.engine.preview import preview
from provisioner.engine.record import RunRecord
from provisioner.planfile.load import load
from provisioner.sandbox import SandboxSettings
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place
from tests.bench.figure import Figure
from tests.bench.people import fill, write_plan
from tests.lab import Lab

ORIGIN = "http://localhost:8400"


def figures(new: int = 50, there: int = 10_000) -> list[Figure]:
    """A tenant that is empty, and one in which everything is as the plan says."""
    return [
        Figure(f"requests: all new, {new} people", creation(new), new + 12),
        Figure(f"requests: no change, {there:,} people", no_change(there), 30),
    ]


def creation(people: int) -> int:
    """Application, group, assignment and so many people are new; the Flex values are read at the end."""
    with _lab() as lab:
        return _requests(lab, _plan(lab, people))


def no_change(people: int) -> int:
    """So many people are there already; the Flex values are read at the end."""
    with _lab() as lab:
        _requests(lab, _plan(lab, 1))
        visit = lab.sandbox.visit(lab.sandbox.parts[0], Place(DEFAULT_TENANT, ORIGIN))
        fill(visit, range(1, people))
        return _requests(lab, _plan(lab, people))


@contextmanager
def _lab() -> Iterator[Lab]:
    with TemporaryDirectory() as folder:
        lab = Lab(Path(folder), SandboxSettings())
        try:
            yield lab
        finally:
            lab.close()


def _plan(lab: Lab, people: int) -> Any:
    file = write_plan(lab.folder, range(people))
    return load(file, model_for=model_for, variables={}, environ={}).plan


def _requests(lab: Lab, plan: Any) -> int:
    async def main() -> int:
        async with lab.connected(plan, write=True) as connection:
            seen = await preview(provider("okta"), plan, connection, limits=plan.guards.limits)
            if seen.changes:
                with RunRecord(lab.folder, plan.name) as record:
                    done = await apply(seen, connection.writer(seen.observed), record)
                assert {result.status for result in done.results} == {"done"}
            assert await connection.facts() is not None
            return connection.requests.total

    return lab.run(main())
