"""`provisioner validate`: plan files checked offline."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from provisioner.cli import plans
from provisioner.cli.options import common, shared
from provisioner.errors import InvalidPlan

if TYPE_CHECKING:
    from provisioner.core.finding import Finding


class _Checked(NamedTuple):
    file: str
    findings: tuple[Finding, ...] = ()
    error: InvalidPlan | None = None

    @property
    def valid(self) -> bool:
        return self.error is None and not any(finding.severity == "error" for finding in self.findings)


@click.command("validate", short_help="Check plan files offline: schema, Flex rules.")
@click.argument("plan", nargs=-1, required=True)
@shared("text", "json", "markdown")
def command(plan: tuple[str, ...], **flags: Any) -> int:
    """Check each PLAN offline: its form, its users, and what Flex asks of a configuration. Exits with 65 on errors."""
    options = common(**flags)
    checked = [_check(name, options.variables) for name in plan]
    _FORMS[options.format](checked, options.color)
    return 0 if all(each.valid for each in checked) else 65


def _check(name: str, variables: Mapping[str, str]) -> _Checked:
    try:
        loaded = plans.read(name, variables, strict=False)
    except InvalidPlan as error:
        return _Checked(name, error=error)
    return _Checked(str(loaded.path), tuple(loaded.findings))


def _text(checked: list[_Checked], color: bool) -> None:
    for each in checked:
        for problem in each.error.problems if each.error else ():
            click.echo(problem)
        if each.findings:
            from provisioner.render import terminal

            click.echo(f"{each.file}:")
            terminal.findings(terminal.console(sys.stdout, color=color), each.findings)
        if each.valid:
            click.echo(f"{each.file}: valid")


def _json(checked: list[_Checked], _: bool) -> None:
    from provisioner.render import as_json

    bodies = [
        {"format_version": as_json.VERSION, "file": each.file, "valid": each.valid}
        | {"problems": as_json.error(each.error)["error"]["problems"] if each.error else []}
        | {"findings": [as_json.finding(finding) for finding in each.findings]}
        for each in checked
    ]
    as_json.write(as_json.several(bodies), sys.stdout)


def _markdown(checked: list[_Checked], _: bool) -> None:
    from provisioner.render import markdown

    for each in checked:
        click.echo(f"### {each.file}: {'valid' if each.valid else 'not valid'}\n")
        lines = [f"- {problem}" for problem in each.error.problems] if each.error else []
        click.echo("\n".join(lines + markdown.findings(each.findings)))


_FORMS = {"text": _text, "json": _json, "markdown": _markdown}
