"""Many tenants, checked by one process and by several that share them, one of which is killed half-way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from tests.bench import tenants
from tests.bench.org import TOKEN, served

PATIENCE = 60.0


@dataclass(frozen=True)
class Fleet:
    """A sandbox in a process of its own, which serves many tenants, and a folder with their plans."""

    folder: Path
    origin: str

    def environ(self, **variables: str) -> dict[str, str]:
        """What a pod has: the engine's variables, and a home of its own."""
        return os.environ | TOKEN | {"PROVISIONER_HOME": str(self.folder / "home")} | variables

    def command(self, report: str, *arguments: str) -> list[str]:
        """The program as a process of its own, in the fleet's folder."""
        program = [sys.executable, "-m", "provisioner", "drift", "--all", "plans", "--quiet"]
        return [*program, "--report", f"json={report}", *arguments]

    def start(self, index: int, of: int) -> subprocess.Popen[bytes]:
        """A pod of an Indexed Job."""
        environ = self.environ(JOB_COMPLETION_INDEX=str(index), PROVISIONER_SHARD_TOTAL=str(of))
        command = self.command(f"part{index}.json", "--shard", "auto")
        return subprocess.Popen(command, env=environ, cwd=self.folder, stdout=subprocess.DEVNULL)

    def report(self, name: str) -> Any:
        """A report without its time."""
        return json.loads((self.folder / name).read_bytes()) | {"checked_at": ""}

    def sent(self, tenant: str) -> int:
        """How many requests the tenant got so far."""
        return len(self._control("GET", tenant, "requests").json()["requests"])

    def hold(self, tenant: str) -> None:
        """Lets the next request of the tenant hang."""
        self._control("POST", tenant, "faults", json={"kind": "slow", "seconds": 3600})

    def _control(self, method: str, tenant: str, path: str, **options: Any) -> httpx.Response:
        host = {"Host": self.origin.removeprefix("http://").replace("localhost", f"{tenant}.localhost")}
        answer = httpx.request(method, f"{self.origin}/_sandbox/{path}", headers=host, **options)
        return answer.raise_for_status()


@contextmanager
def a_fleet(folder: Path, count: int, people: int) -> Iterator[Fleet]:
    """So many tenants in which a plan with so many people is applied, while the context lasts."""
    tenants.fill(folder / "org.sqlite3", count, people)
    with served(folder) as org:
        tenants.write_plans(folder / "plans", count, people, org.origin)
        yield Fleet(folder, org.origin)
        org.process.kill()


def interrupted(fleet: Fleet, of: int) -> tuple[Any, Any]:
    """The joint report of shards, one of which is killed by SIGKILL half-way and run again; and that of one process."""
    _kill_half_way(fleet, of)
    pods = [fleet.start(index, of) for index in range(of)]
    assert [pod.wait(PATIENCE) for pod in pods] == [0] * of
    parts = [f"part{index}.json" for index in range(of)]
    merge = [sys.executable, "-m", "provisioner", "report", "merge", *parts, "--report", "json=merged.json"]
    subprocess.run(merge, check=True, cwd=fleet.folder, stdout=subprocess.DEVNULL)
    subprocess.run(
        fleet.command("whole.json"), check=True, cwd=fleet.folder, env=fleet.environ(), stdout=subprocess.DEVNULL
    )
    return fleet.report("merged.json"), fleet.report("whole.json")


def _kill_half_way(fleet: Fleet, of: int) -> None:
    """Shard 1 has checked its first tenant and waits for its second one when it dies; it leaves no report."""
    first, second = f"acme-{1:04}", f"acme-{1 + of:04}"
    fleet.hold(second)
    with fleet.start(1, of) as pod:
        began = monotonic()
        while fleet.sent(first) < 7:
            assert monotonic() < began + PATIENCE
        pod.kill()
    assert pod.returncode < 0
    assert not (fleet.folder / "part1.json").exists()
