"""`--report KIND=PATH`: several forms at once, each whole or not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from provisioner.cli.drift_forms import KINDS
from provisioner.render import html_fleet
from tests.cli.conftest import Run
from tests.cli.test_drift import audience, edit


def test_all_forms_of_drift_are_written_at_once(run: Run) -> None:
    """Into a folder made for them, for their owner alone; stdout is what it would be without, and nobody is named."""
    run("apply", "okta.yaml")
    audience("urn:flex:other")
    reports = [word for kind in KINDS for word in ("--report", f"{kind}=new/drift.{kind}")]

    ran = run("drift", "okta.yaml", "auth0.yaml", *reports)

    files = {path.suffix[1:]: path.read_text(encoding="utf-8") for path in Path("new").iterdir()}
    assert (ran.code, set(files)) == (2, set(KINDS))
    assert ran.out == run("drift", "okta.yaml", "auth0.yaml").out
    assert all("urn:flex:other" in text and "acme-auth0" in text for text in files.values())
    assert {path.stat().st_mode & 0o777 for path in Path("new").iterdir()} == {0o600}
    assert not [kind for kind, text in files.items() if re.search(r"\w@acme", text)]


@pytest.mark.parametrize("kind", KINDS)
def test_people_are_named_in_every_form_when_asked(run: Run, kind: str) -> None:
    """One switch for all of them."""
    run("drift", "okta.yaml", "--show-pii", "--report", f"{kind}=drift")

    assert "ana@acme" in Path("drift").read_text(encoding="utf-8").replace("&#64;", "@")


def test_results_point_into_the_plan(run: Run) -> None:
    """At the line with the person, and at the one with the setting."""
    run("apply", "okta.yaml")
    edit("okta.yaml", "roles: [admin]", "roles: [agent]")
    edit("okta.yaml", "user.userType", "user.title")

    run("drift", "okta.yaml", "--report", "sarif=drift.sarif", "--show-pii")

    lines = Path("plans/okta.yaml").read_text(encoding="utf-8").splitlines()
    (told,) = json.loads(Path("drift.sarif").read_text(encoding="utf-8"))["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in told["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"plans/okta.yaml"}
    pointed = [lines[place["region"]["startLine"] - 1] for place in places]
    assert [re.findall("user.title|ana@acme.example", line) for line in pointed] == [
        ["user.title"],
        ["ana@acme.example"],
    ]


def test_a_full_disk_is_an_error_and_the_result_is_told(run: Run) -> None:
    """In words and in JSON, told apart from drift; the other reports are written."""
    ran = run("drift", "okta.yaml", "--report", "html=/dev/full", "--report", "text=drift.txt", "--format", "json")

    assert ran.code == 1
    assert [failure["type"] for failure in ran.json["failures"]] == ["report_not_written"]
    assert "/dev/full: No space left" in ran.json["failures"][0]["message"]
    assert ran.json["plans"][0]["status"] == "pending"
    assert "pending" in Path("drift.txt").read_text(encoding="utf-8")


def test_what_goes_wrong_half_way_leaves_the_old_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it finds it whole, and nothing beside it."""
    Path("reports").mkdir()
    Path("reports/drift.html").write_text("old", encoding="utf-8")
    monkeypatch.setattr(html_fleet, "report", lambda _: 1 / 0)

    ran = run("drift", "okta.yaml", "--report", "html=reports/drift.html")

    assert ran.code == 1
    assert [path.read_text(encoding="utf-8") for path in Path("reports").iterdir()] == ["old"]


def test_a_place_that_cannot_be_written_is_named(run: Run) -> None:
    """A folder stands there, or something that is no folder is on the way."""
    ran = run("drift", "okta.yaml", "--report", "html=plans", "--report", "junit=plans/okta.yaml/drift.xml")

    assert ran.code == 1
    assert "the html report could not be written to plans: Is a directory" in ran.err
    assert "the junit report could not be written to plans/okta.yaml/drift.xml" in ran.err
    assert "acme-okta → sandbox   pending" in ran.out


@pytest.mark.parametrize(("text", "words"), [("pdf=x", "KIND=PATH"), ("html", "KIND=PATH"), ("html=-", "stdout")])
def test_a_report_that_cannot_be_meant_is_refused_before_the_check(run: Run, text: str, words: str) -> None:
    """With the kinds that there are."""
    ran = run("drift", "okta.yaml", "--report", text)

    assert ran.code == 64
    assert words in ran.err
    assert ran.out == ""


