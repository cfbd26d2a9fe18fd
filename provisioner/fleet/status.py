"""What the database knows: the last report of every plan as one, and how the schedule goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App
from pydantic import SecretStr

from provisioner.errors import ProvisionerError
from provisioner.fleet import schedule
from provisioner.fleet.database import opened
from provisioner.fleet.worker import USUAL
from provisioner.render import as_json, drift_read
from provisioner.render.drift import DriftReport, PlanDrift
from provisioner.render.schedule import Schedule, Scheduled, State

Row = Mapping[str, Any]

# A check that was due so long ago and has told nothing is missing: longer than all attempts at one take.
OVERDUE = timedelta(minutes=30)

PLANS = """
SELECT path, tenant, cron, due_at, asked_at, checked_at, report, failure, status::text, attempts,
       last_heartbeat >= now() - make_interval(secs => %(dead_after)s) AS is_alive
FROM provisioner_plans
LEFT JOIN procrastinate_jobs ON queueing_lock = path AND status IN ('todo', 'doing')
LEFT JOIN procrastinate_workers ON procrastinate_workers.id = worker_id
ORDER BY path COLLATE "C"
"""
WORKERS = """
SELECT count(*) AS known,
       count(*) FILTER (WHERE last_heartbeat >= now() - make_interval(secs => %(dead_after)s)) AS alive
FROM procrastinate_workers
"""


async def read(url: SecretStr) -> tuple[DriftReport, Schedule]:
    """The report that one run over all plans would give, of what each was when it was checked last; and the schedule.

    A plan whose last check told nothing, or is overdue, is an error in it. Nothing is said of one not checked yet.
    """
    now = datetime.now(UTC)
    async with opened(url) as app:
        rows = await _query(app, PLANS)
        (workers,) = await _query(app, WORKERS)
    plans = tuple(map(_scheduled, rows))
    latest = max((each.checked_at for each in plans if each.checked_at), default=now)
    report = DriftReport(latest.astimezone(UTC), tuple(plan for row in rows for plan in _told(row, now)))
    return report, Schedule(plans, workers["alive"], workers["known"] - workers["alive"])


async def _query(app: App, query: str) -> list[dict[str, Any]]:
    return await app.connector.execute_query_all_async(query, dead_after=USUAL.dead_after)


def _scheduled(row: Row) -> Scheduled:
    due_at, checked_at = row["due_at"].astimezone(UTC), row["checked_at"] and row["checked_at"].astimezone(UTC)
    return Scheduled(row["path"], row["tenant"], row["cron"], due_at, _state(row), checked_at)


def _state(row: Row) -> State:
    if row["status"] is None:
        return "waiting"
    if row["status"] == "doing":
        return "running" if row["is_alive"] else "stalled"
    return "retrying" if row["attempts"] else "queued"


def _told(row: Row, now: datetime) -> Iterator[PlanDrift]:
    """What is to be said of the plan; nothing as long as there is nothing to know."""
    try:
        known = drift_read.report(row["report"]).plans[0] if row["report"] else None
    except ValueError:
        yield _failed(
            row, None, "its last report is that of another version of the program; the next check replaces it"
        )
        return
    due = schedule.before(row["cron"], now - OVERDUE)
    if due > max(row["asked_at"], row["checked_at"] or row["asked_at"]):
        yield _failed(row, known, f"no check came to its end since it was due at {due:%Y-%m-%d %H:%M} UTC")
    elif row["failure"]:
        yield _failed(row, known, row["failure"])
    elif known:
        yield known


def _failed(row: Row, known: PlanDrift | None, words: str) -> PlanDrift:
    error = as_json.error(ProvisionerError(words))["error"] | {"lines": [f"Error: {words}"]}
    known = known or PlanDrift(plan=row["path"], path=row["path"], status="error", exit_code=1)
    return PlanDrift(
        plan=known.plan,
        path=known.path,
        status="error",
        exit_code=1,
        provider=known.provider,
        tenant=known.tenant,
        error=error,
    )
