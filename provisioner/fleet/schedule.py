"""Which plan is checked when: cron expressions (by UTC) in the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from croniter import CroniterError, croniter
from procrastinate import App
from pydantic import SecretStr

from provisioner.errors import UsageError
from provisioner.fleet.database import opened

# croniter's own: `r` and `h` stand for any value of the field.
_DRAWN = re.compile(r"(?<![a-z])[rh](?![a-z])", re.I)


class Entry(NamedTuple):
    """A plan's path as the workers find it, and the tenant of which no two checks run at once."""

    path: str
    tenant: str


def check(cron: str) -> None:
    """Raises `UsageError` unless the expression has the five fields of cron (or is `@daily` and the like)."""
    why = f"five fields are expected, found {len(cron.split())}"
    try:
        if len(cron.split()) == 5 or cron.startswith("@"):
            why = "a time that is drawn by lot is none"
            if not _DRAWN.search(cron):
                after(cron, datetime.now(UTC))
                return
    except CroniterError as error:
        why = str(error)
    raise UsageError(f"--cron {cron!r} names no time: {why}", hint="minute hour day month weekday, by UTC: '0 5 * * *'")


def after(cron: str, now: datetime) -> datetime:
    """The next time that the expression names."""
    found: datetime = croniter(cron, now).get_next(datetime)
    return found


def before(cron: str, now: datetime) -> datetime:
    """The last time that the expression named."""
    found: datetime = croniter(cron, now).get_prev(datetime)
    return found


async def put(url: SecretStr, entries: Sequence[Entry], cron: str) -> datetime:
    """Schedules the plans, anew where they were; gives back when they are due. Makes tables where there are none."""
    due_at, tenants = after(cron, datetime.now(UTC)), {entry.path: entry.tenant for entry in entries}
    async with opened(url, set_up=True) as app:
        await app.connector.execute_query_async(
            "INSERT INTO provisioner_plans (path, tenant, cron, due_at)"
            " SELECT path, tenant, %(cron)s, %(due_at)s "
            " FROM unnest(%(paths)s::text[], %(tenants)s::text[]) AS given (path, tenant)"
            " ON CONFLICT (path) DO UPDATE SET tenant = EXCLUDED.tenant, cron = EXCLUDED.cron,"
            " due_at = EXCLUDED.due_at, asked_at = now()",
            paths=list(tenants),
            tenants=list(tenants.values()),
            cron=cron,
            due_at=due_at,
        )
    return due_at


async def remove(url: SecretStr, names: Sequence[tuple[str, ...]]) -> None:
    """Takes plans off the schedule, and forgets their reports: of each, what is found under the first of its names.

    Raises `UsageError` for those that are not on it; the others are gone then.
    """
    async with opened(url) as app:
        rows = await app.connector.execute_query_all_async("SELECT path FROM provisioner_plans")
        known = {row["path"] for row in rows}
        found = {each: next((name for name in each if name in known), None) for each in names}
        await app.connector.execute_query_async(
            "DELETE FROM provisioner_plans WHERE path = ANY(%(paths)s)", paths=list(filter(None, found.values()))
        )
    if missing := sorted(each[-1] for each, path in found.items() if path is None):
        raise UsageError(f"not on the schedule: {', '.join(missing)}", hint="provisioner fleet status lists what is")


async def due(app: App) -> list[tuple[Entry, str]]:
    """What has to be checked now, with its cron expression; nothing of which an earlier check waits or runs."""
    rows = await app.connector.execute_query_all_async(
        "SELECT path, tenant, cron FROM provisioner_plans WHERE due_at <= now() AND NOT EXISTS ("
        "SELECT FROM procrastinate_jobs WHERE queueing_lock = path AND status IN ('todo', 'doing'))"
        " ORDER BY due_at, path"
    )
    return [(Entry(row["path"], row["tenant"]), row["cron"]) for row in rows]


async def begun(app: App, path: str, cron: str) -> None:
    """Notes when the plan is due next. Times that passed while no worker was there are made up for once."""
    await app.connector.execute_query_async(
        "UPDATE provisioner_plans SET due_at = %(due_at)s WHERE path = %(path)s",
        path=path,
        due_at=after(cron, datetime.now(UTC)),
    )
