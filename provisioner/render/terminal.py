"""Reports for people at a terminal: rich is imported here and nowhere else."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from typing import IO, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from provisioner.core.change import FieldChange, Result
from provisioner.core.finding import Finding
from provisioner.core.text import visible
from provisioner.errors import Refusal
from provisioner.flex.console import WHERE
from provisioner.render.report import PEOPLE, DiffReport, Row, changed_lines, shown

COLOURS = {"+": "green", "~": "yellow", "-": "red"}
_LINE_COLOURS = {"+": "green", "-": "red"}
MOST_PEOPLE = 50
ARROW = "  →  "
LONG = 90
# A cell of more than these pads no other row.
WIDEST = 48


def console(file: IO[str], *, color: bool = True) -> Console:
    """A console that never wraps what is piped or copied, and is plain where colour is not wanted or not possible."""
    system: Literal["auto"] | None = "auto" if color else None
    return Console(file=file, color_system=system, highlight=False, soft_wrap=True, markup=False, emoji=False)


def diff(out: Console, report: DiffReport, *, everything: bool = False) -> None:
    """Prints a change set: what changes, field by field; people as a table; then the sum and the consequences."""
    out.print(_line((report.plan, "bold"), " → ", (report.tenant, "bold"), f"   change set {report.digest}"))
    out.print()
    things = [row for row in report.rows if row.kind not in PEOPLE]
    people = [row for row in report.rows if row.kind in PEOPLE]
    for row in things:
        _thing(out, row)
    if people:
        _people(out, people if everything else people[:MOST_PEOPLE])
        if len(people) > MOST_PEOPLE and not everything:
            out.print(f"  … and {len(people) - MOST_PEOPLE:,} more; -v shows all, --format json lists them.")
        out.print()
    out.print("  " + _sum(report))
    for refusal in report.refused:
        _refusal(out, refusal)
    for finding in report.warnings:
        _finding(out, finding)


def outcome(out: Console, results: Sequence[Result], run: str) -> None:
    """Prints what became of an apply: failures and what was not tried by name, the rest as a number."""
    done = sum(result.status == "done" for result in results)
    left = [result for result in results if result.status != "done"]
    if not left:
        out.print(Text(f"  {done} of {len(results)} changes done.", style="green"))
        return
    out.print(f"  {done} of {len(results)} changes done, {len(left)} not:")
    for result in left[:MOST_PEOPLE]:
        word = "failed   " if result.status == "failed" else "not tried"
        out.print(_line(("  ✗ ", "red"), f"{word}  {result.address}", f"   {result.error}" if result.error else ""))
    if len(left) > MOST_PEOPLE:
        out.print(f"  … and {len(left) - MOST_PEOPLE:,} more; the run record lists all.")
    out.print(_line(f"  Run record: {run}"))


def values(out: Console, pairs: Sequence[tuple[str, str]], certificate: str) -> None:
    """Prints the Flex values in the order of the Console's form; the certificate as it must be pasted."""
    out.print()
    out.print(Text(" → ".join(WHERE), style="bold"))
    out.print()
    columns(out, pairs)
    out.print()
    out.print(certificate.rstrip())


def columns(out: Console, pairs: Sequence[tuple[str, str]]) -> None:
    """Prints names and values, the values below each other and each on one line."""
    width = max(cell_len(visible(name)) for name, _ in pairs)
    for name, value in pairs:
        out.print(_line("  ", (_padded(visible(name), width), "cyan"), "  ", value))


def form(out: Console, fields: Sequence[tuple[str, str]], beside: Sequence[tuple[str, str]], certificate: str) -> None:
    """Prints the Flex values as a table that fits the screen, each value whole and to be copied in one go."""
    out.print()
    out.print(_line(("Paste into ", "bold"), (" → ".join(WHERE), "bold")))
    width = max(len(name) for name, _ in (*fields, *beside))
    _table(out, "Field", [*fields, ("X.509 Certificate", "the block below, from its first dash to its last")], width)
    _table(out, "To compare", beside, width)
    out.print()
    out.print(certificate.rstrip())


def _table(out: Console, title: str, pairs: Sequence[tuple[str, str]], width: int) -> None:
    """One row a pair; a value that does not fit beside its name stands below it, on one line where it can."""
    out.print()
    out.print(_line("  ", (f"{title.ljust(width)}  Value", "dim")))
    longest = max(cell_len(value) for _, value in pairs)
    out.print(_line("  ", (f"{'─' * width}  {'─' * min(longest, out.width - width - 6)}", "dim")))
    for name, value in pairs:
        if width + cell_len(value) + 4 <= out.width:
            out.print(_line("  ", (name.ljust(width), "cyan"), "  ", value))
        else:
            out.print(_line("  ", (name, "cyan")))
            out.print(_line("    ", value))


def lines(out: Console, told: Iterable[Sequence[str | tuple[str, str]]]) -> None:
    """Prints lines of texts, some with a style."""
    for parts in told:
        out.print(_line(*parts))


