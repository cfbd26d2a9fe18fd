"""`provisioner fleet`: drift checks on a schedule that a PostgreSQL keeps, worked off by any number of machines."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from provisioner.cli import drift_forms, plans, problems, reports, settings
from provisioner.cli.options import Common, common
from provisioner.core.text import visible
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from provisioner.fleet.schedule import Entry
    from provisioner.render.drift import DriftReport
    from provisioner.render.schedule import Schedule

FORMATS = ("text", "json", "markdown")
# What a worker runs, with a plan's path after it.
CHECK = (sys.executable, "-m", "provisioner.cli.fleet_check", "drift", "--format", "json", "--quiet", "--")


@click.group("fleet", short_help="Drift checks on a schedule, kept in a database.", no_args_is_help=False)
def command() -> None:
    """Drift checks on a durable schedule, by any number of workers.

    PROVISIONER_DATABASE_URL says which PostgreSQL keeps it: in the environment, `.env` or the secrets folder.
    """
    if find_spec("procrastinate") is None:
        raise UsageError(
            "the fleet needs the package procrastinate",
            hint="deploy/install DIR, in the project's folder, makes an environment that has it",
        )


@command.command("schedule", short_help="Say when plans are checked.")
@click.argument("plan", nargs=-1, required=True)
@click.option("--cron", metavar="EXPRESSION", help="When, by UTC: '0 5 * * *'.")
@click.option("--remove", is_flag=True, help="Take the plans off the schedule, and forget their reports.")
def schedule(plan: tuple[str, ...], cron: str | None, remove: bool) -> None:
    """Check each PLAN whenever the cron expression says so.

    Workers look for a plan under the path that it has here. One that is on the schedule gets the new expression.
    """
    from provisioner.cli.session import run
    from provisioner.fleet import schedule

    if remove == bool(cron):
        raise UsageError("expected either --cron EXPRESSION or --remove")
    if not cron:
        run(schedule.remove(_database(), [(name, _path(name)) for name in plan]))
        return
    schedule.check(cron)
    options = common(var=(), no_color=True)
    entries = list(dict.fromkeys(_entry(name, options) for name in plan))
    due_at = run(schedule.put(_database(), entries, cron))
    for entry in entries:
        click.echo(f"{visible(entry.path)}  {cron}  next {due_at:%Y-%m-%d %H:%M} UTC")


@command.command("worker", short_help="Carry out what is due, until Ctrl-C or SIGTERM.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Checks at a time.")
def worker(concurrency: int) -> None:
    """Carry out what is due, until Ctrl-C or SIGTERM. Any number of workers may share a database.

    Of one tenant no two checks run at once. Each check is `provisioner drift` as a process of its own, with the
    credentials of this environment. The checks of a worker that dies are done by another.
    """
    from provisioner.cli.session import run
    from provisioner.fleet.worker import work

    def tell(line: str) -> None:
        click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {visible(line)}", err=True)

    run(work(_database(), CHECK, concurrency=concurrency, tell=tell))


@command.command("status", short_help="What the checks told, and how the schedule goes.")
@reports.option(*drift_forms.KINDS)
@click.option("--format", type=click.Choice(FORMATS), default="text", show_default=True, help="Form of the result.")
@click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same.")
@click.option("-v", "--verbose", is_flag=True, help="Every row.")
def status(report: tuple[reports.Report, ...], **flags: Any) -> int:
    """What the last check of each plan told, as one report, and how the schedule goes.

    Exits as `drift` does; with 1 also where a check did not tell anything or is overdue.
    """
    from provisioner.cli.session import run
    from provisioner.fleet.status import read

    options = common(var=(), **flags)
    found, planned = run(read(_database()))
    failures = reports.write(report, drift_forms.forms(found))
    _print(found, planned, options)
    for failure in failures:
        problems.report(failure, as_json=False)
    return problems.worst([*(each.exit_code for each in found.plans), *(each.exit_code for each in failures)])


def _database() -> SecretStr:
    """The address of the database, empty where none is given. Raises `UsageError` for a bad `.env`."""
    from pydantic import SecretStr
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Settings(BaseSettings):
        model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, env_prefix="provisioner_")

        database_url: SecretStr = SecretStr("")

    settings.environment()
    return Settings(_env_file=".env", _secrets_dir=settings.secrets_folder()).database_url  # type: ignore[call-arg]


def _entry(name: str, options: Common) -> Entry:
    from provisioner.fleet.schedule import Entry

    loaded: Any = plans.read(name, options)
    provider = loaded.plan.provider
    return Entry(_normal(loaded.path), f"{provider.type} {urlsplit(provider.base_url).netloc}")


def _path(name: str) -> str:
    """As it is scheduled, also when the file is no more."""
    try:
        return _normal(plans.find(name))
    except UsageError:
        return _normal(Path(name))


def _normal(path: Path) -> str:
    """One path for each file, however it was called: seen from here, where it is below."""
    # Not resolved: where links lead may change, and the plan is still the one of that name.
    absolute = Path(os.path.abspath(path))  # noqa: PTH100
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute)


def _print(found: DriftReport, planned: Schedule, options: Common) -> None:
    from provisioner.render import as_json, drift_json, schedule

    if options.format == "json":
        as_json.write(drift_json.report(found) | {"fleet": schedule.as_json(planned)}, sys.stdout)
        return
    if options.format == "markdown":
        drift_forms.forms(found)["markdown"](sys.stdout)
        click.echo(f"\n{schedule.sums(planned)}")
        return
    from provisioner.render import drift_text, terminal

    out = terminal.console(sys.stdout, color=options.color)
    terminal.lines(out, drift_text.report(found, everything=options.verbose))
    for line in drift_text.errors(found.plans):
        click.echo(line, err=True)
    terminal.lines(out, ((line,) for line in (*schedule.table(planned.plans), schedule.sums(planned))))
