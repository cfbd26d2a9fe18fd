"""Runs the jobs of a workflow as a runner of GitHub does, with its services played by a folder."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.deploy.files import PATIENCE, environ, installed, read

# `gh`, as far as the workflows use it: it keeps what it is given, and serves what the runner kept.
GH = """#!/bin/sh -eu
case "$1 $2" in
    "run list") test ! -d "$SERVICE/reviewed" || echo 7 ;;
    "run download") cp -r "$SERVICE/reviewed" . ;;
    "pr comment") cp comment.md "$SERVICE" ;;
    "api --method") cat > "$SERVICE/sarif" ;;
esac
echo "$@" >> "$SERVICE/gh"
"""


class Runner:
    """A repository in a folder; `values` are what expressions come to, and an unknown one is an error."""

    def __init__(self, folder: Path, values: Mapping[str, object]) -> None:
        self.folder = folder
        self.service = folder / "service"
        self.values = {"!cancelled()": True, "github.token": "token", **values}
        (folder / "bin").mkdir()
        self.service.mkdir()
        (folder / "bin" / "gh").write_text(GH)
        (folder / "bin" / "gh").chmod(0o755)
        installed(folder)

    @property
    def summary(self) -> str:
        """What the run shows on its page."""
        return (self.service / "summary").read_text(encoding="utf-8")

    def job(self, workflow: str, name: str, **values: object) -> int:
        """Runs the steps, after one that failed only those that ask for it; gives that one's exit code."""
        known = {**self.values, **{key.replace("_", ".", 1).replace("_", "-"): value for key, value in values.items()}}
        failed = 0
        for step in read(f"github/{workflow}.yml")["jobs"][name]["steps"]:
            condition = step.get("if", "" if failed else "true")
            if condition == "true" or (condition and known[condition[3:-2].strip()]):
                failed = self._step(step, known) or failed
        return failed

    def _step(self, step: Mapping[str, Any], known: Mapping[str, object]) -> int:
        words = {name: _said(str(value), known) for name, value in step.get("with", step.get("env", {})).items()}
        action = step.get("uses", "").partition("@")[0]
        if action == "actions/upload-artifact":
            self._keep(**words)
        elif action == "actions/download-artifact":
            for kept in self.service.glob(words["pattern"]):
                shutil.copytree(kept, self.folder, dirs_exist_ok=True)
        return self._run(step["run"], words) if "run" in step else 0

    def _run(self, script: str, words: Mapping[str, str]) -> int:
        assert "${{" not in script
        variables = environ(
            OKTA_API_TOKEN="sandbox-okta-token",
            GITHUB_REPOSITORY="acme/plans",
            GITHUB_REF="refs/heads/main",
            GITHUB_SHA="0" * 40,
            GITHUB_STEP_SUMMARY=str(self.service / "summary"),
            SERVICE=str(self.service),
        )
        variables["PATH"] = f"{self.folder / 'bin'}:{variables['PATH']}"
        command = ["bash", "--noprofile", "--norc", "-e", "-c", script]
        return subprocess.run(
            command, cwd=self.folder, env=variables | dict(words), check=False, timeout=PATIENCE
        ).returncode

    def _keep(self, name: str, path: str, **_: str) -> None:
        (self.service / name).mkdir(exist_ok=True)
        for file in self.folder.glob(path):
            shutil.copy(file, self.service / name)


def _said(text: str, known: Mapping[str, object]) -> str:
    """The text with its expressions evaluated. A secret that nobody set is empty."""

    def value(found: re.Match[str]) -> str:
        return "" if found[1].startswith("secrets.") else str(known[found[1]])

    return re.sub(r"\$\{\{ (.*?) \}\}", value, text)
