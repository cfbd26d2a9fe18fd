"""The program at a terminal: it asks, it has colours, it shows how far it is."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served import PATIENCE

# A sandbox is never asked about: this one is taken for a real tenant.
AS_IF_REAL = "from provisioner.cli import main, plans; plans.is_sandbox = lambda plan: False; main()"
GREEN = "\x1b[32m"
ESCAPE = "\x1b["
PROGRAM = ("-m", "provisioner")


def at_terminal(*arguments: str, start: tuple[str, ...] = PROGRAM, answer: str = "") -> tuple[int, str]:
    """The exit code and all that stood on the terminal; the answer is typed when the question stands there."""
    ours, theirs = pty.openpty()
    shown = b""
    with subprocess.Popen(
        [sys.executable, *start, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "40"},
    ) as process:
        os.close(theirs)
        while chunk := _read(ours):
            shown += chunk
            if answer and b"[y/N]" in shown:
                os.write(ours, answer.encode())
                answer = ""
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """What is there by now; nothing when the program has ended, or hangs."""
    ready, _, _ = select.select([terminal], [], [], PATIENCE)
    try:
        return os.read(terminal, 65536) if ready else b""
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.mark.parametrize(
    ("answer", "shown", "made"), [("y\n", "5 of 5 changes done", True), ("n\n", "Nothing was changed", False)]
)
def test_a_real_tenant_is_asked_about(answer: str, shown: str, made: bool, work: Path) -> None:
    """The diff stands above the question; only a yes carries it out, and a no is no error."""
    code, screen = at_terminal("apply", "okta.yaml", start=("-c", AS_IF_REAL), answer=answer)

    assert code == 0
    assert screen.index("5 to add") < screen.index("Apply these 5 changes to sandbox?")
    assert shown in screen
    assert Path(".provisioner/runs").exists() is made


def test_colours_where_they_are_wanted(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, unless --no-color or NO_COLOR says otherwise; forty columns lose no text."""
    _, coloured = at_terminal("diff", "okta.yaml")
    _, plain = at_terminal("diff", "okta.yaml", "--no-color")
    monkeypatch.setenv("NO_COLOR", "1")
    _, by_environment = at_terminal("diff", "okta.yaml")

    assert GREEN in coloured
    assert ESCAPE not in plain + by_environment
    assert plain == by_environment
    assert "acs_url                         https://login.flex.us1.twilio.com/login/callback?connection=JQ" in plain


def test_a_bar_for_many_people(work: Path) -> None:
    """With many changes the terminal shows how far it is; --quiet does not."""
    plan = (work / "plans/okta.yaml").read_text(encoding="utf-8")
    first, last = plan.index("    - { login: ana"), plan.index("guards:")
    person = "    - { login: p0@acme.example, first_name: P, last_name: Q, roles: [admin] }\n"
    people = "".join(person.replace("p0", f"p{number}") for number in range(20))
    (work / "plans/okta.yaml").write_text(plan[:first] + people + plan[last:], encoding="utf-8")

    _, shown = at_terminal("apply", "okta.yaml")
    (work / ".provisioner/sandbox.sqlite3").unlink()
    _, quiet = at_terminal("apply", "okta.yaml", "--quiet")

    assert "/23" in shown
    assert "/23" not in quiet
    assert "23 of 23 changes done" in quiet
