"""The CronJobs: valid, confined, and what their containers run is what their exit codes are made for."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bench.fleet import Fleet
from tests.cli.webhook import hooking
from tests.deploy.files import DEPLOY, PATIENCE, ROOT, checked, drifted, environ, read

BASE = DEPLOY / "kubernetes" / "base"
EXAMPLE = DEPLOY / "kubernetes" / "example"
DRIFT, MERGE = (read(f"kubernetes/base/{name}.yaml")["spec"]["jobTemplate"]["spec"] for name in ("drift", "merge"))
DOCUMENTED = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
SHARES = int(DRIFT["completions"])


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What kustomize makes of the example."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    out = tmp_path_factory.mktemp("kustomize") / "all.yaml"
    command = ["kubectl", "kustomize", str(EXAMPLE), "--output", str(out)]
    subprocess.run(command, check=True, timeout=PATIENCE, env=environ(HOME=str(out.parent)))
    return out


@pytest.mark.parametrize("version", ["1.29", "1.37"])
def test_resources_are_what_kubernetes_takes(version: str) -> None:
    """Unknown fields included, from the first version on that knows all of it."""
    resources = [BASE / name for name in ("drift.yaml", "merge.yaml", "reports.yaml")]

    assert checked("kubernetes-validate", "--strict", "-k", version, *resources) == ""


def test_the_example_hands_the_number_of_shares_on(rendered: Path) -> None:
    """It is written once; the program and Kubernetes get the same one."""
    job = _check_of(rendered)
    (container,) = job["template"]["spec"]["containers"]
    told = {each["name"]: each for each in container["env"]}

    assert checked("kubernetes-validate", "--strict", rendered) == ""
    assert told["PROVISIONER_SHARD_TOTAL"]["value"] == str(job["completions"]) == str(job["parallelism"]) == "4"
    assert "valueFrom" in told["NOTIFY_URL"]
    assert container["image"] == "registry.example.com/provisioner:0.1.0"


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_a_key_of_many_lines_gets_into_the_secret(tmp_path: Path) -> None:
    """By the command of the documentation, as it is: that is how Okta hands it out."""
    (command,) = re.findall(r"^kubectl .* (create secret generic provisioner-credentials [^#\n]*)", DOCUMENTED, re.M)
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "OKTA_PRIVATE_KEY").write_text("-----BEGIN\nof many\nlines-----\n", encoding="utf-8")

    made = subprocess.run(
        ["kubectl", *shlex.split(command), "--dry-run=client", "--output=yaml"],
        cwd=tmp_path, env=environ(HOME=str(tmp_path)), stdout=subprocess.PIPE, check=True, timeout=PATIENCE,
    )  # fmt: skip

    data = {name: b64decode(value) for name, value in yaml.safe_load(made.stdout)["data"].items()}
    assert data == {"OKTA_PRIVATE_KEY": b"-----BEGIN\nof many\nlines-----\n"}


def test_the_plans_of_the_example_are_plans() -> None:
    """They are what a user begins with."""
    assert checked("provisioner", "validate", *sorted((EXAMPLE / "plans").glob("*.yaml"))) == ""


@pytest.mark.parametrize("job", [DRIFT, MERGE], ids=["drift", "merge"])
def test_pods_may_do_nothing_that_they_need_not(job: Mapping[str, Any]) -> None:
    """Nobody's account, no writable root, no privileges, a limit of memory."""
    pod = job["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]


def test_drift_is_never_tried_again_and_errors_are() -> None:
    """The policy as Kubernetes reads it: the first rule that fits decides; without one, it is tried again."""
    rules = [rule for rule in DRIFT["podFailurePolicy"]["rules"] if "onExitCodes" in rule]
    (final,) = (rule["onExitCodes"]["values"] for rule in rules if rule["action"] == "FailIndex")

    assert set(final) == {2, 3, 64, 65}
    assert DRIFT["backoffLimitPerIndex"] == 2
    assert DRIFT["template"]["spec"]["restartPolicy"] == "Never"


def test_a_night_with_drift(fleet: Fleet) -> None:
    """Two pods share the tenants, the one with the drift fails, the reports become one; nothing else is written."""
    cluster = Cluster(fleet)
    drifted(fleet, "acme-0001")

    codes = [cluster.night(index) for index in range(SHARES)]

    assert codes == [0, 2]
    assert cluster.run(MERGE["template"]["spec"]["containers"][0]) == 0
    report = json.loads((cluster.reports / "fleet" / "drift.json").read_bytes())
    assert [plan["status"] for plan in report["plans"]] == ["in_sync", "drifted"]
    assert not list((fleet.folder / "root").rglob("*"))


def test_a_share_that_dies_is_missed(fleet: Fleet) -> None:
    """Its report of the night before is not taken for today's, and is there for the next one to compare with."""
    cluster = Cluster(fleet)
    before = [cluster.night(index) for index in range(SHARES)]
    (dying,) = DRIFT["template"]["spec"]["initContainers"]

    cluster.run(dying, 1)

    assert before == [0, 0]
    assert cluster.run(MERGE["template"]["spec"]["containers"][0]) == 1
    assert (cluster.reports / "1.before").is_file()
    assert cluster.night(1) == 0
    assert cluster.run(MERGE["template"]["spec"]["containers"][0]) == 0


def test_a_night_on_which_nothing_ran_is_missed(fleet: Fleet) -> None:
    """No pod came up to set the earlier reports aside: they are whole, and too old."""
    cluster = Cluster(fleet)
    assert [cluster.night(index) for index in range(SHARES)] == [0, 0]
    for report in cluster.reports.glob("*.json"):
        os.utime(report, (report.stat().st_atime, report.stat().st_mtime - 24 * 3600))

    assert cluster.run(MERGE["template"]["spec"]["containers"][0]) == 64
    assert not (cluster.reports / "fleet").exists()


def test_who_is_told_learns_of_a_change_once(fleet: Fleet, rendered: Path) -> None:
    """The example's address comes from a secret; the second night compares with the first one's report."""
    pod = _check_of(rendered)["template"]["spec"]
    drifted(fleet, "acme-0001")

    with hooking() as hook:
        cluster = Cluster(fleet, NOTIFY_URL=hook.url)
        codes = [cluster.night(1, pod), cluster.night(1, pod)]

    assert codes == [2, 2]
    assert [message["summary"]["drifted"] for message in hook.got] == [1]


class Cluster:
    """Runs containers as they are written, with folders of the fleet as mounts; `secrets` are variables from one."""

    def __init__(self, fleet: Fleet, **secrets: str) -> None:
        self.folder = fleet.folder
        self.secrets = secrets
        self.reports = fleet.folder / "reports"
        for name in ("reports", "root", "credentials"):
            (fleet.folder / name).mkdir()
        (fleet.folder / "credentials" / "OKTA_API_TOKEN").write_text("sandbox-okta-token")
        for name in ("plans", "credentials"):
            _as_kubelet_mounts(fleet.folder / name)

    def night(self, index: int, pod: Mapping[str, Any] = DRIFT["template"]["spec"]) -> int:
        """The containers of one index; the exit code is the last one's."""
        assert self.run(pod["initContainers"][0], index) == 0
        return self.run(pod["containers"][0], index)

    def run(self, container: Mapping[str, Any], index: int = 0) -> int:
        """The exit code of one container."""
        told = {each["name"]: each["value"] for each in container.get("env", ()) if "value" in each}
        told |= {"JOB_COMPLETION_INDEX": str(index)} | self.secrets
        told = {name: self._here(value) for name, value in told.items()}
        words = [*container.get("command", ["provisioner"]), *container.get("args", ())]
        command = [self._here(re.sub(r"\$\((\w+)\)", lambda found: told[found[1]], word)) for word in words]
        root = str(self.folder / "root")
        variables = environ(HOME=root, TMPDIR=root, **told)
        return subprocess.run(command, cwd=root, env=variables, timeout=PATIENCE, check=False).returncode

    def _here(self, text: str) -> str:
        return re.sub(r"(?<![\w/.])/(?=(plans|reports|credentials)\b)", f"{self.folder}/", text)


def _check_of(rendered: Path) -> Any:
    """The job of the check among the rendered resources."""
    made = {each["metadata"]["name"]: each for each in yaml.safe_load_all(rendered.read_bytes())}
    return made["provisioner-drift"]["spec"]["jobTemplate"]["spec"]


def _as_kubelet_mounts(folder: Path) -> None:
    """Files of a ConfigMap or a Secret are links into a folder that is swapped when they change."""
    data = folder / "..2026_01_01"
    data.mkdir()
    for file in [file for file in folder.iterdir() if file.is_file()]:
        file.rename(data / file.name)
        file.symlink_to(Path("..data") / file.name)
    (folder / "..data").symlink_to(data.name)
