"""The workflows: valid, nothing in them that an attacker could use, and their steps do what they are for."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from tests.bench.fleet import Fleet
from tests.deploy.files import DEPLOY, checked, drifted, read
from tests.deploy.github import Runner

WORKFLOWS = sorted((DEPLOY / "github").glob("*.yml"))
REVIEW = {f"github.event.pull_request.{name}": "1" for name in ("number", "head.sha", "merge_commit_sha")}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_what_github_takes(workflow: Path) -> None:
    """By the schema of editors."""
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow) == ""


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_safe(workflow: Path) -> None:
    """zizmor finds nothing, the checks included that it keeps for auditors: no version that may move, no template
    in a script, no permission for all jobs, no credential left behind."""
    assert checked("zizmor", "--offline", "--quiet", "--persona", "auditor", workflow) == ""


def test_a_night_with_drift(fleet: Fleet) -> None:
    """The share with the drift fails, the report shows it on the run's page and in code scanning."""
    runner = Runner(fleet.folder, {"vars.CODE_SCANNING == 'true'": True})
    shares = read("github/drift.yml")["jobs"]["check"]["strategy"]["matrix"]["share"]
    drifted(fleet, "acme-0001")

    codes = [
        runner.job("drift", "check", matrix_share=share, strategy_job_index=index, strategy_job_total=len(shares))
        for index, share in enumerate(shares)
    ]

    assert codes == [0, 2, 0, 0]
    assert runner.job("drift", "report") == 0
    assert "1 drifted, 1 in sync" in runner.summary
    sent = gzip.decompress(base64.b64decode((runner.service / "sarif").read_bytes()))
    assert json.loads(sent) == json.loads((fleet.folder / "drift.sarif").read_bytes())


def test_a_share_that_ends_without_a_report_fails_the_joint_one(fleet: Fleet) -> None:
    """What nobody looked at must not look fine."""
    runner = Runner(fleet.folder, {"vars.CODE_SCANNING == 'true'": False})
    runner.job("drift", "check", matrix_share=0, strategy_job_index=0, strategy_job_total=2)

    assert runner.job("drift", "report") == 1


def test_what_was_reviewed_is_applied(fleet: Fleet) -> None:
    """The pull request shows what differs, the merge applies it, and the next one has nothing to show."""
    runner = Runner(fleet.folder, REVIEW)
    drifted(fleet, "acme-0001")

    assert runner.job("apply", "diff") == 0
    assert "| `~` | application:" in (runner.service / "comment.md").read_text(encoding="utf-8")
    assert runner.job("apply", "apply") == 0
    assert "of 2 changes done" in runner.summary
    assert runner.job("apply", "diff") == 0
    assert "| `~` |" not in (runner.service / "comment.md").read_text(encoding="utf-8")


def test_a_merge_can_be_run_again(fleet: Fleet) -> None:
    """When one plan failed: those that were applied have nothing left to do, which is no failure."""
    runner = Runner(fleet.folder, REVIEW)
    drifted(fleet, "acme-0001")
    runner.job("apply", "diff")

    assert [runner.job("apply", "apply") for _ in range(2)] == [0, 0]


def test_every_plan_file_is_reviewed(fleet: Fleet) -> None:
    """Whichever of the two endings it has, as with `--all`; two that differ in it alone are two plans."""
    runner = Runner(fleet.folder, REVIEW)
    plans = fleet.folder / "plans"
    (plans / "acme-0001.yaml").rename(plans / "acme-0000.yml")
    drifted(fleet, "acme-0001")

    assert [runner.job("apply", job) for job in ("diff", "apply")] == [0, 0]
    assert "of 2 changes done" in runner.summary


def test_a_pull_request_that_takes_the_last_plan_away(fleet: Fleet) -> None:
    """Nothing is left to apply, which is no failure; plans in folders below are named, not passed over."""
    runner = Runner(fleet.folder, REVIEW)
    plans = fleet.folder / "plans"
    (plans / "eu").mkdir()
    for plan in plans.glob("*.yaml"):
        plan.rename(plans / "eu" / plan.name)

    assert [runner.job("apply", job) for job in ("diff", "apply")] == [0, 0]
    comment = (runner.service / "comment.md").read_text(encoding="utf-8")
    assert "neither here nor at the merge:** plans/eu/acme-0000.yaml plans/eu/acme-0001.yaml" in comment


def test_a_diff_that_does_not_fit_a_comment_is_named(fleet: Fleet) -> None:
    """Nobody takes what is shown for all that would be applied; the whole of it is kept."""
    runner = Runner(fleet.folder, REVIEW)
    large = fleet.folder / "reviewed" / "acme-0000a.yaml.md"
    large.parent.mkdir()
    large.write_text("ü" * 30_000, encoding="utf-8")

    assert runner.job("apply", "diff") == 0
    comment = (runner.service / "comment.md").read_text(encoding="utf-8")
    assert "all the same:** acme-0000a.yaml. See the artifact" in comment.splitlines()[-1]
    assert "→ acme-0000." in comment and "→ acme-0001." in comment
    assert (runner.service / "reviewed" / large.name).is_file()


def test_what_nobody_reviewed_is_not_applied(fleet: Fleet) -> None:
    """A tenant that changed after the review is left alone (exit code 4); the others are as they were reviewed."""
    runner = Runner(fleet.folder, REVIEW)
    runner.job("apply", "diff")
    drifted(fleet, "acme-0001")

    assert runner.job("apply", "apply") == 4
    assert "changes done" not in runner.summary


def test_a_plan_that_is_wrong_fails_the_review_and_says_why(fleet: Fleet) -> None:
    """The comment comes all the same; a merge finds nothing that it could apply, and fails."""
    runner = Runner(fleet.folder, REVIEW)
    (fleet.folder / "plans" / "acme-0001.yaml").write_text("version: 1\n", encoding="utf-8")

    assert runner.job("apply", "diff") == 65
    assert "acme-0001.yaml" in (runner.service / "comment.md").read_text(encoding="utf-8")
    assert runner.job("apply", "apply") == 1
    assert not (runner.service / "summary").exists()
