"""Carries a change set out: in its order, some changes at a time, recording each, stopping cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.core.adapter import BatchWriter, Writer
from provisioner.core.change import Change, Result, Status
from provisioner.core.ownership import Mark
from provisioner.engine.live_facts import LiveFacts
from provisioner.engine.preview import Preview
from provisioner.engine.record import RunRecord
from provisioner.errors import Incomplete, Interrupted, ProvisionerError, RunRecordError, Unexpected, VendorError

# About what one tenant's rate limits can use: see docs/architecture.md, "Rate budget".
WORKERS = 12
# So many people may be refused before the run stops: then it is not about them.
MOST_REFUSED = 20

REPORT = "this is a mistake in provisioner: please report it with the run record"


@dataclass(slots=True)
class Stop:
    """Asks a run to stop: what is in flight is finished, nothing new begins. `signal` is who asked."""

    signal: int = 0


@dataclass(slots=True)
class Applied:
    """How an apply ended. `failure` is None when everything was done."""

    results: tuple[Result, ...]
    run: str
    failure: ProvisionerError | None = None


@dataclass(slots=True)
class _Run:
    writer: Writer
    record: RunRecord
    stop: Stop
    on_result: Callable[[Result], None]
    leaves: frozenset[str]
    results: dict[tuple[str, str], Result] = field(default_factory=dict)
    failure: ProvisionerError | None = None
    refused: int = 0
    broken: bool = False

    @property
    def halted(self) -> bool:
        return self.broken or self.stop.signal != 0

    def fail(self, error: ProvisionerError, kind: str = "") -> None:
        """Keeps the first failure. One person whom the vendor refuses does not keep the others from their changes."""
        self.failure = self.failure or error
        self.refused += 1
        theirs = kind in self.leaves and isinstance(error, VendorError) and 400 <= error.status < 500
        self.broken = self.broken or not theirs or self.refused >= MOST_REFUSED

    async def wave(self, wave: Sequence[Change], workers: int) -> None:
        """Carries out changes that do not depend on each other: first what is quicker together, then the others."""
        batches: Sequence[Sequence[Change]] = ()
        if isinstance(self.writer, BatchWriter):
            batches = self.writer.batches(wave)
            await self.share_out(batches, self.writer.batches_at_once)
        taken = {change.address for batch in batches for change in batch}
        await self.share_out([(change,) for change in wave if change.address not in taken], workers)

    async def share_out(self, groups: Sequence[Sequence[Change]], workers: int) -> None:
        left = iter(groups)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(workers, len(groups))):
                tasks.create_task(self.work(left))

    async def work(self, groups: Iterator[Sequence[Change]]) -> None:
        while not self.halted and (group := next(groups, None)):
            await self.carry_out(group)

    async def carry_out(self, group: Sequence[Change]) -> None:
        if not all(self.note("begin", address=change.address, action=change.action) for change in group):
            return
        errors = await self.attempt(group)
        for change in group:
            self.ended(change, errors.get(change.address))

    def ended(self, change: Change, error: ProvisionerError | None) -> None:
        if error:
            self.fail(error, change.kind)
        status: Status = "failed" if error else "done"
        result = Result(change.address, change.action, status, error.message if error else "")
        self.results[change.address, change.action] = result
        self.on_result(result)
        self.note("end", address=change.address, action=change.action, status=status, error=result.error)

    async def attempt(self, group: Sequence[Change]) -> Mapping[str, ProvisionerError]:
        failed: ProvisionerError
        try:
            if len(group) > 1 and isinstance(self.writer, BatchWriter):
                return await self.writer.write_batch(group)
            await self.writer.write(group[0])
            return {}
        except ProvisionerError as error:
            failed = error
        # A mistake of ours must not lose the record of what was done; its text may hold secrets.
        except Exception as error:
            failed = ProvisionerError(f"internal error ({type(error).__name__}) at {group[0].address}", hint=REPORT)
        return {change.address: failed for change in group}

    def note(self, event: str, **data: str | int | None) -> bool:
        """Whether the line was recorded; a record that cannot be written stops the run."""
        try:
            self.record.write(event, **data)
        except RunRecordError as error:
            self.fail(error)
            return False
        return True


async def apply(
    preview: Preview,
    writer: Writer,
    record: RunRecord,
    *,
    live: LiveFacts | None = None,
    stop: Stop | None = None,
    workers: int = WORKERS,
    on_result: Callable[[Result], None] = lambda _: None,
) -> Applied:
    """Carries out `preview.changes` and, when all of them are done, records their goal in the ownership mark.

    `live` is read once everything is done: the mark says which certificate was handed out last, too.

    Never raises for a change that fails: the outcome says what was done, what failed and what was not tried. Running
    again continues from there.
    """
    run = _Run(writer, record, stop or Stop(), on_result, preview.desired.leaves)
    run.note("start", plan=preview.desired.plan, tenant=preview.tenant, changes=len(preview.changes.changes))
    if not run.halted:
        await _compare(run, preview.desired.plan)
    for wave in preview.changes.waves():
        if run.halted:
            break
        await run.wave(wave, workers)
    if not run.failure and not run.halted:
        await _record_goal(run, preview, await live.certificate() if live else "")
    return _outcome(run, preview)


async def _compare(run: _Run, plan: str) -> None:
    """Looks right before the first write whether somebody applied the plan since the diff; nothing is sent then."""
    try:
        if not await run.writer.is_as_seen():
            raise Unexpected(
                f"the application of the plan {plan} is not as the diff has it: somebody else applied the plan since",
                hint="nothing was changed; look at the diff again",
            )
    except ProvisionerError as error:
        run.fail(error)


async def _record_goal(run: _Run, preview: Preview, certificate: str) -> None:
    if preview.is_recorded(certificate):
        return
    former = preview.observed.mark
    since = former.since if former.digest == preview.goal else f"{run.record.started:%Y-%m-%d}"
    mark = Mark(preview.desired.plan, preview.goal, since, certificate or former.certificate)
    try:
        await run.writer.record(mark)
    except ProvisionerError as error:
        run.fail(error)


def _outcome(run: _Run, preview: Preview) -> Applied:
    results = tuple(
        run.results.get((c.address, c.action)) or Result(c.address, c.action, "not_tried")
        for c in preview.changes.changes
    )
    done = sum(result.status == "done" for result in results)
    run.note("finish", done=done, of=len(results), error=run.failure.message if run.failure else None)
    return Applied(results, str(run.record.path), _failure(run, done, len(results)))


def _failure(run: _Run, done: int, of: int) -> ProvisionerError | None:
    hint = f"the run record {run.record.path} says which; running apply again continues"
    if run.stop.signal:
        return Interrupted(f"interrupted: {done} of {of} changes were made", signal_number=run.stop.signal, hint=hint)
    if run.failure and done:
        why = run.failure.message + (f" ({run.failure.hint})" if run.failure.hint else "")
        what = f"{done} of {of} changes were made; the first that failed: {why}"
        message = what if done < of else f"all {of} changes were made, but that could not be recorded: {why}"
        return Incomplete(
            message, hint=hint, status=run.failure.status, code=run.failure.code, request_id=run.failure.request_id
        )
    return run.failure
