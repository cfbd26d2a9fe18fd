"""`verify` as a user and a script meet it, and what `apply` says of a certificate that it did not hand out."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.hands import call


def the_app(home: Path) -> Any:
    (app,) = (each for each in call(home, "GET", "/api/v1/apps") if each["label"] == "Twilio Flex")
    return call(home, "GET", f"/api/v1/apps/{app['id']}")


def sign_with_another_key(home: Path) -> None:
    app = the_app(home)
    key = call(home, "POST", f"/api/v1/apps/{app['id']}/credentials/keys/generate?validityYears=2")
    app["credentials"]["signing"]["kid"] = key["kid"]
    call(home, "PUT", f"/api/v1/apps/{app['id']}", json=app)


@pytest.fixture
def home(work: Path) -> Path:
    return work / ".provisioner"


@pytest.mark.parametrize("plan", ["okta.yaml", "auth0.yaml"])
def test_findings_have_an_exit_code(plan: str, run: Run) -> None:
    """Two while nobody can sign in; nought after the apply, though there are warnings."""
    codes = [run("verify", plan).code]
    run("apply", plan)

    assert [*codes, run("verify", plan).code] == [2, 0]


def test_text_says_who_would_get_in_with_what(run: Run) -> None:
    """The sum, warnings of people together, and each person's claims."""
    run("apply", "okta.yaml")

    ran = run("verify", "okta.yaml")

    assert ran.out.startswith("acme-okta → sandbox: 2 of 2 people pass, 2 with warnings\n")
    assert "ana@acme.example, bo@acme.example, as said of the first:" in ran.out
    assert "  roles      agent,supervisor" in ran.out


def test_json_has_every_person_and_claim(run: Run) -> None:
    """One object, as scripts were promised it."""
    run("apply", "auth0.yaml")

    ran = run("verify", "auth0.yaml", "--format", "json").json

    (ana,) = ran["users"]
    assert (ran["format_version"], ran["plan"], ran["findings"]) == ("1", "acme-auth0", [])
    assert (ana["user"], ana["ok"], ana["name_id"]) == ("ana@acme.example", True, "ana@acme.example")
    assert ana["attributes"]["roles"] == ["admin"]
    assert {"code", "severity", "message", "hint"} <= ana["findings"][0].keys()


def test_markdown_lists_whoever_has_findings(run: Run, home: Path) -> None:
    """For a comment on a pull request."""
    run("apply", "okta.yaml")
    call(home, "POST", "/api/v1/users/bo@acme.example", json={"profile": {"userType": "Agent"}})

    ran = run("verify", "okta.yaml", "--format", "markdown", "--show-pii")

    assert ran.code == 2
    assert "### acme-okta → sandbox: 1 of 2 people pass, 1 with warnings" in ran.out
    assert "| bo@acme.example | no |" in ran.out


def test_what_cannot_be_computed_keeps_nobody_from_passing(run: Run, home: Path) -> None:
    """It is not known, in words and in a field of its own, and no error: a check in CI goes on."""
    run("apply", "okta.yaml")
    app = the_app(home)
    statements = {each["name"]: each for each in app["settings"]["signOn"]["attributeStatements"]}
    statements["roles"]["values"] = ['isMemberOfGroupName("Flex Agents") ? "agent" : "admin"']
    call(home, "PUT", f"/api/v1/apps/{app['id']}", json=app)

    ran, users = run("verify", "okta.yaml"), run("verify", "okta.yaml", "--format", "json").json["users"]

    assert ran.out.startswith("acme-okta → sandbox: 0 of 2 people pass, 2 not known\n")
    assert (ran.code, [(user["ok"], user["known"]) for user in users]) == (0, [(True, False)] * 2)


KINDS = ("text", "json", "markdown")


def files_of(run: Run, *flags: str) -> dict[str, str]:
    run("verify", "okta.yaml", *flags, *(word for kind in KINDS for word in ("--report", f"{kind}=new/{kind}")))
    return {kind: Path("new", kind).read_text(encoding="utf-8") for kind in KINDS}


