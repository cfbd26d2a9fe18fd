"""An Okta org on a port of its own, in a process of its own, which can be filled with people."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from provisioner.sandbox import SandboxSettings, Store, create_app
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place
from provisioner.sandbox.serve import background
from tests.bench.people import fill

TOKEN = {"OKTA_API_TOKEN": "sandbox-okta-token"}
GENEROUS = SandboxSettings(rate_limits=False, search_lag=0.0)


@dataclass(frozen=True)
class Org:
    """A served org, seen from outside."""

    origin: str
    process: subprocess.Popen[str]

    def fill(self, first: int, last: int) -> None:
        """Puts the people numbered from `first` to before `last` into it; the application must be there."""
        assert self.process.stdin and self.process.stdout
        print(first, last, file=self.process.stdin, flush=True)
        assert self.process.stdout.readline() == "filled\n"


@contextmanager
def served(folder: Path) -> Iterator[Org]:
    """An empty org while the context lasts."""
    command = [sys.executable, "-m", "tests.bench.org", str(folder / "org.sqlite3")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | TOKEN
    ) as process:
        assert process.stdout
        yield Org(process.stdout.readline().strip(), process)


def _serve(file: Path) -> None:
    with closing(Store(file)) as store:
        app = create_app(store, settings=GENEROUS)
        with background(app) as addresses:
            print(addresses.origin, flush=True)  # noqa: T201 - the parent reads it
            for line in sys.stdin:
                first, last = map(int, line.split())
                fill(app.visit(app.parts[0], Place(DEFAULT_TENANT, addresses.origin)), range(first, last))
                print("filled", flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
