"""`provisioner fleet` as an administrator meets it, with real checks of a served sandbox."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from provisioner.fleet import child, schedule
from tests.cli.conftest import Run
from tests.fleet.postgres import PASSWORD, Server
from tests.fleet.scene import PATIENCE, ending, until
from tests.served import Served, program

NIGHTLY = ("--cron", "0 5 * * *")


def sql(url: str, query: Any) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def test_plans_are_put_on_the_schedule_changed_and_taken_off(run: Run, database: str) -> None:
    """The first one makes the tables. Status lists what is due when, and that nobody is there to do it."""
    put = run("fleet", "schedule", "okta.yaml", "auth0.yaml", *NIGHTLY)
    run("fleet", "schedule", "okta.yaml", "--cron", "30 * * * *")
    listed = run("fleet", "status")
    told = run("fleet", "status", "--format", "json").json
    run("fleet", "schedule", "okta.yaml", "--remove")
    again = run("fleet", "schedule", "okta.yaml", "--remove")

    assert re.search(r"^plans/okta.yaml  0 5 \* \* \*  next \d{4}-\d\d-\d\d 05:00 UTC$", put.out, re.M)
    assert (listed.code, listed.err) == (0, "")
    assert re.search(
        r"^plans/okta.yaml   30 \* \* \* \*  waiting   not checked yet, next .* ..:30 UTC$", listed.out, re.M
    )
    assert "2 plans on the schedule: 2 waiting; next plans/" in listed.out
    assert "No worker is alive." in listed.out
    assert told["plans"] == []
    assert [(each["path"], each["tenant"], each["state"]) for each in told["fleet"]["schedule"]] == [
        ("plans/auth0.yaml", "auth0 localhost:8400", "waiting"),
        ("plans/okta.yaml", "okta localhost:8400", "waiting"),
    ]
    assert (again.code, again.err.splitlines()[0]) == (64, "Error: not on the schedule: plans/okta.yaml")


def test_a_worker_checks_for_real_and_status_tells_it_as_drift_does(
    run: Run, database: str, served: Served, work: Path
) -> None:
    """The same JSON and the same page as `drift` gives, but for the time; and the worst exit code."""
    run("apply", "okta.yaml", "--yes")
    assert run("fleet", "schedule", "okta.yaml", "auth0.yaml", *NIGHTLY).code == 0
    sql(database, "UPDATE provisioner_plans SET due_at = now()")

    with program("fleet", "worker") as worker, ending(worker):
        until(lambda: sql(database, "SELECT count(*) FROM provisioner_plans WHERE report IS NOT NULL") == [(2,)])
        during = run("fleet", "status", "--report", "html=fleet.html")
        worker.send_signal(signal.SIGTERM)
        _, logged = worker.communicate(timeout=PATIENCE)
    after = run("fleet", "status", "--format", "json").json
    drift = run("drift", "auth0.yaml", "okta.yaml", "--format", "json", "--report", "html=drift.html")

    assert (worker.returncode, during.code, drift.code) == (0, 2, 2)
    assert "1 worker." in during.out
    assert "plans/okta.yaml: exit code 0" in logged
    assert (after["plans"], after["summary"]) == (drift.json["plans"], drift.json["summary"])
    assert timeless("fleet.html") == timeless("drift.html")


def timeless(page: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:]+", "TIME", Path(page).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("asked_at = now() - interval '3 days'", "no check came to its end since it was due at"),
        ('report = \'{"format_version": "0"}\'', "its last report is that of another version of the program"),
        ("failure = 'the check was ended by signal 9', checked_at = now()", "the check was ended by signal 9"),
    ],
)
def test_silence_is_told_as_an_error(run: Run, database: str, change: str, says: str) -> None:
    """A plan that nobody checks, or whose check died, does not look fine: in every form, and with exit code 1."""
    run("fleet", "schedule", "okta.yaml", *NIGHTLY)
    sql(database, f"UPDATE provisioner_plans SET {change}")

    ran = run("fleet", "status", "--report", "json=fleet.json")

    (plan,) = json.loads(Path("fleet.json").read_bytes())["plans"]
    assert ran.code == 1
    assert f"plans/okta.yaml: Error: {says}" in ran.err
    assert (plan["status"], plan["error"]["message"][: len(says)]) == ("error", says)


def test_a_plan_is_on_the_schedule_once_however_it_is_called(
    run: Run, database: str, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is taken off by the name that status lists, from wherever that was given."""
    names = ("okta.yaml", "./plans/okta.yaml", str(work / "plans" / "okta.yaml"), "plans/../plans/okta.yaml")
    put = run("fleet", "schedule", *names, *NIGHTLY)
    monkeypatch.chdir("plans")
    run("fleet", "schedule", "okta.yaml", *NIGHTLY)
    monkeypatch.chdir("..")
    listed = sql(database, "SELECT path FROM provisioner_plans ORDER BY path")

    gone = [run("fleet", "schedule", path, "--remove").code for (path,) in listed]

    assert put.out.count("plans/okta.yaml") == 1
    assert listed == [("okta.yaml",), ("plans/okta.yaml",)]
    assert (gone, sql(database, "SELECT path FROM provisioner_plans")) == ([0, 0], [])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("okta.yaml", "--cron", "0 5 * *"), "names no time: five fields are expected, found 4"),
        (("okta.yaml", "--cron", "* * * * * *"), "names no time"),
        (("okta.yaml", "--cron", "61 5 * * *"), "names no time: [61 5 * * *] is not acceptable, out of range"),
        (("okta.yaml", "--cron", "r 5 * * *"), "names no time: a time that is drawn by lot is none"),
        (("okta.yaml", "--cron", "0 5 30 2 *"), "names no time"),
        (("okta.yaml", "--cron", "@reboot"), "names no time"),
        (("okta.yaml",), "expected either --cron EXPRESSION or --remove"),
        (("okta.yaml", "--remove", *NIGHTLY), "expected either --cron EXPRESSION or --remove"),
        (("nowhere.yaml", *NIGHTLY), "plan file nowhere.yaml not found"),
    ],
)
def test_what_cannot_be_scheduled_is_a_wrong_command_line(
    run: Run, database: str, arguments: tuple[str, ...], says: str
) -> None:
    """Told before anything is kept."""
    ran = run("fleet", "schedule", *arguments)

    assert ran.code == 64
    assert says in ran.err


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "PROVISIONER_DATABASE_URL is not set"),
        ("canary", "no address of a database"),
        ("postgresql://fleet:can/ary@127.0.0.1/fleet", "no address of a database"),
        ("postgresql://fleet:can@ary@127.0.0.1/fleet", "no address of a database"),
        ("postgresql://fleet:aa@canary/zz@127.0.0.1:5432/fleet", "no address of a database"),
        ("postgresql://fleet:canary@127.0.0.1:1/fleet", "the database cannot be reached: connection failed"),
        ("{server}/nowhere", 'database "nowhere" does not exist'),
        ("{wrong}/postgres", 'password authentication failed for user "fleet"'),
        ("{server}/postgres", "the database holds no schedule"),
    ],
)
def test_what_is_wrong_with_the_database_is_told_in_words(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, address: str, says: str
) -> None:
    """And nothing of its address that may be a password, whichever part of it was misread."""
    good = server.url("")[:-1]
    address = address.format(server=good, wrong=good.replace(PASSWORD, "canary"))
    monkeypatch.setenv("PROVISIONER_DATABASE_URL", address)

    ran = run("fleet", "status")

    assert ran.code == 1
    assert says in ran.err
    assert not {"canary", PASSWORD} & set(re.split(r"[^\w-]", ran.err))
    assert "can/" not in ran.err and "ary@" not in ran.err


