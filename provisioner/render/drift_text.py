"""A drift report as lines for people at a terminal: texts with styles, printed by `terminal.py`. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from provisioner.core.text import visible
from provisioner.render import fleet
from provisioner.render.drift import (
    CERTIFICATE,
    GUARDED,
    DriftReport,
    DriftRow,
    IgnoredRow,
    PlanDrift,
    ignore_line,
    repair,
)
from provisioner.render.report import shown

Line = tuple[str | tuple[str, str], ...]

MOST_ROWS = 50
_STYLES = {"in sync": "bold green", "drifted": "bold red", "error": "bold red"}
_ROW_STYLES = {"drifted": "red", "missing": "red", "pending": "yellow"}
_DUE = {"changed": "bold red", "expired": "bold red", "expiring": "yellow"}


def report(told: DriftReport, *, everything: bool = False) -> Iterator[Line]:
    """Each plan, and for several a line that sums them up; what went wrong with a single one is for stderr alone."""
    several = len(told.plans) > 1
    for plan in told.plans:
        if several or plan.error is None:
            yield from one(plan, everything=everything)
    if several:
        yield (fleet.sums(told),)


def errors(plans: Iterable[PlanDrift]) -> Iterator[str]:
    """What went wrong, each line with whose it is, as problems of a plan file say already."""
    for plan in plans:
        for line in plan.error["lines"] if plan.error else ():
            yield line if line.startswith(f"{plan.path}:") else f"{plan.plan}: {line}"


def whole(told: DriftReport) -> str:
    """All that is known, plain: for a file."""
    lines = [line for plan in told.plans for line in plain(plan)]
    return "\n".join([*lines, f"{told.checked_at:%Y-%m-%d %H:%M} UTC, {fleet.sums(told)}", ""])


def plain(plan: PlanDrift) -> Iterator[str]:
    """All that is known of one plan as lines without style; what went wrong is among them."""
    for parts in one(plan, everything=True):
        yield visible("".join(part if isinstance(part, str) else part[0] for part in parts)).rstrip()


def one(plan: PlanDrift, *, everything: bool = False) -> Iterator[Line]:
    """What differs, what agents notice, what others have there, the certificates, and how to go on."""
    yield (
        (plan.plan, "bold"),
        *((" → ", (plan.tenant, "bold")) if plan.tenant else ()),
        "   ",
        (fleet.state(plan), _STYLES.get(fleet.state(plan), "bold yellow")),
    )
    for line in plan.error["lines"] if plan.error else ():
        yield (f"  {line}",)
    for note in plan.notes:
        yield (f"  {note}",)
    rows = plan.rows if everything else plan.rows[:MOST_ROWS]
    for row in rows:
        yield from _row(row)
    if len(plan.rows) > len(rows):
        yield (f"  … and {len(plan.rows) - len(rows):,} more; -v shows all, --format json lists them.",)
    yield from _besides(plan, everything=everything)
    yield from _repair(plan)
    yield ("",)


def _row(row: DriftRow) -> Iterator[Line]:
    yield ("  ", (f"{row.cls:<9}", _ROW_STYLES[row.cls]), f" {row.address}", _surplus(row))
    for change in row.fields if row.action == "update" else ():
        before, after = (shown(value, sensitive=change.sensitive) for value in (change.before, change.after))
        yield (f"            {change.path}: {before}, in the plan: {after}",)
    for text in filter(None, (row.notice, repair(row.by_hand))):
        yield ("            ", (text, "dim"))


def _surplus(row: DriftRow) -> str:
    return "   (not in the plan)" if row.action == "delete" else ""


def _besides(plan: PlanDrift, *, everything: bool) -> Iterator[Line]:
    for each in plan.unmanaged:
        yield ("  ", ("unmanaged", "yellow"), f" {each.address}   ", (each.code, "dim"))
        for text in filter(None, (each.message, repair(each.hint))):
            yield ("            ", (text, "dim"))
    for cert in plan.certificates:
        known = f"  sha256 {cert.sha256[:16]}, {fleet.ending(cert)}"
        yield ("  certificate ", (cert.state, _DUE.get(cert.state, "")), known)
        if CERTIFICATE[cert.state]:
            yield ("            ", (CERTIFICATE[cert.state], "dim"))
    for warning in plan.warnings:
        yield (("  ! ", "yellow"), warning)
    if plan.ignored and not everything:
        undone = " An apply undoes what differs all the same." if any(map(_differs, plan.ignored)) else ""
        yield (f"  {len(plan.ignored):,} ignored under drift.ignore; -v lists them.{undone}",)
    if everything:
        for hidden in plan.ignored:
            until = f" until {hidden.until}" if hidden.until else ""
            fields = ", ".join(change.path for change in getattr(hidden.what, "fields", ()))
            yield (f"  ignored{until}: {hidden.what.address} {fields}".rstrip() + f" ({hidden.reason})",)
        for path in plan.unused:
            yield (f"  drift.ignore {path} hides nothing",)


def _repair(plan: PlanDrift) -> Iterator[Line]:
    """The command that brings plan and tenant together, and the line that accepts the first difference."""
    command = f"  make apply PLAN={shlex.quote(plan.path)}"
    if any(not row.by_hand for row in plan.rows):
        is_guarded = any(each.startswith(GUARDED) for each in plan.warnings)
        unless = "; its guards refuse that without --allow, see above" if is_guarded else ""
        yield (f"{command} brings the tenant to what the plan says{unless}.",)
    elif any(each.state == "changed" for each in plan.certificates):
        yield (f"{command} prints the new one and takes note of it: from then on nothing is told of it.",)
    if lasting := [row for row in plan.rows if row.cls != "pending"]:
        yield ("  What is meant to stay for a while goes into the plan, under drift.ignore, such as:",)
        yield (f"    {ignore_line(lasting[0])}",)


def _differs(each: IgnoredRow) -> bool:
    return isinstance(each.what, DriftRow)
