"""`provisioner check-response`: a captured SAML response held against the Flex values."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from provisioner.cli import plans, problems, reports
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError, UsageError

if TYPE_CHECKING:
    from provisioner.flex.response.check import Checked
    from provisioner.flex.response.trusted import Trusted
    from provisioner.flex.values import Values


def _time(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter("expected a time like 2026-03-31T12:00:00Z") from None
    return found.replace(tzinfo=UTC) if found and not found.tzinfo else found


@click.command("check-response", short_help="Hold a captured SAML response against the Flex values.")
@click.argument("file")
@click.option("--plan", metavar="PLAN", help="Hold it against the live tenant of this plan.")
@click.option("--values", metavar="FILE", help="Hold it against the JSON of `outputs`; needs no tenant.")
@click.option("--at", callback=_time, metavar="TIME", help="When it is to have reached Flex; else when it was posted.")
@click.option("--redact", is_flag=True, help="Print the response instead, without personal values, for a ticket.")
@click.option("--show-pii", is_flag=True, help="Files and Markdown with the values themselves, not pseudonyms.")
@reports.option(*reports.KINDS)
@shared(*reports.KINDS, opens=True)
def command(
    file: str,
    plan: str | None,
    values: str | None,
    at: datetime | None,
    redact: bool,
    show_pii: bool,
    report: tuple[reports.Report, ...],
    **flags: Any,
) -> int:
    """Say what Flex would make of the SAML response in FILE, and of every mistake in it what to do.

    FILE is what you captured (- for standard input): the form field SAMLResponse in base64, the body of the form, the
    page with the form, the XML, an export of SAML-tracer, or a HAR from the browser's network tab. Exits with 2 where
    Flex would refuse the login; warnings do not count.
    """
    options = common(**flags)
    from provisioner.flex.response import capture

    if redact:
        _refuse("--redact", "plan", "values", "at", "show_pii", "report", "format", "var")
        from provisioner.flex.response.redact import redacted

        click.echo(redacted(capture.find(_read(file)).xml))
        return 0
    if bool(plan) == bool(values):
        raise UsageError("expected either --plan PLAN or --values FILE: what the response is held against")
    if values:
        _refuse("--values", "var")
    if file == values == "-":
        raise UsageError("FILE and --values cannot both be standard input")
    reports.spare(report, [file, plan, values])
    captured = capture.find(_read(file))
    trusted = _live(plan, options) if plan else _kept(values or "")
    from provisioner.flex.response.check import check
    from provisioner.flex.response.redact import cover_of

    now = datetime.now(UTC)
    checked = check(captured, trusted, now, at)
    to_pass_on = checked if show_pii else check(captured, trusted, now, at, cover_of(captured.xml))
    failures = reports.write(report, _forms(file, to_pass_on))
    _show(file, to_pass_on if options.format == "markdown" else checked, failures, options)
    return problems.worst([0 if checked.ok else 2, *(each.exit_code for each in failures)])


def _refuse(option: str, *names: str) -> None:
    """Raises `UsageError` where one of these was given, which mean nothing beside `option`."""
    context = click.get_current_context()
    given = [name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        words = " and ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(f"{words} cannot be used with {option}", hint=_WHY[option])


_WHY = {
    "--redact": "it prints the response as XML, held against nothing; run the command once with it and once without",
    "--values": "no plan is read then",
}


def _read(name: str) -> bytes:
    """What was captured, but not more of it than a capture can have."""
    from provisioner.flex.response.capture import LARGEST_FILE

    if name == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file {name}") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _live(name: str, options: Common) -> Trusted:
    plan = plans.read(name, options).plan
    from provisioner.cli.outputs import values_of
    from provisioner.cli.session import run, tenant
    from provisioner.flex.response.trusted import trusted

    async def read() -> Values | None:
        async with tenant(plan, options) as connection:
            return await values_of(plan, connection)

    values = run(read())
    if values is None:
        raise ProvisionerError(
            f"the tenant has no active application for the plan {plan.name}",
            hint="apply the plan first, or give the values that Flex has: --values FILE",
        )
    return trusted(values.as_json())


def _kept(name: str) -> Trusted:
    from provisioner.flex.response.trusted import trusted

    try:
        found = json.loads(_read(name))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        place = "standard input" if name == "-" else name
        raise UsageError(f"{place} is not a JSON object", hint="take what `outputs --format json` prints")
    return trusted(found)


def _forms(name: str, checked: Checked) -> Mapping[str, reports.Form]:
    from provisioner.render import as_json, response, terminal

    return {
        "text": lambda out: response.text(terminal.console(out, color=False), name, checked),
        "json": lambda out: as_json.write(response.as_json(name, checked), out),
        "markdown": lambda out: out.write(response.markdown(name, checked)),
    }


def _show(name: str, checked: Checked, failures: Sequence[ProvisionerError], options: Common) -> None:
    from provisioner.render import as_json, response, terminal

    if options.format == "json":
        as_json.write(response.as_json(name, checked) | reports.untold(failures), sys.stdout)
        return
    for failure in failures:
        problems.report(failure, as_json=False)
    if options.format == "markdown":
        sys.stdout.write(response.markdown(name, checked))
    else:
        response.text(terminal.console(sys.stdout, color=options.color), name, checked)
