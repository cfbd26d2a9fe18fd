"""The worker: queues checks when they are due, runs them, keeps what they tell, takes over from workers that died."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from procrastinate import App, RetryStrategy, exceptions, jobs
from pydantic import SecretStr

from provisioner.errors import NetworkError
from provisioner.fleet import child, schedule
from provisioner.fleet.database import alone, opened

QUEUE = "provisioner"
CHECK, TICK = "provisioner.check", "provisioner.tick"
# How often a check that failed is tried before the next time that its schedule names.
ATTEMPTS = 4
# What a worker that was asked to stop lets the checks take that are under way, in seconds.
GRACE = 20.0

Tell = Callable[[str], object]


class Pace(NamedTuple):
    """How often a worker looks what is due, and when it counts as dead, in seconds; tests cannot wait for these."""

    tick: str = "* * * * *"
    poll: float = 5
    heartbeat: float = 10
    dead_after: float = 30
    retry: int = 60


USUAL = Pace()


class CheckFailed(Exception):
    """The check told nothing of the tenant, so that it is tried again."""


async def work(url: SecretStr, command: Sequence[str], *, concurrency: int, tell: Tell, pace: Pace = USUAL) -> None:
    """Works until SIGINT or SIGTERM. `command`, with a plan's path after it, checks it and prints the JSON report.

    Raises `NetworkError` when the database goes away.
    """
    _log(tell)
    async with opened(url, set_up=True) as app:
        _declare(app, command, tell, pace)
        working = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                delete_jobs=jobs.DeleteJobCondition.ALWAYS,
                fetch_job_polling_interval=pace.poll,
                update_heartbeat_interval=pace.heartbeat,
                stalled_worker_timeout=pace.dead_after,
                shutdown_graceful_timeout=GRACE,
                install_signal_handlers=False,
            )
        )
        _stop_on_signals(working, tell)
        tell("at work")
        try:
            await working
        except asyncio.CancelledError:
            return
        raise NetworkError("the database went away", hint="start the worker again; nothing is lost")


def _declare(app: App, command: Sequence[str], tell: Tell, pace: Pace) -> None:
    """What a worker can do."""

    @app.periodic(cron=pace.tick)
    @app.task(name=TICK, queue=QUEUE, queueing_lock=TICK, priority=1)
    async def tick(timestamp: int) -> None:  # noqa: ARG001
        async with alone(app) as nobody_else:
            if nobody_else:
                await _take_over(app, pace.dead_after)
                await _defer(app)

    # procrastinate waits retry * (1, 3, 5 …) seconds.
    retry = RetryStrategy(
        max_attempts=ATTEMPTS - 1,
        wait=pace.retry,
        linear_wait=2 * pace.retry,
        retry_exceptions=[CheckFailed, exceptions.ConnectorException],
    )

    @app.task(name=CHECK, queue=QUEUE, retry=retry)
    async def check(path: str) -> None:
        tell(f"{path}: looking")
        began = await _now(app)
        try:
            outcome = await child.run([*command, path])
        except asyncio.CancelledError:
            tell(f"{path}: handed back")
            raise CheckFailed from None
        await _keep(app, path, outcome, began)
        tell(f"{path}: {outcome.failure or f'exit code {outcome.code}'}")
        if outcome.code == 1:
            raise CheckFailed


async def _defer(app: App) -> None:
    """Queues what is due: never two checks of one tenant at once, and never a second one of a plan."""
    for entry, cron in await schedule.due(app):
        task = app.configure_task(CHECK, queue=QUEUE, lock=entry.tenant, queueing_lock=entry.path)
        await task.defer_async(path=entry.path)
        await schedule.begun(app, entry.path, cron)


async def _take_over(app: App, dead_after: float) -> None:
    """Queues the checks of dead workers again, unless it may be the check itself that kills them."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=dead_after):
        if job.task_name == CHECK and job.attempts < ATTEMPTS - 1:
            await app.job_manager.retry_job(job)
            continue
        await app.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
        if job.task_name == CHECK:
            failure = f"{ATTEMPTS} times the worker died while it checked this plan"
            await _keep(app, str(job.task_kwargs["path"]), child.Outcome(1, None, failure), await _now(app))


async def _now(app: App) -> datetime:
    """The database's time, which all workers share."""
    row = await app.connector.execute_query_one_async("SELECT now() AS now")
    now: datetime = row["now"]
    return now


async def _keep(app: App, path: str, outcome: child.Outcome, began: datetime) -> None:
    """Keeps the report, or beside the earlier one why there is none; nothing of a plan that left the schedule.

    Nor of a check that began before the one that is known: its worker was halted, and another took it over.
    """
    await app.connector.execute_query_async(
        "UPDATE provisioner_plans SET checked_at = %(began)s, failure = %(failure)s,"
        " report = coalesce(%(report)s, report)"
        " WHERE path = %(path)s AND (checked_at IS NULL OR checked_at <= %(began)s)",
        path=path,
        began=began,
        failure=outcome.failure or None,
        report=json.dumps(outcome.report) if outcome.report else None,
    )


def _stop_on_signals(working: asyncio.Task[None], tell: Tell) -> None:
    """The first signal lets the checks that are under way finish, the second one ends the process."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        tell(f"stopping: checks under way have {GRACE:.0f} s to finish, other workers do the rest")
        working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


class _Log(logging.Handler):
    """What procrastinate and asyncio have to complain about, one line each; that the database is lost, once."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.ERROR)
        self.tell = tell
        self.lost = False

    def emit(self, record: logging.LogRecord) -> None:
        self.complain(record.getMessage(), record.exc_info[1] if record.exc_info else None)

    def abandoned(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """For a task whose error nobody waits for."""
        self.complain(context["message"], context.get("exception"))

    def complain(self, words: str, error: BaseException | None) -> None:
        lost = isinstance(error, exceptions.ConnectorException)
        # Failed checks are told already.
        if isinstance(error, CheckFailed) or (lost and self.lost):
            return
        self.lost |= lost
        told = "the database does not answer, or this process was halted for longer than that waits"
        self.tell(told if lost else " ".join(words.split()))


def _log(tell: Tell) -> None:
    log = _Log(tell)
    asyncio.get_running_loop().set_exception_handler(log.abandoned)
    logger = logging.getLogger("procrastinate")
    logger.propagate = False
    logger.handlers = [log]
