"""How an apply ended, in each form; at a terminal the diff was shown before, in a file it comes first."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from provisioner.cli import problems, reports

if TYPE_CHECKING:
    from provisioner.cli.options import Common
    from provisioner.core.change import Result
    from provisioner.core.finding import Finding
    from provisioner.engine.apply import Applied
    from provisioner.errors import ProvisionerError
    from provisioner.flex.values import Values
    from provisioner.render.report import DiffReport


class Ended(NamedTuple):
    """The diff, and what became of it: nothing where it was refused or not agreed to.

    `told` are the findings that only the end of an apply brings.
    """

    report: DiffReport
    applied: Applied | None = None
    values: Values | None = None
    told: tuple[Finding, ...] = ()

    @property
    def results(self) -> Sequence[Result]:
        """What became of each change."""
        return self.applied.results if self.applied else ()

    @property
    def run(self) -> str:
        """Where the run record is."""
        return self.applied.run if self.applied else ""

    @property
    def failure(self) -> Sequence[str]:
        """In words, what it failed by."""
        return problems.lines(self.applied.failure) if self.applied and self.applied.failure else ()


def show(ended: Ended, failures: Sequence[ProvisionerError], options: Common) -> None:
    """Prints all that was not printed yet, with what kept reports from being written."""
    if options.format == "json":
        from provisioner.render import as_json

        as_json.write(_as_json(ended) | reports.untold(failures), sys.stdout)
        return
    for failure in failures:
        problems.report(failure, as_json=False)
    if options.format == "markdown":
        _markdown(sys.stdout, ended)
        return
    _text(sys.stdout, ended, color=options.color)
    if ended.values:
        from provisioner.cli import outputs

        outputs.show(ended.values, options)


def forms(ended: Ended) -> Mapping[str, reports.Form]:
    """All of it, for a file."""
    from provisioner.render import as_json, markdown, terminal

    def text(out: IO[str]) -> None:
        console = terminal.console(out, color=False)
        terminal.diff(console, ended.report, everything=True)
        _text(out, ended, color=False)
        terminal.lines(console, ((line,) for line in ended.failure))
        if ended.values:
            terminal.values(console, ended.values.pairs(), ended.values.certificate_pem)

    def as_markdown(out: IO[str]) -> None:
        out.write(f"{markdown.diff(ended.report)}\n")
        _markdown(out, ended)
        out.writelines(f"\n{markdown.escaped(line)}\n" for line in ended.failure)

    return {"text": text, "json": lambda out: as_json.write(_as_json(ended), out), "markdown": as_markdown}


def _as_json(ended: Ended) -> dict[str, Any]:
    from provisioner.render import as_json

    values = ended.values.as_json() if ended.values else None
    failure = ended.applied.failure if ended.applied else None
    return as_json.applied(ended.report, ended.results, values, ended.run) | (as_json.error(failure) if failure else {})


def _markdown(out: IO[str], ended: Ended) -> None:
    from provisioner.render import markdown

    if ended.results:
        out.write(markdown.outcome(ended.results))
    if ended.told:
        out.write("\n".join([*markdown.findings(ended.told), ""]))
    if ended.values:
        out.write(markdown.values(ended.values.pairs(), ended.values.certificate_pem))


def _text(out: IO[str], ended: Ended, *, color: bool) -> None:
    from provisioner.render import terminal

    console = terminal.console(out, color=color)
    if ended.results:
        terminal.outcome(console, ended.results, ended.run)
    terminal.findings(console, ended.told)
