"""The end of `apply` and `outputs`: doubts about the Flex values, and where to go on with them. All on stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from provisioner.core.finding import Finding
    from provisioner.flex.values import Values


def doubts(plan: Any, values: Values) -> tuple[Finding, ...]:
    """What to look at before the values are pasted."""
    from provisioner.flex.notices import about_sso_url

    return tuple(about_sso_url(values.sso_url, (plan.provider.base_url, *plan.flex.trusted_urls)))


def doubted(plan: Any, values: Values) -> None:
    """Says so on stderr, where the values go elsewhere."""
    if found := doubts(plan, values):
        from provisioner.render import terminal

        terminal.findings(terminal.console(sys.stderr, color=sys.stderr.isatty()), found)


def next_steps(plan: Any, path: Path) -> None:
    """Says how to go on after an apply: at a terminal, and where the tenant is an embedded sandbox."""
    if sys.stdout.isatty():
        click.echo(
            f"\nNext: provisioner outputs {path} --format html > flex.html\n"
            "      makes a page with the steps in Twilio Console and a copy button for each value.",
            err=True,
        )
    if plan.provider.embedded:
        click.echo(f"\nTo sign in: make sandbox (provisioner sandbox), then {plan.provider.base_url}/flex/", err=True)
