"""Runs that do not come to their end: outages, a full disk, signals, somebody else at work in the same org."""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
import pytest

from provisioner.cli import plans
from tests.cli.conftest import Run
from tests.cli.hands import call
from tests.cli.test_verbs import edit
from tests.served import PATIENCE, Served, program


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 503}, ("POST /api/v1/users", "it may have been done", "not done twice")),
        ({"kind": "close"}, ("broke off its answer to POST /api/v1/users", "it may have been done")),
        ({"kind": "status", "status": 501}, ("answered 501",)),
    ],
)
def test_an_outage_half_way(fault: dict[str, Any], words: tuple[str, ...], run: Run, served: Served) -> None:
    """What was done is told by number, what was not by name, and running again continues."""
    served.fault(**fault, method="POST", path="/users", times=100)

    ran = run("apply", "okta.yaml")
    served.app.faults.clear("localhost")

    assert ran.code == 5
    assert "3 of 5 changes were made" in ran.err
    assert "running apply again continues" in ran.err
    assert "user:ana@acme.example" in ran.out
    assert [word for word in words if word not in ran.err] == []
    assert run("apply", "okta.yaml").code == 0
    assert len(served.state()["users"]) == 3


def test_values_that_cannot_be_read_after_an_apply(run: Run, served: Served) -> None:
    """All changes are made and told as made, although the Flex values are missing."""
    served.fault(kind="close", path="metadata", times=100)

    text = run("apply", "okta.yaml")
    data = run("apply", "okta.yaml", "--format", "json")

    assert text.code == 1
    assert "5 of 5 changes done" in text.out
    assert "everything is applied, but the Flex values could not be read: " in text.err
    assert "provisioner outputs plans/okta.yaml prints them" in text.err
    assert (data.json["outputs"], data.json["error"]["type"], data.err) == (None, "network", "")


def test_an_application_that_goes_away_while_the_question_stands(
    run: Run, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deletes it between diff and apply: said as it is, and the next run makes it anew."""
    run("apply", "okta.yaml")
    edit(work / "plans/okta.yaml", "label: Twilio Flex", "label: Flex")
    home = work / ".provisioner"
    (app,) = call(home, "GET", "/api/v1/apps?q=Twilio")

    def delete() -> None:
        call(home, "POST", f"/api/v1/apps/{app['id']}/lifecycle/deactivate")
        call(home, "DELETE", f"/api/v1/apps/{app['id']}")

    def meanwhile(*_: Any, **__: Any) -> bool:
        administrator = threading.Thread(target=delete)
        administrator.start()
        administrator.join()
        return True

    with monkeypatch.context() as patch:
        patch.setattr(plans, "is_sandbox", lambda plan: False)
        patch.setattr(sys, "stdin", _Terminal())
        patch.setattr(click, "confirm", meanwhile)
        ran = run("apply", "okta.yaml")

    assert ran.code == 1
    assert "404 E0000007" in ran.err
    assert "somebody deleted it meanwhile" in ran.err
    assert run("apply", "okta.yaml").code == 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_run_record_that_cannot_be_made(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a record nothing is changed."""
    Path("home").mkdir()
    (Path("home") / "runs").write_text("a file")
    monkeypatch.setenv("PROVISIONER_HOME", "home")

    ran = run("apply", "okta.yaml")

    assert ran.code == 1
    assert "cannot be written" in ran.err
    assert "set PROVISIONER_HOME" in ran.err
    assert served.state()["mails"] == [] == served.state()["appGroups"]


def test_a_disk_that_fills_up_during_an_apply(run: Run, served: Served) -> None:
    """The run stops as soon as it cannot record, says so, and the next one continues."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        ran = run("apply", "okta.yaml")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert ran.code == 5
    assert "cannot be written: File too large" in ran.err
    assert "make room" in ran.err
    assert run("apply", "okta.yaml").code == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_an_apply(number: signal.Signals, code: int, run: Run, served: Served) -> None:
    """The change in flight is finished and recorded, nothing new begins, and the next apply continues."""
    gate = served.held("/groups")
    with program("apply", "okta.yaml") as process:
        assert gate.arrived.wait(PATIENCE)
        process.send_signal(number)
        assert process.stderr
        said = process.stderr.readline()
        gate.opened.set()
        out, err = process.communicate(timeout=PATIENCE)
    (record,) = Path(".provisioner/runs").iterdir()
    events = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]

    assert said == "stopping: finishing what is in flight; once more to abandon it\n"
    assert process.returncode == code
    assert "interrupted: 2 of 5 changes were made" in err
    assert "not tried  user:ana@acme.example" in out
    assert [(e["address"], e["status"]) for e in events if e["event"] == "end"][1] == ("group:Flex Agents", "done")
    assert run("apply", "okta.yaml").code == 0
    assert [g["profile"]["name"] for g in served.state()["groups"]].count("Flex Agents") == 1


def test_a_second_signal_abandons_what_is_in_flight(run: Run, served: Served) -> None:
    """Then nobody knows whether it was done, and that is said; the next apply finds out."""
    gate = served.held("/groups")
    with program("apply", "okta.yaml") as process:
        assert gate.arrived.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        gate.opened.set()

    assert process.returncode == 130
    assert "abandoned: what was in flight may have been done or not" in err
    assert "Traceback" not in err
    assert run("apply", "okta.yaml").code == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_a_check(number: signal.Signals, code: int, served: Served) -> None:
    """It ends at once and says how far it was; the report of the run before stays as it is."""
    Path("plans/auth0.yaml").write_text("no plan", encoding="utf-8")
    Path("drift.json").write_text("old", encoding="utf-8")
    gate = served.held("/apps", method="GET")
    with program("drift", "auth0.yaml", "okta.yaml", "--report", "json=drift.json") as process:
        assert gate.arrived.wait(PATIENCE)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        gate.opened.set()

    assert (process.returncode, out) == (code, "")
    assert err.splitlines() == [
        "Error: interrupted: 1 of 2 plans were looked at, and no report was written",
        "  nothing was changed; run it again",
    ]
    assert Path("drift.json").read_text(encoding="utf-8") == "old"


def test_a_second_apply_of_the_plan_on_this_machine(run: Run, served: Served) -> None:
    """It is refused, with who is at work, and sends nothing; the first one comes to its end."""
    gate = served.held("/groups")
    with program("apply", "okta.yaml") as process:
        assert gate.arrived.wait(PATIENCE)
        before = len(served.app.log.entries("localhost"))
        ran = run("apply", "okta.yaml")
        sent = len(served.app.log.entries("localhost")) - before
        gate.opened.set()
        process.communicate(timeout=PATIENCE)

    assert (ran.code, ran.out, sent) == (1, "", 0)
    assert f"is being applied already: process {process.pid} of " in ran.err
    assert process.returncode == 0
