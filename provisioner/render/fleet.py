"""What all forms of a drift report have in common when many plans are in it: the order, and each plan in few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from provisioner.core.drift import Certificate, Class
from provisioner.render.drift import DriftReport, DriftRow, PlanDrift, Status

_STATES: tuple[Status, ...] = ("error", "drifted", "pending", "in_sync")
_CLASSES: tuple[Class, ...] = ("missing", "drifted", "pending")
_FAR = 10**6
# So many differences, and fields of each, are named where there is one line for a plan.
EXAMPLES = 2


def worst_first(plans: Sequence[PlanDrift]) -> list[PlanDrift]:
    """Errors, drift, what waits, what is in sync; among equals whoever's certificate ends first, then by name."""
    return sorted(plans, key=lambda plan: (_STATES.index(plan.status), plan.exit_code == 0, _left(plan), plan.plan))


def days_left(plan: PlanDrift) -> int | None:
    """The days that the certificate which signs has left; None where it is not known."""
    return min((each.days_left for each in plan.certificates if each.state != "next"), default=None)


def state(plan: PlanDrift) -> str:
    """The status in words; that a certificate is due is one of its own."""
    if plan.status == "in_sync" and plan.exit_code:
        return "certificate due"
    return plan.status.replace("_", " ")


def headline(plan: PlanDrift) -> str:
    """What is the matter, in one line; "in sync" where nothing is."""
    return ", ".join(_matters(plan)) or "in sync"


def ending(cert: Certificate) -> str:
    """When it ends, as a date and as days."""
    if cert.days_left < 0:
        return f"ended {cert.not_after:%Y-%m-%d}"
    return f"ends {cert.not_after:%Y-%m-%d}, {cert.days_left:,} days left"


def sums(report: DriftReport) -> str:
    """`50 plans: 1 error, 2 drifted, 1 certificate due, 46 in sync.`"""
    count = len(report.plans)
    states = Counter(map(state, worst_first(report.plans)))
    told = ", ".join(f"{number:,} {each}" for each, number in states.items())
    return f"{count:,} plan{'' if count == 1 else 's'}: {told or 'nothing to look at'}."


def _matters(plan: PlanDrift) -> Iterator[str]:
    if plan.error:
        yield str(plan.error["message"])
    counts = Counter(row.cls for row in plan.rows)
    if counts:
        numbers = ", ".join(f"{counts[cls]:,} {cls}" for cls in _CLASSES if counts[cls])
        yield f"{numbers} ({_first([_named(row) for row in plan.rows[: EXAMPLES + 1]], '; ')})"
    for cert in plan.certificates:
        if cert.is_due:
            yield f"certificate {cert.state}" + (f" ({cert.days_left} days left)" if cert.state == "expiring" else "")
    if plan.unmanaged:
        yield f"{len(plan.unmanaged):,} unmanaged"


def _named(row: DriftRow) -> str:
    fields = _first([field.path for field in row.fields], ", ") if row.action == "update" else ""
    return f"{row.address} {fields}".rstrip()


def _first(texts: Sequence[str], between: str) -> str:
    """A few of them, and a sign that there are more."""
    return between.join([*texts[:EXAMPLES], *(["…"] if len(texts) > EXAMPLES else [])])


def _left(plan: PlanDrift) -> int:
    left = days_left(plan)
    return _FAR if left is None else left
