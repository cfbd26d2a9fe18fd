"""`provisioner validate`: plan files checked offline."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from provisioner.cli import plans, problems
from provisioner.cli.options import Common, common, shared
from provisioner.errors import InvalidPlan, Problem, ProvisionerError

if TYPE_CHECKING:
    from provisioner.core.finding import Finding


class _Checked(NamedTuple):
    file: str
    findings: tuple[Finding, ...] = ()
    error: ProvisionerError | None = None

    @property
    def code(self) -> int:
        if self.error:
            return self.error.exit_code
        return 65 if any(finding.severity == "error" for finding in self.findings) else 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.error.problems if isinstance(self.error, InvalidPlan) else ()


@click.command("validate", short_help="Check plan files offline: schema, Flex rules.")
@click.argument("plan", nargs=-1, required=True)
@shared("text", "json", "markdown")
def command(plan: tuple[str, ...], **flags: Any) -> int:
    """Check each PLAN offline: its form, its users, and what Flex asks of a configuration. Exits with 65 on errors."""
    options = common(**flags)
    checked = [_check(name, options) for name in plan]
    _FORMS[options.format](checked, options.color)
    return problems.worst([each.code for each in checked])


def _check(name: str, options: Common) -> _Checked:
    try:
        loaded = plans.read(name, options, strict=False)
    except ProvisionerError as error:
        return _Checked(name, error=error)
    return _Checked(str(loaded.path), tuple(loaded.findings))


def _text(checked: list[_Checked], color: bool) -> None:
    for each in checked:
        if each.error:
            # What is wrong with a plan is the result; that there is none to check is an error like any other.
            problems.report(each.error, as_json=False, to_stdout=bool(each.problems))
        if each.findings:
            from provisioner.render import terminal

            click.echo(f"{each.file}:")
            terminal.findings(terminal.console(sys.stdout, color=color), each.findings)
        if not each.code:
            click.echo(f"{each.file}: valid")


def _json(checked: list[_Checked], _: bool) -> None:
    from provisioner.render import as_json

    as_json.write(as_json.several([_body(each) for each in checked]), sys.stdout)


def _body(each: _Checked) -> dict[str, Any]:
    from provisioner.render import as_json

    if each.error and not each.problems:
        return as_json.error(each.error)
    return (
        {"format_version": as_json.VERSION, "file": each.file, "valid": not each.code}
        | {"problems": as_json.error(each.error)["error"]["problems"] if each.error else []}
        | {"findings": [as_json.finding(finding) for finding in each.findings]}
    )


def _markdown(checked: list[_Checked], _: bool) -> None:
    from provisioner.render import markdown

    for each in checked:
        if each.error and not each.problems:
            problems.report(each.error, as_json=False)
        else:
            click.echo(markdown.checked(each.file, each.problems, each.findings, valid=not each.code))


_FORMS = {"text": _text, "json": _json, "markdown": _markdown}
