"""The verb `check-response`, as people and scripts call it."""

from __future__ import annotations

import io
import json
import os
import re
import time
from pathlib import Path

import pytest

from provisioner.cli import main
from tests.cli.conftest import Run, run, work
from tests.saml.idp import ACS, ATTRIBUTES, AUDIENCE, ISSUER, Login, form_value, good, idp

__all__ = ["run", "work"]


@pytest.fixture
def kept(work: Path) -> Path:
    """The Flex values that somebody kept, in the working folder."""
    values = {"certificate_pem": idp().pem, "issuer": ISSUER, "acs_url": ACS, "audience": AUDIENCE}
    (work / "values.json").write_text(json.dumps(values | {"next_certificate_pem": None, "trusted_urls": []}))
    return work


def capture(folder: Path, **changes: object) -> str:
    """A response on file, issued a minute ago."""
    login = Login(time.time() - 60, **{"attributes": {**ATTRIBUTES, "roles": ["agent"]}} | changes)  # type: ignore[arg-type]
    (folder / "captured.txt").write_text(form_value(good(login, idp())))
    return "captured.txt"


def test_a_good_response_ends_with_0(kept: Path, run: Run) -> None:
    """The text says so, and what is in it."""
    ran = run("check-response", capture(kept), "--values", "values.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("captured.txt: as Flex wants it\n")
    assert "  NameID     ana@acme.example\n" in ran.out


def test_a_bad_response_ends_with_2_and_json_has_it_all(kept: Path, run: Run) -> None:
    """FINDING of the contract, and NameID and attributes as they came."""
    ran = run("check-response", capture(kept, name_id="", attributes={}), "--values", "values.json", "--format", "json")
    assert ran.code == 2
    assert set(ran.json) >= {"format_version", "ok", "signed", "name_id", "attributes", "findings"}
    assert (ran.json["ok"], ran.json["signed"], ran.json["name_id"]) == (False, ["response", "assertion"], "")
    assert [finding["code"] for finding in ran.json["findings"]] == ["FLEX320", "FLEX301", "FLEX301", "FLEX301"]
    assert {"code", "severity", "message", "hint"} <= set(ran.json["findings"][0])


def test_warnings_do_not_count(kept: Path, run: Run) -> None:
    """They keep nobody out."""
    name = capture(kept, attributes={**ATTRIBUTES, "roles": ["admin"]})
    ran = run("check-response", name, "--values", "values.json", "--format", "markdown")
    assert (ran.code, "FLEX309" in ran.out) == (0, True)
    assert ran.out.startswith("### captured.txt: as Flex wants it (1 warning)\n")


def test_the_live_tenant_is_read_for_a_plan(kept: Path, run: Run) -> None:
    """A response of another identity provider is told apart by its key and its issuer, the audience being right."""
    run("apply", "okta.yaml")
    ran = run("check-response", capture(kept), "--plan", "okta.yaml", "--format", "json", "-q")
    assert ran.code == 2
    assert [finding["code"] for finding in ran.json["findings"]] == ["FLEX366", "FLEX372"]


def test_a_time_can_be_given(kept: Path, run: Run) -> None:
    """For a capture without one."""
    ran = run("check-response", capture(kept), "--values", "values.json", "--at", "2020-01-01")
    assert (ran.code, "the time that --at gives" in ran.out) == (2, True)


def test_a_ticket_needs_no_values(kept: Path, run: Run) -> None:
    """The response alone is printed, as XML."""
    ran = run("check-response", capture(kept), "--redact")
    assert (ran.code, "ana@acme.example" in ran.out) == (0, False)
    assert ran.out.startswith("<samlp:Response ")


KINDS = ("text", "json", "markdown")


def test_what_is_passed_on_names_nobody(kept: Path, run: Run) -> None:
    """Files and Markdown have the pseudonyms of the redacted response, unless somebody asks for the values."""
    roles = ["agent, Ana Diaz"]
    name = capture(kept, name_id="auth0|ana", attributes={**ATTRIBUTES, "roles": roles, "level.int": ["ana"]})
    files = [word for kind in KINDS for word in ("--report", f"{kind}=new/{kind}")]
    told = run("check-response", name, "--values", "values.json", "--format", "markdown", *files)
    texts = [path.read_text(encoding="utf-8") for path in Path("new").iterdir()]
    assert (told.code, len(texts)) == (2, 3)
    assert not [text for text in (*texts, told.out) if re.search("ana|Ana|Diaz", text)]
    assert all("FLEX305" in text and "FLEX311" in text and "FLEX322" in text for text in (*texts, told.out))
    pseudonym = re.search(r"\| full\\_name \| `(redacted-\d+)`", told.out)
    assert pseudonym
    assert f">{pseudonym[1]}<" in run("check-response", name, "--redact").out

    run("check-response", name, "--values", "values.json", "--show-pii", *files)
    assert all("Ana Diaz" in path.read_text(encoding="utf-8") for path in Path("new").iterdir())


def test_a_report_that_cannot_be_written_hides_no_result(kept: Path, run: Run) -> None:
    """It is told beside it, in JSON as well."""
    ran = run("check-response", capture(kept), "--values", "values.json", "--format", "json", "--report", "text=plans")
    assert (ran.code, ran.json["ok"]) == (1, True)
    assert [failure["type"] for failure in ran.json["failures"]] == ["report_not_written"]


def test_a_pipe_is_read_like_a_file(kept: Path, run: Run) -> None:
    """As the shell makes them of `<(outputs okta.yaml --format json)`."""
    ends = []
    for name in (capture(kept), "values.json"):
        there, here = os.pipe()
        os.write(here, (kept / name).read_bytes())
        os.close(here)
        ends.append(there)
    captured, values = (f"/dev/fd/{end}" for end in ends)
    ran = run("check-response", captured, "--values", values)
    for end in ends:
        os.close(end)
    assert (ran.code, ran.err) == (0, "")


def test_standard_input_is_read(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dash stands for it, as everywhere."""
    content = (kept / capture(kept)).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    with pytest.raises(SystemExit) as ended:
        main(["check-response", "-", "--values", "values.json"])
    assert (ended.value.code, capsys.readouterr().out[:33]) == (0, "the response: as Flex wants it\n\n ")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["captured.txt"], 64, "expected either --plan PLAN or --values FILE"),
        (["captured.txt", "--values", "values.json", "--plan", "okta.yaml"], 64, "expected either"),
        (["none.txt", "--values", "values.json"], 64, "there is no file none.txt"),
        (["plans", "--values", "values.json"], 64, "plans cannot be read: Is a directory"),
        (["-", "--values", "-"], 64, "FILE and --values cannot both be standard input"),
        (["captured.txt", "--redact", "--values", "values.json"], 64, "--values cannot be used with --redact"),
        (
            ["captured.txt", "--redact", "--format", "markdown", "--at", "2026-01-01"],
            64,
            "--at and --format cannot be used",
        ),
        (
            ["captured.txt", "--redact", "--report", "json=x", "--show-pii"],
            64,
            "--show-pii and --report cannot be used",
        ),
        (["captured.txt", "--values", "values.json", "--var", "a=b"], 64, "--var cannot be used with --values"),
        (["captured.txt", "--values", "values.json", "--report", "html=x"], 64, "expected KIND=PATH"),
        (["captured.txt", "--values", "captured.txt"], 64, "captured.txt is not a JSON object"),
        (["captured.txt", "--values", "empty.json"], 64, "certificate_pem, issuer, acs_url, audience missing"),
        (["captured.txt", "--values", "values.json", "--at", "noon"], 64, "expected a time like 2026-03-31T12:00:00Z"),
        (["values.json", "--values", "values.json"], 1, "there is no SAMLResponse in it"),
        (["captured.txt", "--plan", "okta.yaml"], 1, "has no active application for the plan"),
    ],
)
def test_what_cannot_be_done_is_said(kept: Path, run: Run, arguments: list[str], code: int, words: str) -> None:
    """A wrong command line is told from a capture that is none."""
    capture(kept)
    (kept / "empty.json").write_text("{}")
    ran = run("check-response", *arguments)
    assert (ran.code, ran.out, words in ran.err) == (code, "", True)
