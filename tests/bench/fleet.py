"""Many tenants, checked by one process and by several that share them, one of which is killed half-way."""

from __future__ import annotations

import asyncio
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import httpx

from provisioner.adapters import model_for, provider
from provisioner.adapters.http import Network
from provisioner.cli.embedded import CREDENTIALS
from provisioner.engine.drift import drift
from provisioner.engine.fleet import TENANTS, in_order
from provisioner.planfile.load import load
from provisioner.sandbox import Clock, EmbeddedTransport, Sandbox, Store, create_app
from tests.bench import tenants
from tests.bench.figure import Figure
from tests.bench.org import TOKEN, served
from tests.lab import EPOCH
from tests.virtual_time import VirtualLoop

PATIENCE = 60.0
# How long a vendor takes to answer.
ON_THE_WAY = 0.4


def figures(count: int = 1_000, people: int = 50, shared: int = 192, of: int = 5) -> Iterator[Figure]:
    """What many tenants take from one process, and what several processes have of sharing them."""
    with TemporaryDirectory() as folder, a_fleet(Path(folder), count, people) as fleet:
        memory, most = _cost(fleet), max(map(fleet.sent, tenants.names(count)))
    yield Figure(f"requests: drift, {count:,} tenants of {people} people, each", most, 10)
    yield Figure(f"memory: drift, {count:,} tenants of {people} people", memory, 200, "MiB")
    yield Figure(
        f"time: drift, {shared} tenants, against {TENANTS} at once alone", waiting(shared, people), 1.3, "times"
    )
    yield Figure(f"time: drift, {shared} tenants, two shards against one", sharing(shared, people), 0.6, "times")
    with TemporaryDirectory() as folder, a_fleet(Path(folder), 300, people) as fleet:
        merged, whole = interrupted(fleet, of)
    yield Figure(f"300 tenants, {of} shards, one killed: differences from one run", float(merged != whole), 0)


def _cost(fleet: Fleet) -> float:
    command = [sys.executable, "-m", "tests.bench.usage", *fleet.command("whole.json")]
    environ = fleet.environ(PYTHONPATH=str(Path.cwd()))
    used = json.loads(subprocess.run(command, env=environ, cwd=fleet.folder, stdout=PIPE, check=True).stdout)
    assert used["code"] == 0
    return float(used["memory"])


def waiting(count: int, people: int) -> float:
    """The time of so many tenants against that of one, times the rounds that they take; on virtual time.

    With Okta's own limits, of which a check takes half, and the way there and back.
    """
    with TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        tenants.fill(Path(folder) / "org.sqlite3", count, people)
        tenants.write_plans(Path(folder), count, people, "http://localhost:8400")
        with closing(Store(Path(folder) / "org.sqlite3")) as store:
            sandbox = create_app(store, clock=Clock(lambda: EPOCH + runner.get_loop().time()))
            alone = runner.run(_time(sandbox, [Path(folder) / "acme-0000.yaml"]))
            whole = runner.run(_time(sandbox, sorted(Path(folder).glob("acme-*.yaml"))))
    return whole / (alone * math.ceil(count / TENANTS))


async def _time(sandbox: Sandbox, paths: Sequence[Path]) -> float:
    """Seconds that it takes to check these plans; every one of them must be in sync."""

    async def check(path: Path) -> None:
        plan: Any = load(path, model_for=model_for, variables={}, environ={}).plan
        adapter = provider("okta")
        network = Network(inner=_Far(EmbeddedTransport(sandbox)), share=0.5)
        async with adapter.connect(plan, network, [adapter.credentials(**CREDENTIALS["okta"])]) as connection:
            seen = await drift(adapter, plan, connection, now=datetime.fromtimestamp(EPOCH, UTC))
        assert seen.status == "in_sync"

    loop = asyncio.get_running_loop()
    began = loop.time()
    await in_order(paths, check)
    return loop.time() - began


@dataclass
class _Far(httpx.AsyncBaseTransport):
    """The way to a vendor and back."""

    inner: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(ON_THE_WAY)
        return await self.inner.handle_async_request(request)


def sharing(count: int, people: int) -> float:
    """The time of two shards at once against that of one process, with answers that take their time."""
    with TemporaryDirectory() as folder, a_fleet(Path(folder), count, people) as fleet:
        for name in tenants.names(count):
            fleet.delay(name, ON_THE_WAY, times=1_000)
        began = monotonic()
        subprocess.run(fleet.command("whole.json"), check=True, cwd=folder, env=fleet.environ(), stdout=DEVNULL)
        one, began = monotonic() - began, monotonic()
        assert [pod.wait() for pod in [fleet.start(index, 2) for index in range(2)]] == [0, 0]
        return (monotonic() - began) / one


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
        return subprocess.Popen(command, env=environ, cwd=self.folder, stdout=DEVNULL)

    def report(self, name: str) -> Any:
        """A report without its time."""
        return json.loads((self.folder / name).read_bytes()) | {"checked_at": ""}

    def sent(self, tenant: str) -> int:
        """How many requests the tenant got so far."""
        return len(self._control("GET", tenant, "requests").json()["requests"])

    def hold(self, tenant: str) -> None:
        """Lets the next request of the tenant hang."""
        self.delay(tenant, 3600, times=1)

    def delay(self, tenant: str, seconds: float, times: int) -> None:
        """Lets so many of the tenant's requests take so long."""
        self._control("POST", tenant, "faults", json={"kind": "slow", "seconds": seconds, "times": times})

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
    subprocess.run(merge, check=True, cwd=fleet.folder, stdout=DEVNULL)
    subprocess.run(fleet.command("whole.json"), check=True, cwd=fleet.folder, env=fleet.environ(), stdout=DEVNULL)
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
