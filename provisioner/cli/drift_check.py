"""One plan held against its tenant for `provisioner drift`, down to the rows that a report keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.cli import plans, problems
from provisioner.cli.options import Common
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from provisioner.core.drift import Applied, Difference
    from provisioner.engine.drift import Drift
    from provisioner.errors import ProvisionerError
    from provisioner.planfile.load import Loaded
    from provisioner.render.drift import PlanDrift


async def all_of(names: Sequence[str], options: Common, now: datetime, *, show_pii: bool) -> list[PlanDrift]:
    """Each plan against its tenant, in this order, some at a time; of each no more is kept than its rows."""
    from provisioner.cli.progress import counted
    from provisioner.cli.signals import ending
    from provisioner.engine import fleet

    with counted(len(names), "tenants", options) as awaited:

        def how_far() -> str:
            return f"{awaited.done:,} of {len(names):,} plans were looked at, and no report was written"

        async def check(name: str) -> PlanDrift:
            with awaited.one(name):
                return await one(name, options, now, show_pii=show_pii)

        with ending(how_far):
            return await fleet.in_order(names, check)


async def one(name: str, options: Common, now: datetime, *, show_pii: bool) -> PlanDrift:
    """What is wrong with one plan or its tenant, a mistake of ours included, never hides the others."""
    from provisioner.engine import fleet
    from provisioner.render.drift import without_people

    loaded: Any = None
    try:
        async with fleet.deadline():
            loaded = plans.read(name, options)
            told = _told(loaded, await _look(loaded, options, now))
    except Exception as error:
        told = _failed(name, loaded, problems.told(error))
    logins = [person.key for person in loaded.plan.people] if loaded else []
    return told if show_pii else without_people(told, logins)


async def _look(loaded: Loaded, options: Common, now: datetime) -> Drift:
    from provisioner.cli.session import provider_of, tenant
    from provisioner.engine.drift import drift

    async with tenant(loaded.plan, options) as connection:
        return await drift(provider_of(loaded.plan), loaded.plan, connection, now=now)


def _told(loaded: Loaded, seen: Drift) -> PlanDrift:
    from provisioner.cli.session import provider_of
    from provisioner.planfile.lines import line_of
    from provisioner.render import drift as model

    plan: Any = loaded.plan
    written = loaded.path.read_text(encoding="utf-8").splitlines()
    provider, sifted = provider_of(plan), seen.sifted

    def row(each: Difference) -> model.DriftRow:
        sentence = _sentence(each, provider.notice(plan, each), provider.remark(plan, each.change), seen.applied)
        return model.row(each, sentence, line_of(written, each.address, [field.path for field in each.fields]))

    rows, hidden = tuple(map(row, sifted.differences)), model.ignored(sifted, row)
    return model.PlanDrift(
        plan=plan.name,
        path=str(loaded.path),
        status=seen.status,
        exit_code=2 if seen.is_due else 0,
        provider=plan.provider.type,
        tenant=seen.tenant,
        digest=seen.goal,
        rows=rows,
        unmanaged=model.unmanaged(sifted.unmanaged),
        certificates=seen.certificates,
        ignored=hidden,
        applied_on=seen.since,
        notes=(model.note(seen.applied, seen.goal, seen.since, rows, hidden),),
        warnings=model.warnings(
            sifted.ended, seen.refused, is_unrecorded=seen.is_unrecorded, lacks_admins=seen.lacks_admins
        ),
        unused=tuple(entry.path for entry in sifted.unused),
    )


def _sentence(difference: Difference, notice: str, meant: str, applied: Applied) -> str:
    """What agents notice, and what an apply does to whom the plan does not name.

    Of a change that waits what it is meant to do, and, where the tenant may be what changed, what they notice then.
    """
    from provisioner.render.drift import UNLESS_PLANNED

    if difference.cls != "pending" or difference.by_hand:
        is_removal = difference.change.action == "delete" and meant
        return f"{notice} By an apply this person {meant}." if is_removal else notice
    may_be_drift = applied == "other" and difference.change.action == "update" and notice
    return ". ".join(filter(None, (meant, f"{UNLESS_PLANNED} {notice}" if may_be_drift else "")))


def _failed(name: str, loaded: Loaded | None, error: ProvisionerError) -> PlanDrift:
    from provisioner.render.as_json import error as as_json
    from provisioner.render.drift import PlanDrift

    plan: Any = loaded.plan if loaded else None
    return PlanDrift(
        plan=plan.name if plan else name,
        path=_path(name),
        status="error",
        exit_code=error.exit_code,
        provider=plan.provider.type if plan else "",
        error=as_json(error)["error"] | {"lines": problems.lines(error)},
    )


def _path(name: str) -> str:
    """The plan's path, as it is while the plan is valid, too."""
    try:
        return str(plans.find(name))
    except UsageError:
        return name
