"""The row model that every form of a drift report is rendered from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from provisioner.core import pseudonym
from provisioner.core.change import Action, FieldChange
from provisioner.core.drift import Applied, Certificate, Class, Difference
from provisioner.core.finding import Finding
from provisioner.core.ignoring import Entry, Sifted
from provisioner.errors import Refusal
from provisioner.flex.roles import ROLES

Status = Literal["in_sync", "drifted", "pending", "error"]

# What the mark tells of the last apply, in words; they are filled in with the digest of the plan as it is now.
_APPLIED: Mapping[Applied, str] = {
    "same": "The plan is as it was last applied (digest {digest}).",
    "other": "The plan changed since it was last applied: what drifted cannot be told apart before it is applied.",
    "unfinished": "No apply of this plan came to its end: what drifted cannot be told apart before one does.",
    "never": "Never applied: nothing in the tenant carries this plan's mark.",
    "lost": "The application is gone, and with it the record of what was applied: what differs is told as drift, though"
    " the plan may have changed, too.",
}
_STALE = (
    "The plan changed since it was last applied, though the tenant holds all of it: apply it once to have that noted."
)
_HIDDEN = "The plan changed since it was last applied, and all that differs is ignored: an apply makes these changes."
_UNRECORDED = (
    "The mark does not say which certificate was handed out last, so that another one would not be noticed:"
    " compare it with Twilio Console; an apply takes note of the one that signs."
)
UNLESS_PLANNED = "If it is not the plan that changed here:"
GUARDED = "An apply is refused without"
CERTIFICATE = {
    "current": "",
    "next": "It waits: Twilio Console needs it before the identity provider signs with it.",
    "changed": "Nobody can sign in: Flex has another one. Paste what an apply prints into Twilio Console.",
    "expiring": "It ends soon: make a new one, and paste it into Twilio Console before it signs.",
    "expired": "It has ended: make a new one, and paste it into Twilio Console.",
}


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One difference. `notice` says what agents notice of it, `by_hand` how to repair what an apply does not.

    `line` is where the plan file has it, 0 where that is not known.
    """

    address: str
    kind: str
    action: Action
    fields: tuple[FieldChange, ...]
    cls: Class
    notice: str = ""
    by_hand: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """Something that affects sign-in to Flex and stands in no plan."""

    address: str
    message: str
    code: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class IgnoredRow:
    """What does not count, and why."""

    what: DriftRow | Unmanaged
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class PlanDrift:
    """One plan against its tenant. `error`, the JSON object of one, stands where nothing could be told.

    `applied_on` is the day (YYYY-MM-DD, UTC) on which an apply first brought the tenant to what was applied last.
    `told` is the state that whoever is notified knows of; "" where nobody is.
    """

    plan: str
    path: str
    status: Status
    exit_code: int
    provider: str = ""
    tenant: str = ""
    digest: str = ""
    applied_on: str = ""
    rows: tuple[DriftRow, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    ignored: tuple[IgnoredRow, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    error: Mapping[str, Any] | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """Which part of all plans a report has: every `of`-th, from `index` on. `listed` is a digest of the whole list."""

    index: int
    of: int
    plans: int
    listed: str


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Several plans, as they were at one time. `shard` stands where others are in further reports."""

    checked_at: datetime
    plans: tuple[PlanDrift, ...]
    shard: Shard | None = None

    @property
    def summary(self) -> dict[str, int]:
        """How many plans are in which state, and how much there is to look at in all of them."""
        plans = self.plans
        states: tuple[Status, ...] = ("in_sync", "drifted", "pending", "error")
        classes: tuple[Class, ...] = ("drifted", "missing", "pending")
        return {
            "plans": len(plans),
            **{state: sum(plan.status == state for plan in plans) for state in states},
            **{f"changes_{cls}": sum(row.cls == cls for plan in plans for row in plan.rows) for cls in classes},
            "ignored": sum(len(plan.ignored) for plan in plans),
            "unmanaged": sum(len(plan.unmanaged) for plan in plans),
            "certificates_due": sum(each.is_due for plan in plans for each in plan.certificates),
        }


def row(difference: Difference, notice: str, line: int = 0) -> DriftRow:
    """A difference as people read it."""
    change = difference.change
    return DriftRow(
        address=change.address,
        kind=change.kind,
        action=change.action,
        fields=difference.fields,
        cls=difference.cls,
        notice=notice,
        by_hand=difference.by_hand,
        line=line,
    )


def unmanaged(findings: Sequence[Finding]) -> tuple[Unmanaged, ...]:
    """Findings about what nobody manages, in a stable order."""
    return tuple(Unmanaged(f.path, f.message, f.code, f.hint) for f in sorted(findings, key=lambda f: (f.code, f.path)))


def ignored(sifted: Sifted, row_of: Callable[[Difference], DriftRow]) -> tuple[IgnoredRow, ...]:
    """What the plan's entries take out of the count."""
    told = []
    for what, entry in sifted.ignored:
        shown = row_of(what) if isinstance(what, Difference) else unmanaged([what])[0]
        told.append(IgnoredRow(shown, entry.reason, entry.until))
    return tuple(sorted(told, key=lambda each: (each.what.address, str(each.until), each.reason)))


def note(applied: Applied, digest: str, since: str, rows: Sequence[DriftRow], hidden: Sequence[IgnoredRow]) -> str:
    """How the plan stands to its last apply, in a sentence; `hidden` does not count."""
    if applied == "same" and since:
        return f"The plan is unchanged since it was applied on {since} (digest {digest})."
    if applied == "other" and not rows:
        return _HIDDEN if any(isinstance(each.what, DriftRow) for each in hidden) else _STALE
    return _APPLIED[applied].format(digest=digest)


def warnings(
    ended: Sequence[Entry], refused: Sequence[Refusal], *, is_unrecorded: bool = False, lacks_admins: str = ""
) -> tuple[str, ...]:
    """What else to know: entries of the plan that are past their end, and guards that stand in the way of an apply.

    `is_unrecorded` says that the mark does not tell which certificate was handed out, `lacks_admins` is a sentence.
    """
    return (
        *([_UNRECORDED] if is_unrecorded else []),
        *filter(None, [lacks_admins]),
        *(f"drift.ignore {entry.path} ended on {entry.until} and counts no more ({entry.reason})" for entry in ended),
        *(f"{GUARDED} --allow {refusal.code}: {refusal.message}" for refusal in refused),
    )


def with_twins(plans: Iterable[PlanDrift]) -> tuple[PlanDrift, ...]:
    """The same plans; those of one name for one tenant say so of each other. Saying it again changes nothing."""
    plans = tuple(plans)
    paths: dict[tuple[str, str], set[str]] = {}
    for plan in plans:
        paths.setdefault((plan.plan, plan.tenant), set()).add(plan.path)

    def one(plan: PlanDrift) -> PlanDrift:
        others = sorted(paths[plan.plan, plan.tenant] - {plan.path}) if plan.tenant else []
        told = [
            f"{other} has the same name for the same tenant: an apply of one undoes the other's." for other in others
        ]
        return replace(plan, warnings=(*(each for each in plan.warnings if each not in told), *told))

    return tuple(map(one, plans))


def repair(how: str) -> str:
    """What to do by hand, as a sentence; "" where there is nothing to say."""
    return f"Repair: {how}." if how else ""


def ignore_line(row: DriftRow) -> str:
    """What to paste into the plan to accept this for a while."""
    field = f".{row.fields[0].path}" if row.action == "update" else ""
    path = f"{row.address}{field}".replace("\\", "\\\\").replace('"', '\\"')
    return f'- {{ path: "{path}", reason: WHY, until: YYYY-MM-DD }}'


def without_people(plan: PlanDrift, logins: Collection[str] = ()) -> PlanDrift:
    """The same with a pseudonym for everybody: the one place where reports lose their names.

    `logins` are those of the plan's people: where its text goes on behind a login, only they say where that ends.
    """

    def of_plan(text: str) -> str:
        written = text.lower()
        named = sorted((login for login in logins if login in written), key=len, reverse=True)
        return pseudonym.in_text(text, *(f"user:{login}" for login in named))

    return replace(
        plan,
        rows=tuple(_nobody(row) for row in plan.rows),
        unmanaged=tuple(_nobody(each) for each in plan.unmanaged),
        ignored=tuple(
            replace(each, what=_nobody(each.what), reason=pseudonym.in_text(each.reason)) for each in plan.ignored
        ),
        notes=tuple(map(pseudonym.in_text, plan.notes)),
        warnings=tuple(map(of_plan, plan.warnings)),
        unused=tuple(map(of_plan, plan.unused)),
        error=pseudonym.of_json(plan.error, plan.path),
    )


def _nobody(each: Any) -> Any:
    address = pseudonym.of_address(each.address)
    if isinstance(each, Unmanaged):
        message, hint = (pseudonym.in_text(text, each.address) for text in (each.message, each.hint))
        return replace(each, address=address, message=message, hint=hint)
    fields = tuple(
        replace(
            change,
            before=pseudonym.of_value(each.address, change.path, change.before, ROLES),
            after=pseudonym.of_value(each.address, change.path, change.after, ROLES),
        )
        for change in each.fields
    )
    notice, by_hand = (pseudonym.in_text(text, each.address) for text in (each.notice, each.by_hand))
    return replace(each, address=address, fields=fields, notice=notice, by_hand=by_hand)
