"""`provisioner diff`: what apply would do."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from provisioner.cli import plans, problems, reports
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.planfile.load import Loaded
    from provisioner.render.report import DiffReport

    Told = DiffReport | ProvisionerError


@click.command("diff", short_help="Show what apply would do; never writes.")
@click.argument("plan", nargs=-1, required=True)
@click.option("--exit-code", is_flag=True, help="Exit with 2 where there are changes.")
@reports.option(*reports.KINDS)
@shared(*reports.KINDS, opens=True, changes=True)
def command(plan: tuple[str, ...], exit_code: bool, report: tuple[reports.Report, ...], **flags: Any) -> int:
    """Show what apply would do with each PLAN. Never writes.

    The digest that it prints is what `apply --expect` takes.
    """
    options = common(**flags)
    reports.spare(report, plan)
    told = [_one(name, options) for name in plan]
    if len(plan) > 1:
        _name_plans(plan, told)
    failures = reports.write(report, _forms(plan, told))
    _print(plan, told, failures, options)
    return problems.worst([*(_code(each, exit_code) for each in told), *(each.exit_code for each in failures)])


def _one(name: str, options: Common) -> Told:
    """What is wrong with one plan does not keep the others from being looked at."""
    try:
        loaded = plans.read(name, options)
        from provisioner.cli.session import run

        return run(_look(loaded, options))
    except ProvisionerError as error:
        return error


def _name_plans(names: Sequence[str], told: Sequence[Told]) -> None:
    """Among several plans an error says whose it is; a report does so by itself."""
    for name, each in zip(names, told, strict=True):
        if isinstance(each, ProvisionerError) and name not in each.message:
            each.message = f"{name}: {each.message}"


async def _look(loaded: Loaded, options: Common) -> DiffReport:
    from provisioner.cli.session import look, report_of, tenant

    async with tenant(loaded.plan, options) as connection:
        return report_of(loaded, await look(loaded.plan, connection, options), connection)


def _code(report: Told, exit_code: bool) -> int:
    if isinstance(report, ProvisionerError):
        return report.exit_code
    if report.refused:
        return 3
    return 2 if exit_code and report.rows else 0


def _forms(names: Sequence[str], told: Sequence[Told]) -> Mapping[str, reports.Form]:
    """All of it for a file, errors included."""
    from provisioner.render import as_json, markdown, terminal

    def text(out: IO[str]) -> None:
        console = terminal.console(out, color=False)
        for each in told:
            if isinstance(each, ProvisionerError):
                terminal.lines(console, ((line,) for line in problems.lines(each)))
            else:
                terminal.diff(console, each, everything=True)

    def as_markdown(out: IO[str]) -> None:
        for each in told:
            if isinstance(each, ProvisionerError):
                out.writelines(f"{markdown.escaped(line)}\n\n" for line in problems.lines(each))
            else:
                out.write(f"{markdown.diff(each)}\n")

    return {"text": text, "json": lambda out: as_json.write(_as_json(names, told), out), "markdown": as_markdown}


def _as_json(names: Sequence[str], told: Sequence[Told]) -> Mapping[str, Any]:
    """The object of one plan, or several, in which an error says whose it is."""
    from provisioner.render import as_json

    def one(name: str, each: Told) -> dict[str, Any]:
        if not isinstance(each, ProvisionerError):
            return as_json.diff(each)
        return as_json.error(each) | ({"path": name} if len(told) > 1 else {})

    return as_json.several([one(name, each) for name, each in zip(names, told, strict=True)])


def _print(names: Sequence[str], told: Sequence[Told], failures: Sequence[ProvisionerError], options: Common) -> None:
    if options.format == "json":
        from provisioner.render import as_json

        as_json.write({**_as_json(names, told), **reports.untold(failures)}, sys.stdout)
        return
    for each in (*told, *failures):
        if isinstance(each, ProvisionerError):
            problems.report(each, as_json=False)
        else:
            show(each, options)


def show(report: DiffReport, options: Common) -> None:
    """Prints one report as text or markdown."""
    if options.format == "markdown":
        from provisioner.render import markdown

        click.echo(markdown.diff(report))
        return
    from provisioner.render import terminal

    terminal.diff(terminal.console(sys.stdout, color=options.color), report, everything=options.verbose)
