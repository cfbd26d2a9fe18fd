"""What a verb may import, because start-up is a feature."""

import subprocess
import sys

import pytest

HEAVY = {"httpx", "asyncio", "rich", "okta", "aiohttp", "starlette", "sqlite3", "cryptography", "tenacity"}


def imported(*arguments: str) -> set[str]:
    """The top-level packages that the program imports to run these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "provisioner", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    names = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {name.partition(".")[0] for name in names} | {"okta.client" for name in names if name == "okta.client"}


@pytest.mark.parametrize(
    ("arguments", "also"),
    [
        (("--help",), {"pydantic", "yaml"}),
        (("apply", "--help"), {"pydantic", "yaml"}),
        (("validate", "plans/okta.yaml"), set()),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(arguments: tuple[str, ...], also: set[str]) -> None:
    """Help reads no plan, and a plan is validated without a network, a terminal library or an SDK."""
    assert imported(*arguments) & (HEAVY | also) == set()