def test_a_plan_cannot_show_the_database(run: Run, database: str) -> None:
    """What a plan says is shown and sent; a plan may come from anybody."""
    path = Path("plans/okta.yaml")
    path.write_text(path.read_text().replace("label: Twilio Flex", 'label: "${env.PROVISIONER_DATABASE_URL}"'))

    ran = run("validate", "okta.yaml")

    assert ran.code == 65
    assert PASSWORD not in ran.out + ran.err


def test_without_the_extra_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder: nobody is sent to a registry for something of this name."""
    monkeypatch.setattr("provisioner.cli.fleet.find_spec", lambda _: None)

    ran = run("fleet", "status")

    assert ran.code == 64
    assert "deploy/install DIR, in the project's folder" in ran.err


def test_two_who_set_up_an_empty_database_do_not_meet(url: str) -> None:
    """The tables are made once, and both go on."""

    async def both() -> None:
        entries = ([schedule.Entry(name, name)] for name in ("one", "two"))
        await asyncio.gather(*(schedule.put(SecretStr(url), each, "@daily") for each in entries))

    asyncio.run(both())

    assert sql(url, "SELECT count(*) FROM provisioner_plans") == [(2,)]


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("echo '{\"plans\": []}'; exit 2", ""),
        ('echo \'{"error": {"message": "the file .env is not UTF-8"}}\'; exit 64', "the file .env is not UTF-8"),
        ("echo boom; exit 1", "the check ended with exit code 1 and without a report"),
        ("kill -9 $$", "the check was ended by signal 9"),
        ("exec sleep 60", "the check was given up after 0.5 seconds"),
    ],
)
def test_a_check_that_tells_nothing_is_a_failure_in_words(script: str, failure: str) -> None:
    """Whatever its process does; one that hangs is ended."""
    begun = time.monotonic()

    outcome = asyncio.run(child.run(["sh", "-c", script], deadline=0.5))

    assert outcome.failure == failure
    assert (outcome.report is None) == bool(failure)
    assert time.monotonic() - begun < 10
