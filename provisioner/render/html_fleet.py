"""A drift report as one web page: every plan a tile, the worst first; frame, style and script lie beside this file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from provisioner.core.text import shortened
from provisioner.render import fleet
from provisioner.render.drift import CERTIFICATE, DriftReport, DriftRow, IgnoredRow, PlanDrift, Unmanaged, repair
from provisioner.render.page import page, text
from provisioner.render.report import shown

# What a tile shows at most, and what all tiles unfold to: a page of 3,000 tenants stays below 3 MB.
MOST_ROWS = 25
ROOM = 1_500_000
LONGEST = 200
# As many tiles are unfolded from the start, where there are no more that need somebody.
FEW = 6


def report(told: DriftReport) -> str:
    """The page. It needs nothing else, shows all where scripts do not run, and is the same for the same input."""
    plans = fleet.worst_first(told.plans)
    texts = {"sums": fleet.sums(told), "day": f"{told.checked_at:%Y-%m-%d}", "time": f"{told.checked_at:%H:%M}"}
    parts = {"states": "\n".join(_states(plans)), "tiles": "\n".join(_tiles(plans))}
    return page("fleet", texts, parts)


def _states(plans: list[PlanDrift]) -> Iterator[str]:
    """What can be chosen: all, and each state that occurs, in the order of the tiles."""
    yield f'<label><input type="radio" name="state" value="" checked> all ({len(plans):,})</label>'
    for state, count in Counter(map(fleet.state, plans)).items():
        yield f'<label><input type="radio" name="state" value="{_slug(state)}"> {state} ({count:,})</label>'


def _tiles(plans: list[PlanDrift]) -> Iterator[str]:
    opened = " open" if sum(plan.exit_code != 0 for plan in plans) <= FEW else ""
    room = ROOM
    for plan in plans:
        lines = "\n".join(_details(plan))
        room -= len(lines)
        if room < 0:
            lines = "<li>The JSON report lists what is here.</li>"
        yield _tile(
            plan, f"<details{opened if plan.exit_code else ''}><summary>Details</summary><ul>{lines}</ul></details>"
        )


def _tile(plan: PlanDrift, details: str) -> str:
    state, left = fleet.state(plan), fleet.days_left(plan)
    where = " · ".join(filter(None, (plan.provider, plan.tenant)))
    days = "" if left is None else f"certificate: {left:,} day{'' if left == 1 else 's'} left"
    matter = "" if plan.exit_code == 0 and not plan.unmanaged else f"<p>{_short(fleet.headline(plan))}</p>"
    facts = " · ".join(filter(None, (f"<b>{state}</b>", days)))
    return (
        f'<article class="{_slug(state)}"><h2>{_short(plan.plan)}</h2><p class="note">{_short(where or plan.path)}</p>'
        f"<p>{facts}</p>{matter}{details}</article>"
    )


def _details(plan: PlanDrift) -> Iterator[str]:
    for line in plan.error["lines"][:MOST_ROWS] if plan.error else ():
        yield f"<li>{_short(line)}</li>"
    yield from (f"<li>{_short(note)}</li>" for note in plan.notes)
    yield from map(_row, plan.rows[:MOST_ROWS])
    if len(plan.rows) > MOST_ROWS:
        yield f"<li>… and {len(plan.rows) - MOST_ROWS:,} more; the JSON report lists all.</li>"
    for each in plan.unmanaged[:MOST_ROWS]:
        told = "".join(f'<p class="note">{_short(part)}</p>' for part in (each.message, repair(each.hint)) if part)
        yield f"<li>unmanaged {_short(each.address)} ({text(each.code)}){told}</li>"
    for cert in plan.certificates:
        remark = f"<p>{CERTIFICATE[cert.state]}</p>" if CERTIFICATE[cert.state] else ""
        yield f"<li>certificate <code>{cert.sha256[:16]}</code> {cert.state}, {fleet.ending(cert)}{remark}</li>"
    yield from (f"<li>{_short(warning)}</li>" for warning in plan.warnings[:MOST_ROWS])
    yield from map(_ignored, plan.ignored[:MOST_ROWS])
    yield from (f"<li>drift.ignore {_short(path)} hides nothing</li>" for path in plan.unused[:MOST_ROWS])


def _row(row: DriftRow) -> str:
    fields = "".join(
        f"<p>{_short(f.path)}: <code>{_short(shown(f.before, sensitive=f.sensitive))}</code>, in the plan:"
        f" <code>{_short(shown(f.after, sensitive=f.sensitive))}</code></p>"
        for f in (row.fields[:MOST_ROWS] if row.action == "update" else ())
    )
    surplus = " (not in the plan)" if row.action == "delete" else ""
    told = "".join(f'<p class="note">{_short(each)}</p>' for each in (row.notice, repair(row.by_hand)) if each)
    return f'<li class="{row.cls}"><b>{row.cls}</b> {_short(row.address)}{surplus}{fields}{told}</li>'


def _ignored(each: IgnoredRow) -> str:
    until = f" until {each.until}" if each.until else ""
    fields = "" if isinstance(each.what, Unmanaged) else ", ".join(field.path for field in each.what.fields)
    return f"<li>ignored{until}: {_short(f'{each.what.address} {fields}'.strip())} ({_short(each.reason)})</li>"


def _short(told: str) -> str:
    return text(shortened(told, LONGEST))


def _slug(state: str) -> str:
    return state.replace(" ", "-")