def test_what_is_passed_on_names_nobody(run: Run, home: Path) -> None:
    """Files, which only their owner can read, and Markdown; a terminal and JSON on stdout name everybody."""
    run("apply", "okta.yaml")
    profile = {"userType": "agent, boss", "lastName": "null", "profileUrl": "https://pictures.example/bo.png"}
    call(home, "POST", "/api/v1/users/bo@acme.example", json={"profile": profile})

    files = files_of(run) | {"stdout": run("verify", "okta.yaml", "--format", "markdown").out}

    assert not [kind for kind, told in files.items() if re.search(r"\b(Bo|Ana|bo|ana|Diaz|pictures|boss)\b", told)]
    assert all("sha256-" in told for told in files.values())
    assert "admin" in files["text"]
    assert {path.stat().st_mode & 0o777 for path in Path("new").iterdir()} == {0o600}
    assert "bo@acme.example" in run("verify", "okta.yaml").out
    assert all("bo@acme.example" in told for told in files_of(run, "--show-pii").values())


def test_one_person_can_be_asked_for(run: Run) -> None:
    """By the name in the plan, whatever its case; somebody whom the plan does not name is a mistake."""
    run("apply", "okta.yaml")

    ran = run("verify", "okta.yaml", "--user", "BO@acme.example", "--format", "json")
    wrong = run("verify", "okta.yaml", "--user", "bob@acme.example")

    assert [user["user"] for user in ran.json["users"]] == ["bo@acme.example"]
    assert (wrong.code, "did you mean `bo@acme.example`?" in wrong.err) == (64, True)


def test_another_certificate_is_told_until_it_is_handed_out(run: Run, home: Path) -> None:
    """The diff shows nothing for it; the next apply prints the values anew, says so, and takes note of it."""
    run("apply", "okta.yaml")
    sign_with_another_key(home)

    first, told = run("verify", "okta.yaml").out.splitlines()[:3:2]
    assert first == "acme-okta → sandbox: nobody passes"
    assert "nobody can sign in until Twilio Console has it" in told
    assert not any(user["ok"] for user in run("verify", "okta.yaml", "--format", "json").json["users"])
    assert run("diff", "okta.yaml", "--exit-code").code == 0
    second, third = run("apply", "okta.yaml"), run("apply", "okta.yaml")
    assert "paste the certificate into Twilio Console again" in second.out
    assert "FLEX356" not in third.out
    assert run("verify", "okta.yaml").code == 0


def test_scripts_are_told_of_another_certificate_too(run: Run, home: Path) -> None:
    """Among the warnings, once; two applies later there is no further write."""
    run("apply", "okta.yaml")
    sign_with_another_key(home)

    second, third = (run("apply", "okta.yaml", "--format", "json").json for _ in range(2))

    assert "FLEX356" in [warning["code"] for warning in second["warnings"]]
    assert "FLEX356" not in [warning["code"] for warning in third["warnings"]]
    assert (bool(second["run"]), third["run"]) == (True, None)
    assert "certificate" in the_app(home)["settings"]["notes"]["admin"]


def test_a_mark_without_a_certificate_gets_one(run: Run, home: Path) -> None:
    """One of an earlier version: nothing is said of a certificate that nobody knows of."""
    run("apply", "okta.yaml")
    app = the_app(home)
    notes = app["settings"]["notes"]
    notes["admin"] = notes["admin"].partition(", certificate")[0]
    call(home, "PUT", f"/api/v1/apps/{app['id']}", json=app)

    codes = [run("verify", "okta.yaml").code, run("apply", "okta.yaml").code]

    assert codes == [0, 0]
    assert "FLEX356" not in run("apply", "okta.yaml").out
    assert ", certificate " in the_app(home)["settings"]["notes"]["admin"]
