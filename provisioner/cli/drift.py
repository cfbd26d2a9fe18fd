"""`provisioner drift`: whether tenants are still as their plans say. Reads only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import drift_forms, notify, plans, problems, reports
from provisioner.cli.options import Common, common, max_rate, shared
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from provisioner.core.drift import Difference
    from provisioner.engine.drift import Drift
    from provisioner.errors import ProvisionerError
    from provisioner.planfile.load import Loaded
    from provisioner.render.drift import DriftReport, PlanDrift


@click.command("drift", short_help="Whether tenants are still as their plans say; never writes.")
@click.argument("plan", nargs=-1, required=True)
@click.option("--show-pii", is_flag=True, help="Name people; without it each has a pseudonym.")
@max_rate
@notify.options
@reports.option(*drift_forms.KINDS)
@shared("text", "json", "markdown", opens=True)
def command(plan: tuple[str, ...], show_pii: bool, report: tuple[reports.Report, ...], **flags: Any) -> int:
    """Look whether the tenant of each PLAN is still as the plan says. Never writes.

    Exits with 2 where something drifted or waits to be applied, or a certificate needs attention. Things that no plan
    names are told, and change nothing about that.
    """
    from datetime import UTC, datetime

    from provisioner.render.drift import DriftReport, without_people

    addresses = {name: flags.pop(name) for name in notify.Channels._fields}
    options, now = common(**flags), datetime.now(UTC)
    to = notify.channels(**addresses, environ=options.environ)
    told = [_one(name, options, now) for name in plan]
    shown = told if show_pii else [without_people(each) for each in told]
    found, failures = _told_everybody(DriftReport(now, tuple(shown)), report, to)
    _print(found, failures, options)
    return problems.worst([*(each.exit_code for each in told), *(each.exit_code for each in failures)])


def _told_everybody(
    found: DriftReport, wanted: Sequence[reports.Report], to: notify.Channels
) -> tuple[DriftReport, list[ProvisionerError]]:
    """Notifies first, because reports take note of it. The sign of life stays away where something was not told."""
    found, failures = notify.changes(found, to)
    failures += reports.write(wanted, drift_forms.forms(found))
    return found, failures or notify.heartbeat(found, to)


def _one(name: str, options: Common, now: datetime) -> PlanDrift:
    """What is wrong with one plan or its tenant, a mistake of ours included, never hides the others."""
    loaded: Loaded | None = None
    try:
        loaded = plans.read(name, options)
        from provisioner.cli.session import run

        return _told(loaded, run(_look(loaded, options, now)))
    except Exception as error:
        return _failed(name, loaded, problems.told(error))


async def _look(loaded: Loaded, options: Common, now: datetime) -> Drift:
    from provisioner.cli.session import provider_of, tenant
    from provisioner.engine.drift import drift

    async with tenant(loaded.plan, options) as connection:
        return await drift(provider_of(loaded.plan), loaded.plan, connection, now=now)


def _told(loaded: Loaded, seen: Drift) -> PlanDrift:
    from provisioner.cli.session import provider_of
    from provisioner.planfile.lines import line_of
    from provisioner.render import drift as model

    plan: Any = loaded.plan
    written = loaded.path.read_text(encoding="utf-8").splitlines()
    provider, sifted = provider_of(plan), seen.sifted

    def sentence(each: Difference) -> str:
        """What agents notice; of a change that waits, what it will mean to them."""
        return provider.remark(plan, each.change) if each.cls == "pending" else provider.notice(plan, each)

    rows = tuple(
        model.row(each, sentence(each), line_of(written, each.address, [field.path for field in each.fields]))
        for each in sifted.differences
    )
    return model.PlanDrift(
        plan=plan.name,
        path=str(loaded.path),
        status=seen.status,
        exit_code=2 if seen.is_due else 0,
        provider=plan.provider.type,
        tenant=seen.tenant,
        digest=seen.goal,
        rows=rows,
        unmanaged=model.unmanaged(sifted.unmanaged),
        certificates=seen.certificates,
        ignored=model.ignored(sifted, sentence),
        notes=(model.note(seen.applied, seen.goal, rows),),
        warnings=model.warnings(sifted.ended, seen.refused),
        unused=tuple(entry.path for entry in sifted.unused),
    )


def _failed(name: str, loaded: Loaded | None, error: ProvisionerError) -> PlanDrift:
    from provisioner.render.as_json import error as as_json
    from provisioner.render.drift import PlanDrift

    plan: Any = loaded.plan if loaded else None
    return PlanDrift(
        plan=plan.name if plan else name,
        path=_path(name),
        status="error",
        exit_code=error.exit_code,
        provider=plan.provider.type if plan else "",
        error=as_json(error)["error"] | {"lines": problems.lines(error)},
    )


def _path(name: str) -> str:
    """The plan's path, as it is while the plan is valid, too."""
    try:
        return str(plans.find(name))
    except UsageError:
        return name


def _print(report: DriftReport, failures: Sequence[ProvisionerError], options: Common) -> None:
    """The result; beside it what kept others from being told of it."""
    if options.format == "json":
        from provisioner.render import as_json, drift_json

        as_json.write(drift_json.report(report) | reports.untold(failures), sys.stdout)
        return
    _print_errors(report)
    for failure in failures:
        problems.report(failure, as_json=False)
    if options.format == "markdown":
        drift_forms.forms(report)["markdown"](sys.stdout)
        return
    from provisioner.render import drift_text, terminal

    out = terminal.console(sys.stdout, color=options.color)
    terminal.lines(out, drift_text.report(report, everything=options.verbose))


def _print_errors(report: DriftReport) -> None:
    """On stderr; among several plans each error says whose it is."""
    for plan in report.plans:
        for line in plan.error["lines"] if plan.error else ():
            click.echo(f"{plan.plan}: {line}" if len(report.plans) > 1 else line, err=True)
