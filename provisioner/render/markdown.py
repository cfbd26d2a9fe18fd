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
    parts = [f"### {_text(report.plan)} → {_text(report.tenant)}", ""]
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
    notes = [f"- **Refused:** {_text(r.message)} (`{r.code}`)" for r in report.refused] + findings(report.warnings)
    return "\n".join(parts + ([""] if notes else []) + notes) + "\n"


def findings(found: Sequence[Finding]) -> list[str]:
    """One list item a finding."""
    return [f"- {_text(f.message)} (`{f.code}`)" + (f" {_text(f.hint)}" if f.hint else "") for f in found]


def checked(file: str, problems: Sequence[Problem], found: Sequence[Finding], *, valid: bool) -> str:
    """What the check of a plan file came to: a heading and a list."""
    lines = [f"- {_text(str(problem))}" for problem in problems] + findings(found)
    return "\n".join([f"### {_text(file)}: {'valid' if valid else 'not valid'}", "", *lines]) + "\n"


def outcome(results: Sequence[Result]) -> str:
    """How an apply ended, with what was not done by name."""
    left = [result for result in results if result.status != "done"]
    lines = [f"{len(results) - len(left)} of {len(results)} changes done."]
    lines += [f"- {r.status.replace('_', ' ')}: {_code(r.address)} {_text(r.error)}".rstrip() for r in left[:MOST_ROWS]]
    return "\n".join(lines) + "\n"


def values(pairs: Sequence[tuple[str, str]], certificate: str) -> str:
    """Under a heading that says where they go, the Flex values as a table, the certificate as a block to be copied."""
    rows = [f"| {_text(name)} | {_code(value)} |" for name, value in pairs]
    head = [f"### {' → '.join(WHERE)}", "", "| Field | Value |", "|---|---|"]
    return "\n".join([*head, *rows, "", "```", certificate.rstrip(), "```", ""])


def _lines(row: Row) -> list[str]:
    remark = f"<br>{_text(row.remark)}" if row.remark else ""
    head = f"| `{row.sign}` | {_text(row.address)}{remark}"
    if not row.fields or row.action == "delete":
        return [f"{head} | | | |"]
    first, *others = (_cells(change) for change in row.fields)
    return [f"{head} | {first} |", *(f"| | | {cells} |" for cells in others)]


def _cells(change: FieldChange) -> str:
    before = "" if change.before is None else _code(shown(change.before, sensitive=change.sensitive))
    return f"{_text(change.path)} | {before} | {_code(shown(change.after, sensitive=change.sensitive))}"


def _text(text: str) -> str:
    """Plain words: nothing in them is markup, and they stay in their cell."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return visible(text)


def _code(text: str) -> str:
    """A code span; the fence is longer than any run of back-ticks inside."""
    text = visible(text)
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")
