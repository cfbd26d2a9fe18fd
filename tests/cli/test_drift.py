"""`provisioner drift` as an administrator meets it, and as a schedule does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.hands import call
from tests.served import Served

HOME = Path(".provisioner")


def audience(value: str) -> None:
    """Somebody edits the application in Okta's console."""
    (app,) = call(HOME, "GET", "/api/v1/apps?q=Twilio Flex")
    app["settings"]["signOn"]["audience"] = value
    call(HOME, "PUT", f"/api/v1/apps/{app['id']}", json=app)


def edit(plan: str, old: str, new: str) -> None:
    path = Path("plans") / plan
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def ignoring(path: str, until: str) -> None:
    entry = f'- {{ path: "{path}", reason: a test, until: {until} }}'
    edit("okta.yaml", '- { path: "application:*.label"', f'{entry}\n    - {{ path: "application:*.label"')


def test_a_tenant_as_its_plan_says_is_in_sync(run: Run) -> None:
    """Exit code 0, and few words."""
    run("apply", "okta.yaml")

    ran = run("drift", "okta.yaml")

    assert ran.code == 0
    assert "acme-okta → sandbox   in sync" in ran.out
    assert ran.err == ""


def test_drift_says_what_agents_notice_and_how_to_go_on(run: Run) -> None:
    """Exit code 2; the command that repairs it works, and the line that accepts it can be pasted."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")

    ran = run("drift", "okta.yaml")

    assert ran.code == 2
    assert "drifted   application:Twilio Flex" in ran.out
    assert "audience: urn:flex:other, in the plan: urn:flex:JQ0123456789abcdef0123456789abcdef" in ran.out
    assert "Nobody can sign in: Flex refuses assertions that are meant for somebody else." in ran.out
    assert "make apply PLAN=plans/okta.yaml" in ran.out
    assert '- { path: "application:Twilio Flex.audience", reason: WHY, until: YYYY-MM-DD }' in ran.out
    run("apply", "okta.yaml")
    assert run("drift", "okta.yaml").code == 0


@pytest.mark.parametrize(("until", "code"), [("2999-12-31", 0), ("2020-12-31", 2)])
def test_accepted_drift_counts_until_its_day(run: Run, until: str, code: int) -> None:
    """JSON lists it, text counts it; `-v` shows it, and the entry that hides nothing; one past its end is told."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")
    ignoring("application:*.audience", until)

    ran = run("drift", "okta.yaml", "-v")
    (plan,) = run("drift", "okta.yaml", "--format", "json").json["plans"]

    assert ran.code == code
    assert ("1 ignored under drift.ignore; -v lists them." in run("drift", "okta.yaml").out) == (code == 0)
    assert ("ended on 2020-12-31 and counts no more (a test)" in ran.out) == (code == 2)
    assert (f"ignored until {until}: application:Twilio Flex audience (a test)" in ran.out) == (code == 0)
    assert [each["reason"] for each in plan["ignored"]] == (["a test"] if code == 0 else [])
    assert "drift.ignore application:*.label hides nothing" in ran.out


def test_a_change_of_the_plan_that_an_entry_hides_is_said(run: Run) -> None:
    """Nobody is told that the tenant holds it: an apply would make it."""
    run("apply", "okta.yaml")
    edit("okta.yaml", "label: Twilio Flex", "label: Flex for agents")

    ran = run("drift", "okta.yaml")

    assert (ran.code, "all that differs is ignored: an apply makes these changes." in ran.out) == (0, True)
    assert "An apply undoes what differs all the same." in ran.out


def test_what_a_waiting_change_is_if_it_is_drift(run: Run) -> None:
    """Which of the two changed nobody knows while the plan waits; an outage must not read like an edit."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")
    edit("okta.yaml", "last_name: Li", "last_name: Lee")

    ran = run("drift", "okta.yaml")

    assert "If it is not the plan that changed here: Nobody can sign in: Flex refuses assertions" in ran.out
    assert "under drift.ignore, such as" not in ran.out


def test_what_an_apply_does_to_whom_the_plan_does_not_name(run: Run) -> None:
    """Before anybody runs it."""
    edit("okta.yaml", "on_removal: unassign", "on_removal: deactivate")
    run("apply", "okta.yaml")
    profile = {"login": "eve@acme.example", "email": "eve@acme.example", "firstName": "Eve", "lastName": "Ek"}
    (group,) = call(HOME, "GET", "/api/v1/groups?q=Flex Agents")
    call(HOME, "POST", "/api/v1/users", json={"profile": profile, "groupIds": [group["id"]]})

    ran = run("drift", "okta.yaml")

    assert "By an apply this person is deactivated in Okta." in ran.out


def test_json_has_the_same_form_for_one_plan_and_for_many(run: Run) -> None:
    """Every plan stands under `plans`, with its changes and their class; the summary counts them."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")

    told = run("drift", "okta.yaml", "auth0.yaml", "--format", "json").json

    first, second = told["plans"]
    (change,) = first["changes"]
    assert (change["class"], change["action"], change["fields"][0]["path"]) == ("drifted", "update", "audience")
    assert (first["status"], second["status"], second["changes"][0]["class"]) == ("drifted", "pending", "pending")
    assert first["certificates"][0].keys() == {"sha256", "not_after", "days_left", "state"}
    assert told["summary"]["drifted"] == told["summary"]["pending"] == 1
    assert run("drift", "okta.yaml", "--format", "json").json.keys() == told.keys()


