"""What a verb may import, because start-up is a feature."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DATABASE = {"procrastinate", "psycopg", "croniter"}
HEAVY = {"httpx", "asyncio", "rich", "okta", "aiohttp", "starlette", "sqlite3", "cryptography", "tenacity", "traceback"}


def imported(*arguments: str, **environ: str) -> set[str]:
    """The modules that the program imports to run these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "provisioner", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environ)
    assert done.returncode == 0, done.stderr[-500:]
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    ("arguments", "also"),
    [
        (("--help",), {"pydantic", "yaml", "dataclasses"}),
        (("apply", "--help"), {"pydantic", "yaml"}),
        (("fleet", "worker", "--help"), {"pydantic", "yaml"}),
        (("validate", "plans/okta.yaml"), set()),
        (("validate", "plans/auth0.yaml"), {"auth0", "jwt"}),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(arguments: tuple[str, ...], also: set[str]) -> None:
    """Help reads no plan, and a plan is validated without a network, a terminal library or an SDK."""
    assert {name.partition(".")[0] for name in imported(*arguments)} & (HEAVY | DATABASE | also) == set()


def test_the_whole_client_of_an_sdk_is_never_imported(tmp_path: Path) -> None:
    """A run that talks to Okta takes the part of its SDK that signs requests; the client would take seconds."""
    modules = imported("diff", "plans/okta.yaml", PROVISIONER_HOME=str(tmp_path))
    assert "okta.request_executor" in modules
    assert "okta.client" not in modules
    assert not of_vendor("auth0", modules)


def test_a_diff_of_auth0_needs_no_sdk(tmp_path: Path) -> None:
    """Its models take a second, and only what is written goes through them."""
    modules = imported("diff", "plans/auth0.yaml", PROVISIONER_HOME=str(tmp_path))
    assert "provisioner.adapters.auth0.reader" in modules
    assert "auth0" not in modules
    assert not of_vendor("okta", modules)


def test_only_the_fleet_needs_a_database(tmp_path: Path) -> None:
    """A check is a process of its own, and hundreds of them start in a night."""
    modules = imported("diff", "plans/okta.yaml", PROVISIONER_HOME=str(tmp_path))
    assert {name.partition(".")[0] for name in modules} & DATABASE == set()


def test_an_apply_takes_the_sdk_of_its_vendor_alone(tmp_path: Path) -> None:
    """Auth0's is imported to write; nothing of Okta's adapter or SDK is."""
    modules = imported("apply", "plans/auth0.yaml", PROVISIONER_HOME=str(tmp_path))
    assert "auth0.management.client" in modules
    assert not of_vendor("okta", modules)


def of_vendor(name: str, modules: set[str]) -> set[str]:
    """The modules of a vendor's adapter and SDK; a sandbox plays all vendors."""
    return {module for module in modules if re.match(rf"(provisioner\.adapters\.)?{name}(\.|$)", module)}
