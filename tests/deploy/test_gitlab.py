"""The GitLab pipeline: valid, and its jobs do what they are for."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bench.fleet import Fleet
from tests.deploy.files import DEPLOY, PATIENCE, ROOT, checked, drifted, environ, installed, read

PIPELINE = DEPLOY / "gitlab" / ".gitlab-ci.yml"
RUNNER = ROOT / "tests" / "node" / "node_modules" / ".bin" / "gitlab-ci-local"


def test_the_pipeline_is_what_gitlab_takes() -> None:
    """By the schema of editors."""
    assert checked("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", PIPELINE) == ""


def test_other_jobs_of_the_project_are_left_alone() -> None:
    """Where it is included, nothing in it says when pipelines start, in what image, or in which stages."""
    assert set(read("gitlab/.gitlab-ci.yml")) == {".provisioner", "drift", "drift-report"}


@pytest.mark.skipif(not RUNNER.exists(), reason="gitlab-ci-local is not installed: make node")
@pytest.mark.skipif(not shutil.which("rsync"), reason="gitlab-ci-local needs rsync")
def test_a_night_with_drift(fleet: Fleet) -> None:
    """The share with the drift fails, and the report comes all the same."""
    folder = fleet.folder
    shutil.copy(PIPELINE, folder)
    installed(folder)
    _committed(folder)
    drifted(fleet, "acme-0001")

    options = ["--force-shell-executor", "--shell-isolation", "--variable", "CI_PIPELINE_SOURCE=schedule"]
    variables = environ(HOME=str(folder), OKTA_API_TOKEN="sandbox-okta-token")
    command = [str(RUNNER), *options]
    ran = subprocess.run(
        command, cwd=folder, env=variables, text=True, capture_output=True, check=False, timeout=PATIENCE
    )

    assert "PASS  drift: [1/4]" in ran.stdout
    assert "FAIL  drift: [2/4]" in ran.stdout
    report = json.loads((folder / "drift.json").read_bytes())
    assert [plan["status"] for plan in report["plans"]] == ["in_sync", "drifted"]
    assert ran.returncode == 1


def _committed(folder: Path) -> None:
    """It runs what git knows of."""
    (folder / ".gitignore").write_text(".gitlab-ci-local/\n.provisioner/\n", encoding="utf-8")
    who = ["-c", "user.name=a", "-c", "user.email=a@acme.example", "-c", "commit.gpgsign=false"]
    for arguments in (
        ["init", "--quiet"],
        ["remote", "add", "origin", "https://gitlab.example.com/acme/plans.git"],
        ["add", ".gitignore", ".gitlab-ci.yml", "deploy", "plans"],
        [*who, "commit", "--quiet", "--message", "plans"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, env=environ(HOME=str(folder)))
