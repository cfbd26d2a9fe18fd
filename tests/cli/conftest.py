"""The program run in this process, with a home of its own and none of the machine's settings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioner.adapters.http.clock import LoopClock
from provisioner.cli import main
from tests.served import Served, serving

SETTINGS = ("OKTA_", "AUTH0_", "ACME_", "PROVISIONER_", "NO_COLOR", "FORCE_COLOR", "SSL_CERT")
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Ran:
    """How one run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the example plans in it."""
    for name in os.environ:
        if name.startswith(SETTINGS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    (tmp_path / "plans").mkdir()
    for plan in (ROOT / "plans").glob("*.yaml"):
        (tmp_path / "plans" / plan.name).write_text(plan.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program; waits between attempts take no time."""

    async def no_sleep(self: LoopClock, delay: float) -> None:
        return None

    monkeypatch.setattr(LoopClock, "sleep", no_sleep)

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return Ran(int(str(ended.value.code)), printed.out, printed.err)

    return run


@pytest.fixture
def served(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A served sandbox that the example plan points at, with credentials in the environment."""
    monkeypatch.setenv("OKTA_API_TOKEN", "sandbox-okta-token")
    with serving() as sandbox:
        sandbox.plan()
        yield sandbox