def test_one_plans_error_hides_no_other_result(run: Run) -> None:
    """The worst exit code counts, and each error says whose it is."""
    run("apply", "okta.yaml")
    edit("auth0.yaml", "domain: sandbox", "domain: sandbox\n  type: auth1")

    ran = run("drift", "nowhere.yaml", "auth0.yaml", "okta.yaml")
    told = run("drift", "nowhere.yaml", "auth0.yaml", "okta.yaml", "--format", "json")

    assert (ran.code, told.code) == (64, 64)
    assert "acme-okta → sandbox   in sync" in ran.out
    assert "nowhere.yaml   error\n  Error: plan file" in ran.out
    assert "auth0.yaml   error\n  plans/auth0.yaml:5:7: not YAML" in ran.out
    assert "nowhere.yaml: Error: plan file" in ran.err
    assert "\nplans/auth0.yaml:5:7: not YAML" in ran.err
    assert [plan["status"] for plan in told.json["plans"]] == ["error", "error", "in_sync"]
    assert told.json["plans"][0]["error"]["type"] == "usage"


def test_a_mistake_of_ours_hides_no_other_result_either(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error of that plan alone."""
    from provisioner.adapters.auth0 import reader

    run("apply", "okta.yaml")
    monkeypatch.setattr(reader.Auth0Reader, "observe", lambda *_: 1 / 0)

    ran = run("drift", "auth0.yaml", "okta.yaml")

    assert ran.code == 1
    assert "internal error (ZeroDivisionError)" in ran.err
    assert "acme-okta → sandbox   in sync" in ran.out


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_nobody_is_named_unless_asked(run: Run, form: str) -> None:
    """No address of anybody in any form, also not in what was never applied; `--show-pii` names them."""
    plans = ("okta.yaml", "auth0.yaml")
    run("apply", "okta.yaml")
    for login in ("ana@acme.example", "bo@acme.example"):
        call(HOME, "POST", f"/api/v1/users/{login}", json={"profile": {"userType": None, "lastName": "Smith"}})

    hidden, shown = run("drift", *plans, "--format", form), run("drift", *plans, "--format", form, "--show-pii")

    assert not re.search(r"@|Smith", hidden.out)
    assert "user:sha256-bb03ba1becc0" in hidden.out
    assert "ana@acme.example" in shown.out.replace("\\", "")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_an_unchanged_tenant_gives_the_same_report(run: Run, form: str) -> None:
    """Byte for byte, but for the time."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")

    first, second = (run("drift", "okta.yaml", "auth0.yaml", "--format", form).out for _ in range(2))

    assert _timeless(first) == _timeless(second)


def _timeless(text: str) -> Any:
    return json.loads(text) | {"checked_at": ""} if text.startswith("{") else text


def test_reading_scopes_suffice(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service app that may change nothing sees all, group rules and certificates included."""
    run("apply", "okta.yaml", "--yes")
    monkeypatch.delenv("OKTA_API_TOKEN")
    monkeypatch.setenv("OKTA_CLIENT_ID", "sandbox-okta-client")
    monkeypatch.setenv("OKTA_PRIVATE_KEY", served.private_key)
    served.grant("okta.apps.read", "okta.groups.read", "okta.users.read")

    (plan,) = run("drift", "okta.yaml", "--format", "json").json["plans"]

    assert (plan["status"], plan["unmanaged"], plan["certificates"][0]["state"]) == ("in_sync", [], "current")


def test_drift_leaves_nothing_behind(run: Run, work: Path) -> None:
    """No run record, and the tenant is as empty as before."""
    run("drift", "okta.yaml", "auth0.yaml")

    assert not (work / ".provisioner/runs").exists()
    assert run("diff", "okta.yaml", "--format", "json").json["summary"]["create"] == 5