def findings(out: Console, found: Sequence[Finding]) -> None:
    """Prints findings, one or two lines each."""
    for finding in found:
        _finding(out, finding)


@contextmanager
def bar(file: IO[str], title: str, total: int) -> Iterator[tuple[Callable[[], None], Callable[[str], None]]]:
    """A progress bar with the time that is left; yields what moves it by one, and what gives it another title."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=file), transient=True) as running:
        task = running.add_task(title, total=total)
        yield lambda: running.advance(task), lambda words: running.update(task, description=escape(visible(words)))


def counts(requests: Mapping[str, int]) -> str:
    """`12 requests`, and in brackets what went other than planned."""
    extra = [f"{requests[key]} {word}" for key, word in _EXTRA.items() if requests.get(key)]
    total = requests.get("total", 0)
    return f"{total:,} request{'' if total == 1 else 's'}" + (f" ({', '.join(extra)})" if extra else "")


_EXTRA = {"retried": "sent again", "rate_limited": "refused for their rate"}


def _line(*parts: str | tuple[str, str]) -> Text:
    """One line of texts, some with a style. All that comes from outside is printed through here: nothing in it acts."""
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((visible(text), style) for text, style in pairs))


def _thing(out: Console, row: Row) -> None:
    remark = f"   ({row.remark})" if row.remark else ""
    out.print(_line("  ", (f"{row.sign} {row.address}", COLOURS[row.sign]), remark))
    width = max((len(visible(change.path)) for change in row.fields), default=0)
    for change in row.fields if row.action != "delete" else ():
        _field(out, row, change, width)
    out.print()


def _field(out: Console, row: Row, change: FieldChange, width: int) -> None:
    name = (visible(change.path).ljust(width), "dim")
    step = _step(row, change)
    before, arrow, after = step.partition(ARROW)
    if len(step) > LONG and arrow:  # what changes inside a long value is seen when both stand below each other
        out.print(_line("      ", name, "  ", before))
        out.print(_line(" " * (width + 5), ARROW.lstrip(), after))
    else:
        out.print(_line("      ", name, "  ", step))
    for text in changed_lines(change):
        out.print(_line((f"        {text.expandtabs()}", _LINE_COLOURS.get(text[:1], "dim"))))


def _people(out: Console, people: Sequence[Row]) -> None:
    """One line a person in aligned columns; rich's own tables would cut what a pipe must get whole."""
    cells = [(visible(row.address), _what(row)) for row in people]
    first, second = (min(WIDEST, max(cell_len(cell[column]) for cell in cells)) for column in (0, 1))
    for row, (address, what) in zip(people, cells, strict=True):
        remark = f"   ({row.remark})" if row.remark else ""
        rest = f"   {_padded(what, second)}{remark}".rstrip()
        out.print(_line((f"  {row.sign} {_padded(address, first)}", COLOURS[row.sign]), rest))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _what(row: Row) -> str:
    return "; ".join(_personal(row, change) for change in row.fields if row.action != "delete")


def _personal(row: Row, change: FieldChange) -> str:
    text = _step(row, change)
    return text if change.path == "roles" else f"{visible(change.path)} {text}"


def _step(row: Row, change: FieldChange) -> str:
    after = shown(change.after, sensitive=change.sensitive)
    if row.action == "create":
        return after
    return f"{shown(change.before, sensitive=change.sensitive)}{ARROW}{after}"


def _sum(report: DiffReport) -> str:
    number = report.summary
    sent = counts(report.requests)
    if not report.rows:
        return f"Nothing to do: {number['unchanged']:,} unchanged.   {sent}."
    return (
        f"{number['create']:,} to add, {number['update']:,} to change, {number['delete']:,} to remove,"
        f" {number['unchanged']:,} unchanged.   {sent}."
    )


def _refusal(out: Console, refusal: Refusal) -> None:
    out.print(_line(("  ✗ ", "bold red"), f"Refused: {refusal.message}.  ", (refusal.code, "dim")))


def _finding(out: Console, finding: Finding) -> None:
    style = "bold red" if finding.severity == "error" else "yellow"
    marks = chain([("  ! ", style)], repeat(("    ", "")))
    said = _folded(out, f"{finding.message}  {finding.code}")
    advised = _folded(out, finding.hint, "dim") if finding.hint else []
    said[-1].highlight_words([finding.code], "dim")
    for mark, line in zip(marks, [*said, *advised], strict=False):
        out.print(Text.assemble(mark, line))


def _folded(out: Console, text: str, style: str = "") -> list[Text]:
    """Lines that fit the screen behind a mark, no word or address broken; what is piped stays one line."""
    text = visible(text)
    if not out.is_terminal:
        return [Text(text, style)]
    lines = textwrap.wrap(text, out.width - 4, break_long_words=False, break_on_hyphens=False)
    return [Text(line, style) for line in lines]
