"""How long the program takes to start, as a multiple of what the bare interpreter takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.figure import Figure

PLAN = Path(__file__).parents[2] / "plans" / "okta.yaml"
COMMANDS = {
    "bare": ("-c", "pass"),
    "--help": ("-m", "provisioner", "--help"),
    "validate": ("-m", "provisioner", "validate", str(PLAN)),
}


def figures(rounds: int = 15) -> list[Figure]:
    """The three are run in turn, so that a busy machine is busy for all of them; the median of each counts."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with TemporaryDirectory() as cache:
        # As after the first run ever: with compiled modules, wherever the machine keeps or does not keep them.
        environ = os.environ | {"PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
        for name in COMMANDS:
            _run(name, environ)
        for _ in range(rounds):
            for name in COMMANDS:
                times[name].append(_run(name, environ))
    bare = median(times["bare"])
    return [
        Figure("start: --help, of a bare interpreter's", median(times["--help"]) / bare, 6, "times"),
        Figure("start: validate, of a bare interpreter's", median(times["validate"]) / bare, 20, "times"),
    ]


def _run(name: str, environ: dict[str, str]) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, *COMMANDS[name]], env=environ, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began
