"""Many tenants, checked by real processes as Kubernetes runs them; `make bench` does it with 300."""

from __future__ import annotations

from pathlib import Path

from tests.bench.fleet import a_fleet, interrupted


def test_a_shard_that_is_killed_is_run_again(tmp_path: Path) -> None:
    """The joint report is that of one process, and says that all is well with all of them."""
    with a_fleet(tmp_path, 30, people=5) as fleet:
        merged, whole = interrupted(fleet, of=3)

    assert merged == whole
    assert merged["summary"]["in_sync"] == merged["summary"]["plans"] == 30
