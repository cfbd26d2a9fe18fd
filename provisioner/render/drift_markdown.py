"""A drift report as GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.render.drift import CERTIFICATE, DriftReport, DriftRow, PlanDrift, Unmanaged
from provisioner.render.markdown import MOST_ROWS, code, escaped
from provisioner.render.report import shown


def report(told: DriftReport) -> str:
    """A heading, a table and notes for each plan."""
    return "\n".join(line for plan in told.plans for line in _plan(plan))


def _plan(plan: PlanDrift) -> Iterator[str]:
    where = f" → {escaped(plan.tenant)}" if plan.tenant else ""
    yield from (f"### {escaped(plan.plan)}{where}: {plan.status.replace('_', ' ')}", "")
    if plan.error:
        yield from (f"{escaped(str(plan.error['message']))}", "")
    yield from (line for note in plan.notes for line in (escaped(note), ""))
    if plan.rows:
        yield from ("| | Resource | Tenant → plan | What agents notice |", "|---|---|---|---|")
        yield from (_row(row) for row in plan.rows[:MOST_ROWS])
        yield ""
        if len(plan.rows) > MOST_ROWS:
            yield from (f"… and {len(plan.rows) - MOST_ROWS} more.", "")
    notes = list(_notes(plan))
    yield from (*notes, *([""] if notes else ()))


def _row(row: DriftRow) -> str:
    fields = "<br>".join(
        f"{escaped(f.path)}: {code(shown(f.before, sensitive=f.sensitive))}"
        f" → {code(shown(f.after, sensitive=f.sensitive))}"
        for f in (row.fields if row.action == "update" else ())
    )
    sentence = " ".join(filter(None, (row.notice, row.by_hand and f"Repair: {row.by_hand}.")))
    return f"| {row.cls} | {escaped(row.address)} | {fields} | {escaped(sentence)} |"


def _notes(plan: PlanDrift) -> Iterator[str]:
    for each in plan.unmanaged:
        yield f"- **unmanaged:** {escaped(each.message)} (`{each.code}`)"
    for cert in plan.certificates:
        more = f" {escaped(CERTIFICATE[cert.state])}"
        ends = f"ends {cert.not_after:%Y-%m-%d}, {cert.days_left:,} days left"
        yield f"- certificate `{cert.sha256[:16]}` **{cert.state}**, {ends}.{more}".rstrip()
    for warning in plan.warnings:
        yield f"- {escaped(warning)}"
    for hidden in plan.ignored:
        until = f" until {hidden.until}" if hidden.until else ""
        fields = "" if isinstance(hidden.what, Unmanaged) else ", ".join(f.path for f in hidden.what.fields)
        yield f"- ignored{until}: {escaped(f'{hidden.what.address} {fields}'.strip())} ({escaped(hidden.reason)})"
