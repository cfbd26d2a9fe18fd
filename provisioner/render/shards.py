"""Puts the drift reports of shards together again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provisioner.render.drift import DriftReport, PlanDrift, Shard


def merged(parts: Sequence[DriftReport]) -> DriftReport:
    """The report that one run would have made of all plans; its time is that of the part which was made first.

    Raises `ValueError` with what is missing, doubled, or of another list of plans.
    """
    shards = [_shard_of(part) for part in parts]
    first = shards[0]
    for shard in shards:
        if replace(shard, index=first.index) != first:
            raise ValueError(
                f"shard {_name(shard)} is of {shard.plans} plans ({shard.listed}),"
                f" shard {_name(first)} of {first.plans} ({first.listed}): they are not of one list"
            )
    indexes = [shard.index for shard in shards]
    if doubled := sorted({index for index in indexes if indexes.count(index) > 1}):
        raise ValueError(f"more than one part is shard {_names(doubled, first.of)}")
    if missing := sorted(set(range(first.of)) - set(indexes)):
        raise ValueError(f"shard {_names(missing, first.of)} is missing")
    plans: dict[int, PlanDrift] = {}
    for shard, part in zip(shards, parts, strict=True):
        places = range(shard.index, shard.plans, shard.of)
        if len(places) != len(part.plans):
            raise ValueError(f"shard {_name(shard)} holds {len(part.plans)} plans instead of {len(places)}")
        plans |= zip(places, part.plans, strict=True)
    return DriftReport(min(part.checked_at for part in parts), tuple(plans[place] for place in sorted(plans)))


def _shard_of(part: DriftReport) -> Shard:
    if part.shard is None:
        raise ValueError("a part is the report of a run without --shard")
    return part.shard


def _name(shard: Shard) -> str:
    return f"{shard.index}/{shard.of}"


def _names(indexes: Sequence[int], of: int) -> str:
    return ", ".join(f"{index}/{of}" for index in indexes)