def test_a_report_takes_no_place_of_what_is_read(run: Run) -> None:
    """However the file is called: a mix-up in a schedule must not cost the plan, not even one of another shard."""
    before = Path("plans/okta.yaml").read_bytes()
    Path("link.yaml").symlink_to("plans/okta.yaml")

    for path in ("plans/okta.yaml", "./link.yaml"):
        for words in (["diff"], ["apply"], ["verify"], ["drift"], ["check-response", "plans/auth0.yaml", "--plan"]):
            assert run(*words, "okta.yaml", "--report", f"json={path}").code == 64
        assert run("report", "merge", "plans/okta.yaml", "--report", f"json={path}").code == 64
        ran = run("drift", "--all", "plans", "--shard", "0/2", "--report", f"json={path}")
        assert (ran.code, ran.out) == (64, "")
        assert "would take the place of plans/okta.yaml" in ran.err

    assert Path("plans/okta.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["people.csv", "action.js", "other.yaml", "old.YML", ".env"])
def test_a_report_takes_no_place_of_what_a_plan_may_consist_of(run: Run, name: str) -> None:
    """Which files plans name is known only when they are read: whatever looks like one of them stays."""
    Path(name).write_text("login,roles", encoding="utf-8")

    ran = run("drift", "okta.yaml", "--report", f"json={name}")

    assert (ran.code, ran.out) == (64, "")
    assert f"no json report can be called {name}" in ran.err
    assert Path(name).read_text(encoding="utf-8") == "login,roles"


@pytest.mark.parametrize("path", ["same", "./same", "plans/../same"])
def test_two_reports_do_not_go_to_one_file(run: Run, path: str) -> None:
    """The last would win, and the next run's memory be gone."""
    ran = run("drift", "okta.yaml", "--report", "json=same", "--report", f"html={path}")

    assert ran.code == 64
    assert "two reports go to one file" in ran.err
    assert not Path("same").exists()


VERBS = {
    "diff": ("application:Twilio Flex", "ana@acme.example"),
    "apply": (
        "application:Twilio Flex",
        "ana@acme.example",
        "urn:flex:JQ0123456789abcdef0123456789abcdef",
        "CERTIFICATE",
    ),
    "verify": ("ana@acme.example", "bo@acme.example"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_other_verbs_write_their_forms_too(run: Run, verb: str) -> None:
    """The same object as `--format json`, and all of the text; a form that makes no sense there is refused."""
    if verb == "verify":
        run("apply", "okta.yaml")
    files = [word for kind in ("text", "json", "markdown") for word in ("--report", f"{kind}=of.{kind}")]

    named = ["--show-pii"] if verb == "verify" else []

    ran = run(verb, "okta.yaml", "--format", "json", *named, *files)

    texts = {path.suffix[1:]: path.read_text(encoding="utf-8") for path in Path().glob("of.*")}
    assert ran.code == 0, ran.err
    assert json.loads(texts["json"]) == ran.json
    assert [fact for fact in VERBS[verb] for text in texts.values() if fact not in text.replace("\\", "")] == []
    assert run(verb, "okta.yaml", "--report", "html=x").code == 64


@pytest.mark.parametrize("verb", VERBS)
def test_a_full_disk_hides_no_result_of_theirs(run: Run, verb: str) -> None:
    """Not even that of an apply, which is done then."""
    run("apply", "okta.yaml")

    ran = run(verb, "okta.yaml", "--report", "json=/dev/full")
    told = run(verb, "okta.yaml", "--report", "json=/dev/full", "--format", "json")

    assert (ran.code, told.code) == (1, 1)
    assert "acme-okta" in ran.out
    assert "No space left" in ran.err
    assert [failure["type"] for failure in told.json["failures"]] == ["report_not_written"]


def test_diff_reports_a_plan_that_could_not_be_read_beside_the_others(run: Run) -> None:
    """In each form."""
    files = [word for kind in ("text", "json", "markdown") for word in ("--report", f"{kind}=of.{kind}")]

    run("diff", "nowhere.yaml", "okta.yaml", *files)

    for path in Path().glob("of.*"):
        text = path.read_text(encoding="utf-8")
        assert "plan file nowhere.yaml not found" in text
        assert "application:Twilio Flex" in text


def test_a_link_stays_a_link(run: Run) -> None:
    """What it points to is replaced."""
    Path("real").mkdir()
    Path("drift.txt").symlink_to("real/drift.txt")

    run("drift", "okta.yaml", "--report", "text=drift.txt")

    assert Path("drift.txt").is_symlink()
    assert "pending" in Path("real/drift.txt").read_text(encoding="utf-8")
