"""What the program says when something is wrong: the exit code, what happened, where, and what to do next."""

from __future__ import annotations

import io
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from provisioner.adapters.okta.reader import OktaReader
from provisioner.cli import embedded
from tests.cli.conftest import Run
from tests.served import program

Prepare = Callable[[Path, pytest.MonkeyPatch], None]


def edited(old: str, new: str) -> Prepare:
    """The plan with something replaced."""

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        plan = work / "plans/okta.yaml"
        text = plan.read_text(encoding="utf-8")
        assert old in text
        plan.write_text(text.replace(old, new), encoding="utf-8")

    return prepare


def plan_of(content: bytes) -> Prepare:
    """A plan file that holds just this."""

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (work / "plans/okta.yaml").write_bytes(content)

    return prepare


def bad_row(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user file with a cell too few in its last row."""
    edited("source: inline", "source: csv\n  path: people.csv")(work, monkeypatch)
    plan = work / "plans/okta.yaml"
    lines = plan.read_text(encoding="utf-8").splitlines()
    plan.write_text("\n".join(line for line in lines if "items:" not in line and "- { login" not in line))
    (work / "plans/people.csv").write_text("login,roles\nana@acme.example,admin\nbo@acme.example\n", encoding="utf-8")


def at(url: str) -> Prepare:
    """The plan at another address, with a token."""

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OKTA_API_TOKEN", "whatever")
        edited("org_url: sandbox ", f"org_url: {url} ")(work, monkeypatch)

    return prepare


def unknown_host(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve as where there is no such name."""

    def nobody(*_: Any, **__: Any) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    at("https://acme.okta.example")(work, monkeypatch)
    monkeypatch.setattr(socket, "getaddrinfo", nobody)


def answering(status: int, content: str, **headers: str) -> Prepare:
    """Whatever is asked, the vendor's side answers this."""
    kind = "text/html" if content.startswith("<") else "application/json"

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(status, headers={"content-type": kind, **headers}, content=content)

        monkeypatch.setattr(embedded, "transport", lambda home: httpx.MockTransport(answer))

    return prepare


def observing(error: BaseException) -> Prepare:
    """The adapter raises this while it reads."""

    async def observe(self: OktaReader, desired: object) -> NoReturn:
        raise error

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(OktaReader, "observe", observe)

    return prepare


def home_of(content: bytes | None) -> Prepare:
    """A home that is a file itself, or whose state is this."""

    def prepare(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        home = work / "home"
        monkeypatch.setenv("PROVISIONER_HOME", "home")
        if content is None:
            home.write_text("a file")
            return
        home.mkdir()
        (home / "sandbox.sqlite3").write_bytes(content)

    return prepare


@dataclass(frozen=True)
class Case:
    """One thing that is wrong, and what must be said of it."""

    prepare: Prepare
    code: int
    kind: str
    words: tuple[str, ...]


def invalid(prepare: Prepare, *words: str) -> Case:
    return Case(prepare, 65, "invalid_plan", words)


def failed(prepare: Prepare, kind: str, *words: str) -> Case:
    return Case(prepare, 1, kind, words)


DOWN = '{"errorCode": "E0000009", "errorSummary": "Internal Server Error", "errorCauses": []}'
NO_ORG = '{"errorCode": "E0000007", "errorSummary": "Not found: Resource not found: acme (Org)", "errorCauses": []}'
PAGE = "<html><h1>Welcome to the hotel</h1></html>"

CASES = {
    "empty file": invalid(plan_of(b""), "the file is empty", "version: 1"),
    "not YAML": invalid(plan_of(b"{{{"), "not YAML"),
    "binary": invalid(plan_of(b"\xff\xfe\x00"), "not UTF-8"),
    "tab": invalid(edited("  label:", "\tlabel:"), "a tab in the indentation"),
    "duplicate key": invalid(edited("\nflex:", "\nname: other\nflex:"), "duplicate key `name`"),
    "unknown key": invalid(edited("label:", "lable:"), "unknown key `lable`", "did you mean `label`?"),
    "wrong type": invalid(edited("protect: true", "protect: maybe"), "expected true or false, found `maybe`"),
    "undefined variable": invalid(edited("Flex Agents", "${var.GROUP}"), "`${var.GROUP}` is not defined", "--var NAME"),
    "user twice": invalid(edited("login: bo@", "login: ana@"), "`ana@acme.example` stands on line 32 already"),
    "unknown role": invalid(edited("[admin]", "[admn]"), "unknown role `admn`", "`admin`"),
    "malformed SID": invalid(edited("JQ0123", "JQ01x3"), "JQ and 32 digits"),
    "bad row": invalid(bad_row, "people.csv", "row 3: 1 cells, and the header has 2"),
    "no credentials": failed(edited(": sandbox ", ": https://acme.okta.com "), "credentials", "set OKTA_API_TOKEN"),
    "connection refused": failed(at("http://localhost:1"), "network", "localhost:1 refuses", "is the server running"),
    "unknown host": failed(unknown_host, "network", "acme.okta.example cannot be resolved", "typing error"),
    "captive portal": failed(
        answering(302, PAGE, location="https://portal.example/login?from=x"),
        "network",
        "localhost:8400 redirects to portal.example; credentials are not sent there",
    ),
    "web page": failed(answering(200, PAGE), "network", "a web page instead of data", "check the address"),
    "gateway's page": failed(answering(503, PAGE), "network", "503 with a web page", "try again later"),
    "outage": failed(answering(500, DOWN), "vendor", "Internal Server Error", "500 E0000009", "status.okta.com"),
    "no such org": failed(answering(404, NO_ORG), "not_found", "acme (Org)", "org_url names another org"),
    "half JSON": failed(answering(200, '[{"id": '), "network", "cannot be read: it is not JSON", "try again"),
    "home is a file": failed(home_of(None), "error", "home", "PROVISIONER_HOME", "can be written"),
    "damaged state": failed(home_of(b"not a database" * 99), "error", "sandbox.sqlite3 is damaged", "delete it"),
    "mistake of ours": failed(observing(ValueError("hush")), "error", "internal error (ValueError)", "please report"),
    "interrupted": Case(observing(KeyboardInterrupt()), 130, "interrupted", ("interrupted", "safe to run")),
}


def assert_readable(text: str) -> None:
    """For people: no traceback, no raw Python."""
    assert not any(sign in text for sign in ("Traceback", "None", "hush", " object at ", "[Errno", "Error(", "b'"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_words_for_people(case: Case, run: Run, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message stands on stderr, alone, and the exit code says of which kind it is."""
    case.prepare(work, monkeypatch)

    ran = run("diff", "okta.yaml")

    assert (ran.code, ran.out) == (case.code, "")
    assert [word for word in case.words if word not in ran.err] == []
    assert_readable(ran.err)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_words_for_scripts(case: Case, run: Run, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --format json the same stands on stdout as one object, and stderr is empty."""
    case.prepare(work, monkeypatch)

    ran = run("apply", "okta.yaml", "--yes", "--format", "json")

    assert (ran.code, ran.err.strip(), ran.json["error"]["type"]) == (case.code, "", case.kind)
    assert [word for word in case.words if word not in json.dumps(ran.json, ensure_ascii=False)] == []


def test_a_wrong_command_line_is_json_too(run: Run) -> None:
    """Even what is wrong before any option is read."""
    ran = run("diff", "okta.yaml", "--force", "--format", "json")

    assert (ran.code, ran.json["error"]["type"]) == (64, "usage")


def test_one_of_several_plans_fails(run: Run, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are shown, and the message says whose it is."""
    (work / "plans/other.yaml").write_text((work / "plans/okta.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    at("http://localhost:1")(work, monkeypatch)

    text = run("diff", "other.yaml", "okta.yaml")
    data = run("diff", "other.yaml", "okta.yaml", "--format", "json")

    assert (text.code, data.code) == (1, 1)
    assert "5 to add" in text.out
    assert "Error: okta.yaml: localhost:1 refuses the connection" in text.err
    assert "okta.yaml" in data.json["plans"][1]["error"]["message"]


def test_a_terminal_without_unicode(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs that the terminal lacks are replaced, and JSON is JSON everywhere."""
    printed = []
    for form in ("text", "json"):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
        assert run("diff", "okta.yaml", "--format", form).code == 0
        printed.append(raw.getvalue().decode("ascii"))

    assert printed[0].startswith("acme-okta -> sandbox")
    assert json.loads(printed[1])["plan"] == "acme-okta"


def test_output_that_cannot_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk behind `> file` is an error with words; a closed stdout is none."""
    with io.FileIO("/dev/full", "w") as full:
        stdout = io.TextIOWrapper(full, write_through=True)
        monkeypatch.setattr(sys, "stdout", stdout)
        text, data = run("diff", "okta.yaml"), run("diff", "nosuch.yaml", "--format", "json")
    monkeypatch.setattr(sys, "stdout", None)
    closed = run("diff", "okta.yaml")
    sys.stdout.close()

    assert [ran.code for ran in (text, data, closed)] == [1, 1, 0]
    assert text.err == data.err == "Error: reading or writing failed: No space left on device\n"


def test_a_reader_that_has_seen_enough(work: Path) -> None:
    """`| head -1` leaves the verb its exit code, and makes nobody complain."""
    for arguments, code in ((("schema", "okta"), 0), (("diff", "okta.yaml", "--exit-code"), 2)):
        with program(*arguments) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.close()
            complaint = process.stderr.read()

        assert (process.returncode, complaint) == (code, "")
