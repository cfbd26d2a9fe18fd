"""A fleet of stand-in checks: plans on the schedule, workers as processes, and what became of them."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from pydantic import SecretStr

from provisioner.fleet import schedule
from provisioner.render import as_json, drift_json
from provisioner.render.drift import DriftReport, PlanDrift

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30.0
# -S: two hundred interpreters start quicker without looking for packages, of which the stand-in needs none.
STAND_IN = (sys.executable, "-S", str(Path(__file__).parent / "stand_in.py"))


class Scene:
    """A folder for stand-ins, and the database that workers share."""

    def __init__(self, folder: Path, url: str, takes: float = 0.2) -> None:
        self.folder, self.url = folder, url
        (folder / "tenants").mkdir()
        (folder / "ends").mkdir()
        (folder / "log").touch()
        (folder / "takes").write_text(str(takes))
        report = io.StringIO()
        as_json.write(
            drift_json.report(DriftReport(datetime.now(UTC), (PlanDrift("PLAN", "PLAN", "in_sync", 0),))), report
        )
        (folder / "report.json").write_text(report.getvalue())

    def plans(self, names: Sequence[str], cron: str = "0 5 1 1 *") -> None:
        """Puts the plans on the schedule, all due at once."""
        entries = [schedule.Entry(name, name.partition("-")[0]) for name in names]
        asyncio.run(schedule.put(SecretStr(self.url), entries, cron))
        self.sql("UPDATE provisioner_plans SET due_at = now()")

    def ends(self, plan: str, *codes: int) -> None:
        """The exit codes of the plan's checks, the last one for all that follow."""
        (self.folder / "ends" / plan).write_text("\n".join(map(str, codes)))

    @contextmanager
    def worker(self, command: Sequence[str] = STAND_IN) -> Iterator[subprocess.Popen[str]]:
        """A worker that is ended by SIGTERM, and must end well then unless it ended before."""
        environ = os.environ | {"PROVISIONER_DATABASE_URL": self.url, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fleet.quick", *command],
            cwd=self.folder, env=environ, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process, ending(process):
            yield process
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE) == 0, process.stderr and process.stderr.read()[-2000:]

    def sql(self, query: Any, *values: Any) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def log(self) -> list[list[str]]:
        return [line.split() for line in (self.folder / "log").read_text().splitlines()]

    def count(self, what: str, plan: str = "") -> int:
        return sum(line[0] == what and plan in ("", line[1]) for line in self.log())

    def all_told(self) -> bool:
        """Whether every plan has been checked and nothing is left to do."""
        ((open_,),) = self.sql(
            "SELECT (SELECT count(*) FROM provisioner_plans WHERE checked_at IS NULL)"
            " + (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'provisioner.check')"
        )
        return bool(open_ == 0)


class Outcome(NamedTuple):
    """How checks by two workers ended, one of which was killed: numbers of checks, and seconds."""

    lost: int
    overlapping: int
    begun_again: int
    outliving: int
    seconds: float


def one_of_two_killed(scene: Scene, checks: int, tenants: int, *, after: int) -> Outcome:
    """Runs so many checks, and kills a worker by SIGKILL after some of them."""
    names = [f"tenant{number % tenants}-{number}" for number in range(checks)]
    scene.plans(names)
    begun = time.monotonic()
    with scene.worker() as first, scene.worker():
        until(lambda: scene.count("end") >= after)
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
        ended = {line[1] for line in scene.log() if line[0] == "end"}
        cut_off = [int(line[2]) for line in scene.log() if line[0] == "begin" and line[1] not in ended]
        until(scene.all_told, 120)
    told = {line[1] for line in scene.log() if line[0] == "end"}
    return Outcome(
        lost=len(set(names) - told),
        overlapping=scene.count("overlap"),
        begun_again=scene.count("begin") - checks,
        outliving=sum(map(_is_there, cut_off)),
        seconds=time.monotonic() - begun,
    )


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[None]:
    """Sees that a test that fails leaves no process behind."""
    try:
        yield
    finally:
        process.kill()


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Waits for what other processes bring about."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never came to pass"
        threading.Event().wait(0.05)
