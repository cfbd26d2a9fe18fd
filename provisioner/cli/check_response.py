"""`provisioner check-response`: a captured SAML response held against the Flex values."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import plans
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
@shared("text", "json", "markdown", opens=True)
def command(file: str, plan: str | None, values: str | None, at: datetime | None, redact: bool, **flags: Any) -> int:
    """Say what Flex would make of the SAML response in FILE, and of every mistake in it what to do.

    FILE is what you captured (- for standard input): the form field SAMLResponse in base64, the body of the form, the
    XML, an export of SAML-tracer, or a HAR from the browser's network tab. Exits with 2 where Flex would refuse the
    login; warnings do not count.
    """
    options = common(**flags)
    from provisioner.flex.response import capture

    if redact:
        from provisioner.flex.response.redact import redacted

        click.echo(redacted(capture.find(_read(file)).xml))
        return 0
    if bool(plan) == bool(values):
        raise UsageError("expected either --plan PLAN or --values FILE: what the response is held against")
    captured = capture.find(_read(file))
    trusted = _live(plan, options) if plan else _kept(values or "")
    from provisioner.flex.response.check import check

    checked = check(captured, trusted, datetime.now(UTC), at)
    _show(file, checked, options)
    return 0 if checked.ok else 2


def _read(name: str) -> bytes:
    """What was captured, but not more of it than a capture can have."""
    from provisioner.flex.response.capture import LARGEST_FILE

    if name == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    if not Path(name).is_file():
        raise UsageError(f"there is no file {name}")
    with Path(name).open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)


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
        raise UsageError(f"{name} is not a JSON object", hint="take what `outputs --format json` prints")
    return trusted(found)


def _show(name: str, checked: Checked, options: Common) -> None:
    from provisioner.render import response

    if options.format == "json":
        from provisioner.render import as_json

        as_json.write(response.as_json(name, checked), sys.stdout)
    elif options.format == "markdown":
        click.echo(response.markdown(name, checked), nl=False)
    else:
        from provisioner.render import terminal

        response.text(terminal.console(sys.stdout, color=options.color), name, checked)
