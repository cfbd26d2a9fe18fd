"""`provisioner diff`: what apply would do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import plans, problems
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.planfile.load import Loaded
    from provisioner.render.report import DiffReport


@click.command("diff", short_help="Show what apply would do; never writes.")
@click.argument("plan", nargs=-1, required=True)
@click.option("--exit-code", is_flag=True, help="Exit with 2 where there are changes.")
@shared("text", "json", "markdown", opens=True, changes=True)
def command(plan: tuple[str, ...], exit_code: bool, **flags: Any) -> int:
    """Show what apply would do with each PLAN. Never writes.

    The digest that it prints is what `apply --expect` takes.
    """
    options = common(**flags)
    reports = [_one(name, options) for name in plan]
    if len(plan) > 1:
        _name_plans(plan, reports)
    _print(reports, options)
    return problems.worst([_code(report, exit_code) for report in reports])


def _one(name: str, options: Common) -> DiffReport | ProvisionerError:
    """What is wrong with one plan does not keep the others from being looked at."""
    try:
        loaded = plans.read(name, options)
        from provisioner.cli.session import run

        return run(_look(loaded, options))
    except ProvisionerError as error:
        return error


def _name_plans(names: Sequence[str], reports: Sequence[DiffReport | ProvisionerError]) -> None:
    """Among several plans an error says whose it is; a report does so by itself."""
    for name, report in zip(names, reports, strict=True):
        if isinstance(report, ProvisionerError) and name not in report.message:
            report.message = f"{name}: {report.message}"


async def _look(loaded: Loaded, options: Common) -> DiffReport:
    from provisioner.cli.session import look, report_of, tenant

    async with tenant(loaded.plan, options) as connection:
        return report_of(loaded, await look(loaded.plan, connection, options), connection)


def _code(report: DiffReport | ProvisionerError, exit_code: bool) -> int:
    if isinstance(report, ProvisionerError):
        return report.exit_code
    if report.refused:
        return 3
    return 2 if exit_code and report.rows else 0


def _print(reports: list[DiffReport | ProvisionerError], options: Common) -> None:
    if options.format == "json":
        from provisioner.render import as_json

        bodies = [as_json.error(r) if isinstance(r, ProvisionerError) else as_json.diff(r) for r in reports]
        as_json.write(as_json.several(bodies), sys.stdout)
        return
    for report in reports:
        if isinstance(report, ProvisionerError):
            problems.report(report, as_json=False)
        else:
            show(report, options)


def show(report: DiffReport, options: Common) -> None:
    """Prints one report as text or markdown."""
    if options.format == "markdown":
        from provisioner.render import markdown

        click.echo(markdown.diff(report))
        return
    from provisioner.render import terminal

    terminal.diff(terminal.console(sys.stdout, color=options.color), report, everything=options.verbose)
