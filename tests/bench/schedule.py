"""The fleet's schedule: workers on a PostgreSQL, one of which is killed half-way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figure import Figure
from tests.fleet import postgres
from tests.fleet.scene import Outcome, Scene, one_of_two_killed


def figures(checks: int = 200, tenants: int = 40) -> Iterator[Figure]:
    """What becomes of the checks; nothing is told where PostgreSQL is not installed."""
    if not (bin_ := postgres.programs()):
        return
    with TemporaryDirectory() as folder, TemporaryDirectory() as home, postgres.serving(Path(home), bin_) as server:
        ended: Outcome = one_of_two_killed(
            Scene(Path(folder), server.new("fleet")), checks, tenants, after=checks * 2 // 5
        )
    name = f"fleet: {checks} checks, {tenants} tenants, 2 workers, one killed"
    yield Figure(f"{name}: lost", ended.lost, 0)
    yield Figure("… of one tenant at once", ended.overlapping, 0)
    yield Figure("… that outlived their worker", ended.outliving, 0)
    yield Figure("… begun again", ended.begun_again, 4)
    yield Figure("… seconds", ended.seconds, 60, "s")
