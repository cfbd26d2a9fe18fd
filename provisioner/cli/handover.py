"""The end of `apply` and `outputs`: doubts about the Flex values, and where to go on with them. All on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import settings

if TYPE_CHECKING:
    from provisioner.cli.options import Common
    from provisioner.core.finding import Finding
    from provisioner.flex.values import Values
    from provisioner.planfile.load import Loaded


def doubts(plan: Any, values: Values) -> tuple[Finding, ...]:
    """What to look at before the values are pasted."""
    from provisioner.flex.notices import about_sso_url

    return tuple(about_sso_url(values.sso_url, (plan.provider.base_url, *plan.flex.trusted_urls)))


def doubted(plan: Any, values: Values) -> None:
    """Says so on stderr, where the values go elsewhere."""
    if found := doubts(plan, values):
        from provisioner.render import terminal

        terminal.findings(terminal.console(sys.stderr, color=sys.stderr.isatty()), found)


async def passed_on(plan: Any, values: Values) -> None:
    """Leaves them where the Console page of an embedded sandbox loads them with one click."""
    if plan.provider.embedded:
        from provisioner.cli.embedded import to_clipboard

        await to_clipboard(settings.home(), plan.provider.base_url, plan.name, values.as_json())


def next_steps(loaded: Loaded, options: Common) -> None:
    """Says how to go on after an apply: to people at a terminal, and wherever the tenant is an embedded sandbox."""
    plan: Any = loaded.plan
    steps = []
    if sys.stdout.isatty():
        steps += [
            f"To fill in the form step by step: provisioner outputs {loaded.path} --format html > flex.html",
        ]
    if plan.provider.embedded:
        steps += [f"To try the login: make sandbox (or provisioner sandbox), then open {plan.provider.base_url}/flex/"]
    if steps and not options.quiet:
        click.echo("\n".join(["", *steps]), err=True)
