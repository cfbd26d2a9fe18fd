"""A drift report as GitHub-flavoured Markdown, short enough for a comment whatever its size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from provisioner.core.text import shortened, visible
from provisioner.render import fleet
from provisioner.render.drift import CERTIFICATE, DriftReport, DriftRow, PlanDrift, Unmanaged, repair
from provisioner.render.markdown import code, escaped
from provisioner.render.report import shown

# A comment on GitHub holds 65,536 characters.
MOST = 60_000
# What each of many plans gets at least, and what the words around the lines take at most.
SHARE, FRAME = 3_000, 600
LONGEST = 200


def report(told: DriftReport) -> str:
    """One plan as it is; of several, the worst first, each folded, and those in sync in one list."""
    if len(told.plans) == 1:
        plan = told.plans[0]
        return _joined(
            [f"### {escaped(_name(plan))}: {fleet.state(plan)}", "", *_fitted(list(_lines(plan)), MOST - FRAME)]
        )
    plans = fleet.worst_first(told.plans)
    wrong = [plan for plan in plans if _is_wrong(plan)]
    lines = [f"### {escaped(fleet.sums(told))}", ""]
    room = MOST - 2 * FRAME
    for place, plan in enumerate(wrong):
        if room < SHARE:
            lines += [f"… and {len(wrong) - place:,} more plans where something is the matter.", ""]
            break
        share = max(SHARE, room // (len(wrong) - place)) - FRAME
        block = _folded(f"{_name(plan)}: {fleet.headline(plan)}", _fitted(list(_lines(plan)), share))
        room -= len(_joined(block))
        lines += block
    quiet = [f"- {escaped(_name(plan))}{_days(plan)}" for plan in plans if not _is_wrong(plan)]
    if quiet:
        lines += _folded(f"{len(quiet):,} in sync", _fitted(quiet, room))
    return _joined(lines)


def _is_wrong(plan: PlanDrift) -> bool:
    return bool(plan.exit_code or plan.unmanaged)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    """Inside of the tags of a summary nothing is Markdown."""
    return [
        f"<details><summary>{escape(visible(shortened(title, LONGEST)))}</summary>",
        "",
        *lines,
        "",
        "</details>",
        "",
    ]


def _fitted(lines: Sequence[str], room: int) -> Sequence[str]:
    """As many whole lines as there is room for, and how many more there are."""
    for place, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return [*lines[:place], "", f"… and {sum(map(bool, lines[place:])):,} more."]
    return lines


def _name(plan: PlanDrift) -> str:
    return shortened(plan.plan, LONGEST) + (f" → {shortened(plan.tenant, LONGEST)}" if plan.tenant else "")


def _days(plan: PlanDrift) -> str:
    left = fleet.days_left(plan)
    return "" if left is None else f", certificate: {left:,} days left"


def _lines(plan: PlanDrift) -> Iterator[str]:
    """Each of them makes sense where the ones after it are cut off."""
    for text in (*(plan.error["lines"] if plan.error else ()), *plan.notes):
        yield from (escaped(text.strip()), "")
    if plan.rows:
        yield "| | Resource | Tenant → plan | What agents notice |\n|---|---|---|---|"
        yield from map(_row, plan.rows)
        yield ""
    yield from _notes(plan)


def _row(row: DriftRow) -> str:
    fields = "<br>".join(
        f"{escaped(f.path)}: {code(shown(f.before, sensitive=f.sensitive))}"
        f" → {code(shown(f.after, sensitive=f.sensitive))}"
        for f in (row.fields if row.action == "update" else ())
    )
    surplus = " (not in the plan)" if row.action == "delete" else ""
    sentence = " ".join(filter(None, (row.notice, repair(row.by_hand))))
    return f"| {row.cls} | {escaped(row.address)}{surplus} | {fields} | {escaped(sentence)} |"


def _notes(plan: PlanDrift) -> Iterator[str]:
    for each in plan.unmanaged:
        words = " ".join(filter(None, (f"{each.address}: {each.message}", repair(each.hint))))
        yield f"- **unmanaged** {escaped(words)} (`{each.code}`)"
    for cert in plan.certificates:
        more = f" {escaped(CERTIFICATE[cert.state])}"
        yield f"- certificate `{cert.sha256[:16]}` **{cert.state}**, {fleet.ending(cert)}.{more}".rstrip()
    for warning in plan.warnings:
        yield f"- {escaped(warning)}"
    for hidden in plan.ignored:
        until = f" until {hidden.until}" if hidden.until else ""
        fields = "" if isinstance(hidden.what, Unmanaged) else ", ".join(f.path for f in hidden.what.fields)
        yield f"- ignored{until}: {escaped(f'{hidden.what.address} {fields}'.strip())} ({escaped(hidden.reason)})"
    for path in plan.unused:
        yield f"- drift.ignore {escaped(path)} hides nothing"
