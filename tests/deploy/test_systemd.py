"""The systemd units: valid, shut in, and what they start is a check."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bench.fleet import Fleet
from tests.deploy.files import BIN, DEPLOY, PATIENCE, drifted, environ

UNITS = DEPLOY / "systemd"
SERVICE = (UNITS / "provisioner-drift.service").read_text(encoding="utf-8")
PROGRAM = "/opt/provisioner/bin/provisioner"

analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units in a folder; the program is where it is here, because its place is checked, too."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, str(BIN / "provisioner"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@analyze
def test_units_are_what_systemd_takes(units: Path) -> None:
    """Not a word that it does not know, nor one in the wrong place."""
    assert _analyzed("verify", "--man=no", *map(str, sorted(units.iterdir()))) == (0, "")


@analyze
def test_the_service_is_shut_in(units: Path) -> None:
    """By systemd's own measure, from 0 to 10, it is hardly exposed: it needs the network, and nothing else."""
    code, told = _analyzed("security", "--offline=true", "--threshold=15", str(units / "provisioner-drift.service"))

    assert code == 0, told


def test_what_it_starts(fleet: Fleet) -> None:
    """A check of all plans that leaves its reports in the service's folder; drift is what it ends with."""
    state = fleet.folder / "state"
    credentials = fleet.folder / "credentials"
    credentials.mkdir()
    (credentials / "OKTA_API_TOKEN").write_text("sandbox-okta-token", encoding="utf-8")
    drifted(fleet, "acme-0001")
    here = {
        PROGRAM: str(BIN / "provisioner"),
        "/etc/provisioner/plans": str(fleet.folder / "plans"),
        "${STATE_DIRECTORY}": str(state),
    }
    command = [_replaced(word, here) for word in shlex.split(_setting("ExecStart"))]
    name, _, folder = _setting("Environment").partition("=")

    ran = subprocess.run(
        command, env=environ(**{name: folder.replace("%d", str(credentials))}), check=False, timeout=PATIENCE
    )

    assert ran.returncode == 2
    assert [plan["status"] for plan in json.loads((state / "drift.json").read_bytes())["plans"]] == [
        "in_sync",
        "drifted",
    ]
    assert (state / "drift.html").is_file()


def test_drift_is_not_tried_again_and_errors_are() -> None:
    """By the exit codes, and three times at most."""
    assert _setting("Restart") == "on-failure"
    assert _setting("RestartPreventExitStatus").split() == ["2", "3", "64", "65"]
    assert _setting("StartLimitBurst") == "3"


def _setting(name: str) -> str:
    found = re.search(rf"^{name}=((?:.*\\\n)*.*)$", SERVICE, re.M)
    assert found
    return found[1].replace("\\\n", " ")


def _replaced(text: str, by: dict[str, str]) -> str:
    for old, new in by.items():
        text = text.replace(old, new)
    return text


def _analyzed(*arguments: str) -> tuple[int, str]:
    ran = subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], text=True, capture_output=True, check=False, timeout=PATIENCE
    )
    return ran.returncode, ran.stdout + ran.stderr
