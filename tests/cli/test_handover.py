"""The end of `apply` and `outputs`: the Flex values on their way to Twilio Console, or to the sandbox's."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.adapters import metadata
from provisioner.core.adapter import IdpFacts
from tests.cli.conftest import Run
from tests.cli.hands import call

ELSEWHERE = "https://login.acme.example"
BOTH = pytest.mark.parametrize("plan", ["okta.yaml", "auth0.yaml"])


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tenant's metadata sends people to another host."""
    true = metadata.facts

    def facts(*arguments: Any, **named: Any) -> IdpFacts:
        told = true(*arguments, **named)
        return replace(told, sso_url=told.sso_url.replace("http://localhost:8400", ELSEWHERE))

    monkeypatch.setattr(metadata, "facts", facts)


def change(path: Path, **flex: Any) -> None:
    """Adds to a plan file's `flex` section."""
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["flex"] |= flex
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")


@BOTH
def test_every_form_of_the_values_can_be_a_file_of_its_own(plan: str, run: Run) -> None:
    """As stdout has it; one that cannot be written is an error beside them, and the plan is no place for one."""
    run("apply", plan)
    forms = ("text", "json", "markdown", "env", "html", "pem")

    ran = run("outputs", plan, *(word for form in forms for word in ("--report", f"{form}=flex.{form}")))

    assert (ran.code, ran.err) == (0, "")
    for form in forms:
        assert run("outputs", plan, "--format", form).out == Path(f"flex.{form}").read_text(encoding="utf-8")
    full = run("outputs", plan, "--report", "html=/dev/full")
    assert (full.code, full.out) == (1, ran.out)
    assert "No space left" in full.err
    assert run("outputs", plan, "--report", f"html=plans/{plan}").code == 64


@BOTH
def test_an_sso_url_that_leads_elsewhere_is_told(plan: str, moved: None, run: Run) -> None:
    """Whoever pastes it sends every agent's password there, so it is not taken on the metadata's word."""
    applied, text, piped = run("apply", plan, "--format", "json"), run("apply", plan), run("outputs", plan)

    assert "FLEX217" in [warning["code"] for warning in applied.json["warnings"]]
    assert f"The Single Sign-on URL leads to {ELSEWHERE}, which is neither" in text.out
    assert "FLEX217" in piped.err
    assert "FLEX217" not in piped.out


@BOTH
def test_a_custom_domain_that_the_plan_trusts_is_not_told(plan: str, moved: None, run: Run, work: Path) -> None:
    """It is among the trusted URLs, as Flex needs it to be anyway."""
    change(work / "plans" / plan, trusted_urls=[ELSEWHERE])

    applied = run("apply", plan)

    assert applied.code == 0
    assert "FLEX217" not in applied.out + applied.err + run("outputs", plan).err


@BOTH
def test_the_page_for_the_console_says_what_its_vendor_needs(plan: str, run: Run) -> None:
    """Its values are those of the other forms, its day is today's."""
    run("apply", plan)

    page, values = run("outputs", plan, "--format", "html").out, run("outputs", plan, "--format", "json").json

    assert values["certificate_pem"] in page
    assert values["issuer"] in page
    assert f"<strong>{'on' if values['login_popup'] else 'off'}</strong>" in page
    assert ("One key of the tenant" in page) == (plan == "auth0.yaml")
    assert ("not assigned the app" in page) == (plan == "okta.yaml")


def test_next_steps_are_told_where_they_help(run: Run, work: Path) -> None:
    """On stderr: stdout is the values, and a script that wants no words says so."""
    plan = (work / "plans/okta.yaml").read_text(encoding="utf-8")
    (work / "second.yaml").write_text(plan.replace("org_url: sandbox", "org_url: sandbox:second"), encoding="utf-8")

    told, quiet, other = run("apply", "okta.yaml"), run("apply", "okta.yaml", "-q"), run("apply", "second.yaml")

    assert "http://localhost:8400/flex/" in told.err
    assert "/flex/" not in told.out
    assert "flex.html" not in told.err
    assert quiet.err == ""
    assert "http://second.localhost:8400/flex/" in other.err


def test_people_at_a_terminal_get_a_table_and_the_way_to_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values stand in the form's order; the page that copies them is one command away."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    ran = run("apply", "okta.yaml", "--no-color")

    assert "Paste into Twilio Console → Flex" in ran.out
    assert "provisioner outputs plans/okta.yaml --format html > flex.html" in ran.err


@BOTH
def test_the_sandbox_gets_what_was_printed(plan: str, run: Run, work: Path) -> None:
    """Its Console page then loads the newest values with one click."""
    applied = run("apply", plan, "--format", "json").json
    after_apply = call(work / ".provisioner", "GET", "/_sandbox/clipboard")["clipboard"]
    change(work / "plans" / plan, friendly_name="Second")
    printed = run("outputs", plan, "--format", "json").json
    after_outputs = call(work / ".provisioner", "GET", "/_sandbox/clipboard")["clipboard"]

    assert after_apply == [{"name": applied["plan"], "values": applied["outputs"]}]
    assert after_outputs == [{"name": applied["plan"], "values": printed}]
