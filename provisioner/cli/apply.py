"""`provisioner apply`: shows the diff, asks, carries out exactly what it showed, prints the Flex values."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from provisioner.cli import plans, problems, reports, settings
from provisioner.cli.apply_forms import Ended, forms, show
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError, Unexpected, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.core.adapter import Connection
    from provisioner.core.finding import Finding
    from provisioner.engine.apply import Applied
    from provisioner.engine.live_facts import LiveFacts
    from provisioner.engine.preview import Preview
    from provisioner.flex.values import Values
    from provisioner.planfile.load import Loaded
    from provisioner.render.report import DiffReport


@click.command("apply", short_help="Show the diff, ask, carry it out, print the Flex values.")
@click.argument("plan")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="The same as the verb diff.")
@click.option("--expect", metavar="DIGEST", help="Refuse unless the change set has this digest, or is empty.")
@reports.option(*reports.KINDS)
@shared(*reports.KINDS, opens=True, changes=True)
def command(
    plan: str, yes: bool, dry_run: bool, expect: str | None, report: tuple[reports.Report, ...], **flags: Any
) -> int:
    """Bring the tenant to what PLAN says, and print what Twilio Console asks for.

    A real tenant is only touched after a yes, or with --yes. The sandbox never asks.
    """
    if dry_run and expect:
        raise UsageError("--dry-run shows a digest, and --expect refuses all others", hint="give one of them")
    if dry_run:
        from provisioner.cli.diff import command as diff

        code: int = click.get_current_context().invoke(diff, plan=(plan,), exit_code=False, report=report, **flags)
        return code
    options = common(**flags)
    reports.spare(report, [plan])
    loaded: Any = plans.read(plan, options)
    ask = not (yes or plans.is_sandbox(loaded.plan))
    if ask and (options.no_input or not sys.stdin.isatty()):
        raise UsageError(
            f"{plan} is for a real tenant, and there is no terminal to ask at", hint="look at the diff, then add --yes"
        )
    from provisioner.cli.session import run
    from provisioner.engine.locks import locked

    with locked(settings.home(), loaded.plan.name, urlsplit(loaded.plan.provider.base_url).netloc):
        return run(_apply(loaded, options, report, ask=ask, expect=expect))


async def _apply(
    loaded: Loaded, options: Common, wanted: Sequence[reports.Report], *, ask: bool, expect: str | None
) -> int:
    from provisioner.cli import handover
    from provisioner.cli.session import look, report_of, tenant
    from provisioner.engine.live_facts import LiveFacts

    plan: Any = loaded.plan
    async with tenant(plan, options, write=True) as connection:
        seen = await look(plan, connection, options)
        report = report_of(loaded, seen, connection)
        _before(report, options)
        if seen.refused:
            _after(Ended(report), wanted, options)
            click.echo("Nothing was sent. --allow CODE lets a named guard pass.", err=True)
            return 3
        _as_expected(seen, expect)
        if ask and seen.changes and not _agreed(seen):
            unwritten = _after(Ended(report), wanted, options)
            click.echo("Nothing was changed.", err=True)
            return unwritten
        live = LiveFacts(connection.facts)
        applied = await _carry_out(plan, seen, connection, live, options)
        values = None if applied.failure else _values(applied, loaded, live)
        told = (*_handed_out_before(seen, live), *handover.doubts(plan, values)) if values else ()
        report = replace(report, requests=asdict(connection.requests), warnings=(*report.warnings, *told))
        unwritten = _after(Ended(report, applied, values, told), wanted, options)
    if values:
        await handover.passed_on(plan, values)
        handover.next_steps(loaded, options)
    if applied.failure and options.format != "json":
        problems.report(applied.failure, as_json=False)
    return applied.failure.exit_code if applied.failure else unwritten


def _as_expected(seen: Preview, expect: str | None) -> None:
    if expect is None or expect == seen.digest:
        return
    if seen.changes:
        raise Unexpected(
            f"the change set is {seen.digest}, not {expect}: the plan or the tenant changed since it was reviewed",
            hint="nothing was sent; review the diff again",
        )
    # What was reviewed is done by now, or somebody else did it: a run that is repeated must not fail for that.
    click.echo(f"Nothing is left to do of {expect}: the tenant is as the plan says already.", err=True)


def _agreed(seen: Preview) -> bool:
    """Asks; on stderr, because stdout is the result."""
    return click.confirm(f"Apply these {len(seen.changes.changes)} changes to {seen.tenant}?", err=True)


async def _carry_out(plan: Any, seen: Preview, connection: Connection, live: LiveFacts, options: Common) -> Applied:
    from provisioner.cli.invitations import handed_over
    from provisioner.cli.progress import progress
    from provisioner.cli.signals import stopping
    from provisioner.engine.apply import Applied, Stop, apply
    from provisioner.engine.record import RunRecord

    if not seen.changes and seen.is_recorded(await live.certificate()):
        return Applied((), run="")
    stop = Stop()
    writer = connection.writer(seen.observed)
    with (
        RunRecord(settings.home(), plan.name) as record,
        handed_over(writer, record.path),
        stopping(stop, record.path),
        progress(seen, options) as advance,
    ):
        return await apply(seen, writer, record, live=live, stop=stop, on_result=advance)


def _handed_out_before(seen: Preview, live: LiveFacts) -> tuple[Finding, ...]:
    """What to say where the values hold another certificate than the ones that were handed out before."""
    from provisioner.engine.live_facts import certificate_of
    from provisioner.flex import logins

    return tuple(logins.certificate_changed(seen.observed.mark.certificate, certificate_of(live.facts)))


def _values(applied: Applied, loaded: Loaded, live: LiveFacts) -> Values | None:
    """The Flex values. That they cannot be read is how the apply ends, and what was done is told all the same."""
    plan: Any = loaded.plan
    try:
        if live.failure:
            raise live.failure
        return plan.values(live.facts) if live.facts else None
    except ProvisionerError as error:
        error.message = f"everything is applied, but the Flex values could not be read: {error.message}"
        advice = f"provisioner outputs {loaded.path} prints them once they can be read"
        error.hint = f"{error.hint}; {advice}" if error.hint else advice
        applied.failure = error
        return None


def _before(report: DiffReport, options: Common) -> None:
    """JSON is one object, printed at the end; the other forms show the diff first."""
    if options.format != "json":
        from provisioner.cli import diff

        diff.show(report, options)


def _after(ended: Ended, wanted: Sequence[reports.Report], options: Common) -> int:
    """Writes the reports and prints the rest. Returns 1 where a report could not be written, which undoes nothing."""
    failures = reports.write(wanted, forms(ended))
    show(ended, failures, options)
    return problems.worst([each.exit_code for each in failures])
