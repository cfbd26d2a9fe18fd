"""What a difference between plan and tenant is: drift, something missing, a change that waits. Pure, without a clock.

There is no store: the digest in the ownership mark says whether the plan is the one that was applied last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from provisioner.core.change import Change, ChangeSet, Create, FieldChange
from provisioner.core.resource import Desired, Observed, Resource

# How the plan stands to the last apply that its mark tells of: the same plan; another one; one that did not come to
# its end; none at all; one whose mark went along with the application that carried it.
Applied = Literal["same", "other", "unfinished", "never", "lost"]
Class = Literal["drifted", "pending", "missing"]
CertificateState = Literal["current", "next", "changed", "expiring", "expired"]

WAITING: frozenset[Applied] = frozenset({"other", "unfinished", "never"})
# The kind that carries the digest.
_MARKED = "application"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of the change set, or some of its fields, with its class.

    `by_hand` says what to do where an apply does not repair it.
    """

    change: Change
    fields: tuple[FieldChange, ...]
    cls: Class
    by_hand: str = ""

    @property
    def address(self) -> str:
        """The address of the resource."""
        return self.change.address


class LeftAlone(NamedTuple):
    """Something that differs and that an apply leaves as it is, with what to do about it."""

    change: Change
    by_hand: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that signs, or will; `days_left` are whole days, negative once it is over."""

    sha256: str
    not_after: datetime
    days_left: int
    state: CertificateState

    @property
    def is_due(self) -> bool:
        """Whether somebody has to act."""
        return self.state in ("changed", "expiring", "expired")


def applied(desired: Desired, observed: Observed, goal: str) -> Applied:
    """How the plan stands to its last apply; `goal` is the digest of what it wants now."""
    if observed.mark.digest:
        return "same" if observed.mark.digest == goal else "other"
    owned = {found.kind for found in observed.resources.values() if found.owner == desired.plan}
    if not owned:
        return "never"
    # The application is made before anything else that is marked: what is there was made while there was one.
    return "unfinished" if _MARKED in owned else "lost"


def differences(
    desired: Desired, observed: Observed, changes: ChangeSet, left_alone: Iterable[LeftAlone], state: Applied
) -> tuple[Difference, ...]:
    """All that differs, with its class and in an order that depends on nothing else.

    Beside the changes these are what must be there already and is not, and what an apply leaves alone. Creations of
    what could not be looked at are none.
    """
    rank = {kind: place for place, kind in enumerate(desired.order)}
    everything = [
        *(LeftAlone(change, "") for change in changes.changes if change.kind not in observed.unseen),
        *(LeftAlone(Create(wanted), f"by hand: {wanted.must_exist}") for wanted in _absent(desired, observed)),
        *left_alone,
    ]
    everything.sort(key=lambda each: (rank[each.change.kind], each.change.address, each.change.action, each.by_hand))
    return tuple(Difference(change, change.fields, _class(change, state), by_hand) for change, by_hand in everything)


def certificate(
    sha256: str, not_after: datetime, *, now: datetime, warn_days: int, recorded: str = "", is_next: bool = False
) -> Certificate:
    """What is to be said of a certificate; `recorded` begins the fingerprint of the one that was handed out last.

    That it changed is worst: Flex knows another one, so nobody can sign in.
    """
    days = (not_after - now).days
    state: CertificateState = "expiring" if days <= warn_days else "current"
    if not_after <= now:
        state = "expired"
    if recorded and not sha256.startswith(recorded):
        state = "changed"
    return Certificate(sha256, not_after, days, "next" if is_next else state)


def sentence(table: Sequence[tuple[str, str, str, str]], difference: Difference) -> str:
    """The first sentence that fits, of a table that has the worst first; "" where none does.

    Its rows are action, kind, field and sentence. "" is the whole thing, "saml." any field below, "roles gone" a field
    that the tenant has no value for.
    """
    change, names = difference.change, [""]
    for field in difference.fields:
        names += [field.path, *([f"{field.path} gone"] if field.before in (None, (), False) else [])]
    for action, kind, field_name, text in table:
        if (action, kind) == (change.action, change.kind) and any(_is(name, field_name) for name in names):
            return text
    return ""


def _is(name: str, field: str) -> bool:
    return name.startswith(field) if field.endswith(".") else name == field


def _class(change: Change, state: Applied) -> Class:
    if state in WAITING:
        return "pending"
    return "missing" if isinstance(change, Create) else "drifted"


def _absent(desired: Desired, observed: Observed) -> Iterator[Resource]:
    """What must exist and does not: a change set holds no change for it."""
    return (each for each in desired.resources if each.must_exist and each.address not in observed.resources)
