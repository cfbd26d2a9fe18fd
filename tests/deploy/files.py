"""The files in `deploy/`, the programs of others that check them, and a place in which what they run is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.bench.fleet import Fleet

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
PATIENCE = 60.0


def read(name: str) -> Any:
    """One YAML file of `deploy/`."""
    return yaml.safe_load((DEPLOY / name).read_bytes())


def checked(program: str, *arguments: str | Path) -> str:
    """What a validator of the environment says; "" where it is content."""
    command = [str(BIN / program), *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False, timeout=PATIENCE)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def installed(folder: Path) -> None:
    """`deploy/install` there, which makes the same environment as the real one, without a package registry."""
    script = folder / "deploy" / "install"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh -eu\nmkdir -p "$1/bin"\nln -sf {BIN / "provisioner"} "$1/bin/provisioner"\n')
    script.chmod(0o755)


def environ(**variables: str) -> dict[str, str]:
    """The variables of a machine that has nothing to do with this one, the program in its path."""
    return {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"} | variables


def drifted(fleet: Fleet, tenant: str) -> None:
    """Somebody deactivates the application of one tenant."""
    host = fleet.origin.removeprefix("http://").replace("localhost", f"{tenant}.localhost")
    headers = {"Host": host, "Authorization": "SSWS sandbox-okta-token"}
    with httpx.Client(base_url=f"{fleet.origin}/api/v1", headers=headers) as client:
        (app,) = (app for app in client.get("/apps").json() if app["signOnMode"] == "SAML_2_0")
        client.post(f"/apps/{app['id']}/lifecycle/deactivate").raise_for_status()
