"""Puts the drift reports of shards together again. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from provisioner.render.drift import DriftReport, PlanDrift, Shard, with_twins

# What shares a night's work is done in less; a part that is older was left by the run before.
FARTHEST_APART = timedelta(hours=6)


def merged(parts: Sequence[DriftReport]) -> DriftReport:
    """The report that one run would have made of all plans; its time is that of the part which was made first.

    Raises `ValueError` with what is missing, doubled, of another list of plans, or of an earlier run.
    """
    shards = [_shard_of(part) for part in parts]
    _refuse_other_lists(shards)
    _refuse_gaps(shards)
    _refuse_older(parts)
    plans: dict[int, PlanDrift] = {}
    for shard, part in zip(shards, parts, strict=True):
        places = range(shard.index, shard.plans, shard.of)
        if len(places) != len(part.plans):
            raise ValueError(f"shard {_name(shard)} holds {len(part.plans)} plans instead of {len(places)}")
        plans |= zip(places, part.plans, strict=True)
    paths = Counter(plan.path for plan in plans.values())
    if doubled := sorted(path for path, count in paths.items() if count > 1):
        raise ValueError(f"more than one part holds {doubled[0]}")
    whole = with_twins(plans[place] for place in sorted(plans))
    return DriftReport(min(part.checked_at for part in parts), whole)


def _refuse_other_lists(shards: Sequence[Shard]) -> None:
    first = shards[0]
    for shard in shards:
        if replace(shard, index=first.index) != first:
            raise ValueError(
                f"shard {_name(shard)} is of {shard.plans} plans ({shard.listed}),"
                f" shard {_name(first)} of {first.plans} ({first.listed}): they are not of one list"
            )


def _refuse_gaps(shards: Sequence[Shard]) -> None:
    of, indexes = shards[0].of, [shard.index for shard in shards]
    if doubled := sorted({index for index in indexes if indexes.count(index) > 1}):
        raise ValueError(f"more than one part is shard {_names(doubled, of)}")
    if missing := sorted(set(range(of)) - set(indexes)):
        raise ValueError(f"shard {_names(missing, of)} is missing")


def _refuse_older(parts: Sequence[DriftReport]) -> None:
    newest = max(part.checked_at for part in parts)
    oldest = min(parts, key=lambda part: part.checked_at)
    if newest - oldest.checked_at > FARTHEST_APART:
        raise ValueError(
            f"shard {_name(_shard_of(oldest))} is of {oldest.checked_at:%Y-%m-%d %H:%M} UTC,"
            f" others are of {newest:%Y-%m-%d %H:%M}: they are not of one run"
        )


def _shard_of(part: DriftReport) -> Shard:
    if part.shard is None:
        raise ValueError("a part is the report of a run without --shard")
    return part.shard


def _name(shard: Shard) -> str:
    return f"{shard.index}/{shard.of}"


def _names(indexes: Sequence[int], of: int) -> str:
    return ", ".join(f"{index}/{of}" for index in indexes)
