"""Holds README.md to what the program really prints: `python -m tests.readme` runs its console blocks, in order.

In a block, a line that starts with `$ ` is run; the lines below it are what it must print, stdout and stderr together.
`…` stands for any text inside a line, and alone on a line for any number of lines. State is kept between the commands
of one run and thrown away after it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Example:
    """One command of the README and what it is said to print."""

    command: str
    expected: str


def examples(text: str) -> Iterator[Example]:
    """The commands of all console blocks, in the order of the text."""
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, expected = part.partition("\n")
            yield Example(command, expected)


def matches(expected: str, printed: str) -> bool:
    """Whether this is what was printed, blanks at the ends of lines aside."""
    lines = _tidy(expected).splitlines()
    pattern = "".join("(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in lines)
    return re.fullmatch(pattern, _tidy(printed)) is not None


def check(text: str) -> list[str]:
    """Runs all examples; returns what is wrong, in words."""
    wrong = []
    with tempfile.TemporaryDirectory() as home:
        for example in examples(text):
            printed = _run(example.command, Path(home))
            if example.expected.strip() and not matches(example.expected, printed):
                wrong.append(f"$ {example.command}\n--- README\n{example.expected}--- printed\n{printed}")
    return wrong


def _run(command: str, home: Path) -> str:
    # Without what a surrounding `make` leaves, which makes an inner one talk of folders.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment = {**inherited, "PROVISIONER_HOME": str(home), "NO_COLOR": "1"}
    environment["PATH"] = f"{ROOT / '.venv' / 'bin'}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"


if __name__ == "__main__":
    problems = check((ROOT / "README.md").read_text(encoding="utf-8"))
    print("\n".join(problems) or "README.md: every command prints what it says", file=sys.stderr)  # noqa: T201
    sys.exit(bool(problems))
