"""`provisioner drift`: whether tenants are still as their plans say. Reads only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import drift_forms, notify, problems, reports, shards
from provisioner.cli.options import Common, common, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.errors import ProvisionerError
    from provisioner.render.drift import DriftReport


@click.command("drift", short_help="Whether tenants are still as their plans say; never writes.")
@click.argument("plan", nargs=-1)
@shards.options
@click.option("--show-pii", is_flag=True, help="Name people; without it each has a pseudonym.")
@notify.options
@reports.option(*drift_forms.KINDS)
@shared("text", "json", "markdown", opens=True)
def command(
    plan: tuple[str, ...],
    all_: tuple[str, ...],
    shard: str | None,
    show_pii: bool,
    report: tuple[reports.Report, ...],
    **flags: Any,
) -> int:
    """Look whether the tenant of each PLAN, or of all in a place, is still as the plan says. Never writes.

    Exits with 2 where something drifted or waits to be applied, or a certificate needs attention. Things that no plan
    names are told, and change nothing about that.
    """
    from datetime import UTC, datetime

    listed = shards.listed(plan, all_)
    reports.spare(report, listed)
    reports.spare([each for each in report if each.kind != "json"], [str(flags["since"] or "")])
    names, part = shards.chosen(listed, shard)
    addresses = {name: flags.pop(name) for name in notify.Channels._fields}
    options, now = common(**flags), datetime.now(UTC)
    to = notify.channels(**addresses, environ=options.environ)
    options = options._replace(environ=notify.unseen(options.environ, addresses.values()))
    from provisioner.cli import drift_check
    from provisioner.cli.session import run
    from provisioner.render.drift import DriftReport, with_twins

    told = run(drift_check.all_of(names, options, now, show_pii=show_pii))
    found, failures = _told_everybody(DriftReport(now, with_twins(told), part), report, to)
    _print(found, failures, options)
    return problems.worst([*(each.exit_code for each in told), *(each.exit_code for each in failures)])


def _told_everybody(
    found: DriftReport, wanted: Sequence[reports.Report], to: notify.Channels
) -> tuple[DriftReport, list[ProvisionerError]]:
    """Notifies first, because reports take note of it. The sign of life stays away where something was not told."""
    found, failures = notify.changes(found, to)
    failures += reports.write(wanted, drift_forms.forms(found))
    return found, failures or notify.heartbeat(found, to)


def _print(report: DriftReport, failures: Sequence[ProvisionerError], options: Common) -> None:
    """The result; on stderr what kept others from being told of it."""
    for failure in failures:
        problems.report(failure, as_json=False)
    if options.format == "json":
        from provisioner.render import as_json, drift_json

        as_json.write(drift_json.report(report) | reports.untold(failures), sys.stdout)
        return
    _print_errors(report)
    if options.format == "markdown":
        drift_forms.forms(report)["markdown"](sys.stdout)
        return
    from provisioner.render import drift_text, terminal

    out = terminal.console(sys.stdout, color=options.color)
    terminal.lines(out, drift_text.report(report, everything=options.verbose))


def _print_errors(report: DriftReport) -> None:
    """On stderr; among several plans each error says whose it is."""
    from provisioner.render import drift_text

    alone = report.plans[0].error if len(report.plans) == 1 else None
    for line in alone["lines"] if alone else drift_text.errors(report.plans):
        click.echo(line, err=True)
