"""A fleet's schedule beside its drift report: what is due next, what runs, who works. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from provisioner.core.text import visible

# Nothing to do yet; deferred to a worker; at it; at it when its worker died; failed, and tried again.
State = Literal["waiting", "queued", "running", "stalled", "retrying"]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One plan on the schedule; `checked_at` is None before its first check came to an end."""

    path: str
    tenant: str
    cron: str
    due_at: datetime
    state: State
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All plans, and how many workers gave a sign of life lately or did not."""

    plans: tuple[Scheduled, ...]
    alive: int
    dead: int


def as_json(told: Schedule) -> dict[str, Any]:
    """The object that stands under `fleet` beside the drift report."""
    return {"workers": {"alive": told.alive, "dead": told.dead}, "schedule": [_plan(each) for each in told.plans]}


def sums(told: Schedule) -> str:
    """`3 plans on the schedule: 1 running, 2 waiting; next plans/okta.yaml at 2026-01-01 05:00 UTC. 2 workers.`"""
    return f"{_number(len(told.plans), 'plan')} on the schedule{_states(told)}. {_workers(told)}."


def table(plans: Sequence[Scheduled]) -> Iterator[str]:
    """A line a plan, aligned."""
    paths, crons = [visible(each.path) for each in plans], [each.cron for each in plans]
    wide, middle = max(map(len, paths), default=0), max(map(len, crons), default=0)
    for each, path in zip(plans, paths, strict=True):
        checked = f"checked {_minute(each.checked_at)}" if each.checked_at else "not checked yet"
        yield f"{path:<{wide}}  {each.cron:<{middle}}  {each.state:<8}  {checked}, next {_minute(each.due_at)}"


def _states(told: Schedule) -> str:
    if not told.plans:
        return ""
    states = [each.state for each in told.plans]
    following = min(told.plans, key=lambda each: each.due_at)
    counts = ", ".join(f"{states.count(state):,} {state}" for state in sorted(set(states)))
    return f": {counts}; next {visible(following.path)} at {_minute(following.due_at)}"


def _workers(told: Schedule) -> str:
    alive = _number(told.alive, "worker") if told.alive else "No worker is alive"
    return f"{alive}, {told.dead} dead" if told.dead else alive


def _plan(each: Scheduled) -> dict[str, Any]:
    return {
        "path": each.path,
        "tenant": each.tenant,
        "cron": each.cron,
        "due_at": _utc(each.due_at),
        "state": each.state,
        "checked_at": _utc(each.checked_at) if each.checked_at else None,
    }


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _utc(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
