"""Reports as GitHub-flavoured Markdown, for comments on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.core.change import FieldChange, Result
from provisioner.core.finding import Finding
from provisioner.core.text import visible
from provisioner.errors import Problem
from provisioner.flex.console import WHERE
from provisioner.render.report import DiffReport, Row, shown

# A comment on GitHub holds 65,536 characters; rows past this are counted, not shown.
MOST_ROWS = 200


def diff(report: DiffReport) -> str:
    """A heading, a table of the changes with their fields, the sum, and what to look out for."""
    number = report.summary
    parts = [f"### {escaped(report.plan)} → {escaped(report.tenant)}", ""]
    if report.rows:
        parts += ["| | Resource | Field | Before | After |", "|---|---|---|---|---|"]
        parts += [line for row in report.rows[:MOST_ROWS] for line in _lines(row)]
        if len(report.rows) > MOST_ROWS:
            parts += ["", f"… and {len(report.rows) - MOST_ROWS} more."]
        parts += [
            "",
            f"**{number['create']} to add, {number['update']} to change, {number['delete']} to remove,"
            f" {number['unchanged']} unchanged.** Change set `{report.digest}`.",
        ]
    else:
        parts += [f"Nothing to do: {number['unchanged']} unchanged."]
    notes = [f"- **Refused:** {escaped(r.message)} (`{r.code}`)" for r in report.refused] + findings(report.warnings)
    return "\n".join(parts + ([""] if notes else []) + notes) + "\n"


def findings(found: Sequence[Finding]) -> list[str]:
    """One list item a finding."""
    return [f"- {escaped(f.message)} (`{f.code}`)" + (f" {escaped(f.hint)}" if f.hint else "") for f in found]


def checked(file: str, problems: Sequence[Problem], found: Sequence[Finding], *, valid: bool) -> str:
    """What the check of a plan file came to: a heading and a list."""
    lines = [f"- {escaped(str(problem))}" for problem in problems] + findings(found)
    return "\n".join([f"### {escaped(file)}: {'valid' if valid else 'not valid'}", "", *lines]) + "\n"


def outcome(results: Sequence[Result]) -> str:
    """How an apply ended, with what was not done by name."""
    left = [result for result in results if result.status != "done"]
    lines = [f"{len(results) - len(left)} of {len(results)} changes done."]
    lines += [
        f"- {r.status.replace('_', ' ')}: {code(r.address)} {escaped(r.error)}".rstrip() for r in left[:MOST_ROWS]
    ]
    return "\n".join(lines) + "\n"


def values(pairs: Sequence[tuple[str, str]], certificate: str) -> str:
    """Under a heading that says where they go, the Flex values as a table, the certificate as a block to be copied."""
    rows = table("Field", "Value", pairs)
    return "\n".join([heading(" → ".join(WHERE)), "", *rows, "", "```", certificate.rstrip(), "```", ""])


def heading(text: str) -> str:
    """The line above a report."""
    return f"### {escaped(text)}"


def table(name: str, value: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The lines of a table of names and values, which can be copied."""
    return [f"| {name} | {value} |", "|---|---|", *(f"| {escaped(key)} | {code(text)} |" for key, text in pairs)]


def _lines(row: Row) -> list[str]:
    remark = f"<br>{escaped(row.remark)}" if row.remark else ""
    head = f"| `{row.sign}` | {escaped(row.address)}{remark}"
    if not row.fields or row.action == "delete":
        return [f"{head} | | | |"]
    first, *others = (_cells(change) for change in row.fields)
    return [f"{head} | {first} |", *(f"| | | {cells} |" for cells in others)]


def _cells(change: FieldChange) -> str:
    before = "" if change.before is None else code(shown(change.before, sensitive=change.sensitive))
    return f"{escaped(change.path)} | {before} | {code(shown(change.after, sensitive=change.sensitive))}"


def escaped(text: str) -> str:
    """Plain words: nothing in them is markup, and they stay in their cell."""
    for character in "\\`*_[]<>|&":
        text = text.replace(character, f"\\{character}")
    return visible(text)


def code(text: str) -> str:
    """A code span; the fence is longer than any run of back-ticks inside."""
    text = visible(text)
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")
