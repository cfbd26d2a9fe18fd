"""`provisioner outputs`: the Flex values of the live tenant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import plans
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.core.adapter import Connection
    from provisioner.flex.values import Values


@click.command("outputs", short_help="Print the Flex values of the live tenant.")
@click.argument("plan")
@shared("text", "json", "markdown", "env", "html", "pem", opens=True)
def command(plan: str, **flags: Any) -> int:
    """Print what Twilio Console asks for, read from the live tenant of PLAN.

    `--format html > flex.html` makes a page with the steps in the Console and a copy button for each value.
    """
    options = common(**flags)
    loaded = plans.read(plan, options).plan
    from provisioner.cli.session import run

    run(_outputs(loaded, options))
    return 0


async def _outputs(plan: Any, options: Common) -> None:
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
    if options.format == "html":
        click.echo(_page(plan, name, values), nl=False)
    else:
        show(values, options)
    handover.doubted(plan, values)
    await handover.passed_on(plan, values)


async def values_of(plan: Any, connection: Connection) -> Values | None:
    """The Flex values of the open tenant, None while it has no application to take them from."""
    facts = await connection.facts()
    return plan.values(facts) if facts else None


def show(values: Values, options: Common) -> None:
    """Prints the values in the form that was asked for; at a terminal, as a table that fits it."""
    if options.format == "text":
        from provisioner.render import terminal

        out = terminal.console(sys.stdout, color=options.color)
        if sys.stdout.isatty():
            terminal.form(out, values.form(), values.beside(), values.certificate_pem)
        else:
            terminal.values(out, values.pairs(), values.certificate_pem)
        return
    if options.format == "json":
        from provisioner.render import as_json

        as_json.write(values.as_json(), sys.stdout)
        return
    click.echo(_forms()[options.format](values), nl=False)


def _forms() -> dict[str, Any]:
    from provisioner.render import env, markdown

    return {
        "markdown": lambda values: markdown.values(values.pairs(), values.certificate_pem),
        "env": lambda values: env.values(values.as_json()),
        "pem": lambda values: values.certificate_pem,
    }


def _page(plan: Any, tenant: str, values: Values) -> str:
    from datetime import UTC, datetime

    from provisioner.render import html

    return html.values(
        values,
        plan.notes(),
        plan=plan.name,
        tenant=tenant,
        today=datetime.now(UTC).date(),
        warn_days=plan.drift.certificate_warn_days,
    )
