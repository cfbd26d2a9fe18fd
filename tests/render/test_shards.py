"""Reports of shards, read and joined again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from provisioner.render import drift_json, drift_read
from provisioner.render.drift import DriftReport, Shard
from provisioner.render.shards import merged
from tests.render.drifted import ALL, fleet


def written(report: DriftReport) -> str:
    return json.dumps(drift_json.report(report))


def part(whole: DriftReport, index: int, of: int) -> DriftReport:
    """What a shard would report of it."""
    return DriftReport(whole.checked_at, whole.plans[index::of], Shard(index, of, len(whole.plans), "5eed"))


def later(part: DriftReport, hours: int) -> DriftReport:
    return replace(part, checked_at=part.checked_at + timedelta(hours=hours))


def parts(whole: DriftReport, of: int) -> list[DriftReport]:
    return [part(whole, index, of) for index in range(of)]


@pytest.mark.parametrize("report", [ALL, fleet(60), part(fleet(60), 2, 7)], ids=["all", "fleet", "shard"])
def test_a_report_is_read_as_it_was_written(report: DriftReport) -> None:
    """Nothing that JSON holds is lost on the way."""
    assert written(drift_read.report(json.loads(written(report)))) == written(report)


@pytest.mark.parametrize("of", [1, 2, 7, 100])
def test_joint_parts_are_the_report_of_one_run(of: int) -> None:
    """In whatever order they come, and also where there are more shards than plans."""
    whole = fleet(60)

    assert written(merged(parts(whole, of)[::-1])) == written(whole)


def test_the_time_is_that_of_the_oldest_part() -> None:
    """What is told is at least as new."""
    first, second = parts(ALL, 2)

    assert merged([later(second, 6), first]).checked_at == first.checked_at


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (parts(ALL, 3)[:2], "shard 2/3 is missing"),
        (parts(ALL, 4)[1:2], "shard 0/4, 2/4, 3/4 is missing"),
        ([*parts(ALL, 2), part(ALL, 1, 2)], "more than one part is shard 1/2"),
        ([part(ALL, 0, 2), part(fleet(7), 1, 2)], "not of one list"),
        ([part(ALL, 0, 2), part(ALL, 1, 3)], "not of one list"),
        ([part(ALL, 0, 2), replace(part(ALL, 1, 2), plans=())], "shard 1/2 holds 0 plans instead of 2"),
        ([part(ALL, 0, 2), later(part(ALL, 1, 2), 24)], "shard 0/2 is of 2026-11-21 12:00 UTC"),
        ([part(ALL, 0, 2), replace(part(ALL, 1, 2), plans=ALL.plans[:2])], "more than one part holds plans/team-0000"),
        ([ALL], "without --shard"),
    ],
)
def test_parts_that_do_not_belong_together(given: list[DriftReport], words: str) -> None:
    """Each is told by its number."""
    with pytest.raises(ValueError, match=words):
        merged(given)


@pytest.mark.parametrize(("key", "value"), [("status", "fine"), ("exit_code", 7), ("exit_code", "0")])
def test_a_plan_in_no_state_is_refused(key: str, value: Any) -> None:
    """Before anything is written of it."""
    data = json.loads(written(ALL))
    data["plans"][1][key] = value

    with pytest.raises(ValueError, match=f"{key}"):
        drift_read.report(data)


@pytest.mark.parametrize("data", [None, [], {}, {"format_version": "1"}, {"format_version": "2"}, {"plans": 3}])
def test_what_is_no_report_is_refused(data: Any) -> None:
    """Whatever it is."""
    with pytest.raises(ValueError, match="it"):
        drift_read.report(data)
