"""`provisioner outputs`: the Flex values of the live tenant."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import click

from provisioner.cli import plans, problems, reports
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.core.adapter import Connection
    from provisioner.flex.values import Values

FORMATS = ("text", "json", "markdown", "env", "html", "pem")


@click.command("outputs", short_help="Print the Flex values of the live tenant.")
@click.argument("plan")
@reports.option(*FORMATS)
@shared(*FORMATS, opens=True)
def command(plan: str, report: tuple[reports.Report, ...], **flags: Any) -> int:
    """Print what Twilio Console asks for, read from the live tenant of PLAN.

    `--format html > flex.html` makes a page with the steps in the Console and a copy button for each value.
    """
    options = common(**flags)
    reports.spare(report, [plan])
    loaded = plans.read(plan, options).plan
    from provisioner.cli.session import run

    return run(_outputs(loaded, options, report))


async def _outputs(plan: Any, options: Common, wanted: Sequence[reports.Report]) -> int:
    from provisioner.cli import handover
    from provisioner.cli.session import tenant

    async with tenant(plan, options) as connection:
        values = await values_of(plan, connection)
        name = connection.name
    if values is None:
        raise ProvisionerError(
            f"{name} has no active application for the plan {plan.name}",
            hint="apply the plan first: provisioner apply PLAN",
        )
    page = partial(_page, plan, name, values)
    failures = reports.write(wanted, {**_forms(values), "html": page})
    if options.format == "html":
        page(sys.stdout)
    else:
        show(values, options)
    for failure in failures:
        problems.report(failure, as_json=False)
    handover.doubted(plan, values)
    await handover.passed_on(plan, values)
    return problems.worst([each.exit_code for each in failures])


async def values_of(plan: Any, connection: Connection) -> Values | None:
    """The Flex values of the open tenant, None while it has no application to take them from."""
    facts = await connection.facts()
    return plan.values(facts) if facts else None


def show(values: Values, options: Common) -> None:
    """Prints the values in the form that was asked for; at a terminal, as a table that fits it."""
    if options.format == "text" and sys.stdout.isatty():
        from provisioner.render import terminal

        out = terminal.console(sys.stdout, color=options.color)
        terminal.form(out, values.form(), values.beside(), values.certificate_pem)
        return
    _forms(values, color=options.color)[options.format](sys.stdout)


def _forms(values: Values, *, color: bool = False) -> Mapping[str, reports.Form]:
    from provisioner.render import as_json, env, markdown, terminal

    pairs, pem = values.pairs(), values.certificate_pem
    return {
        "text": lambda out: terminal.values(terminal.console(out, color=color), pairs, pem),
        "json": lambda out: as_json.write(values.as_json(), out),
        "markdown": lambda out: out.write(markdown.values(pairs, pem)),
        "env": lambda out: out.write(env.values(values.as_json())),
        "pem": lambda out: out.write(pem),
    }


def _page(plan: Any, tenant: str, values: Values, out: IO[str]) -> None:
    from datetime import UTC, datetime

    from provisioner.render import html

    out.write(
        html.values(
            values,
            plan.notes(),
            plan=plan.name,
            tenant=tenant,
            today=datetime.now(UTC).date(),
            warn_days=plan.drift.certificate_warn_days,
        )
    )
