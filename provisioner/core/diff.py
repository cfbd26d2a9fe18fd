"""The one diff: what must change so that the tenant holds what the plan wants. Pure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from provisioner.core.change import Change, ChangeSet, Create, Delete, FieldChange, Update, fingerprint
from provisioner.core.ownership import OWNER
from provisioner.core.resource import Desired, Found, Observed, Resource


def diff(desired: Desired, observed: Observed) -> ChangeSet:
    """The changes that lead from `observed` to `desired`, in a safe order.

    Only fields that the plan names are compared. Surplus goes only where its kind stands in `desired.prune`.
    A resource that may not be created and is not there yields no change, and no more does what would come with it:
    `guards.check` reports it.
    """
    created: dict[str, list[Resource]] = {}
    changes: list[Change] = []
    unchanged = 0
    for wanted in sorted(desired.resources, key=_by_kind(desired)):
        found = observed.resources.get(wanted.address)
        if found is not None:
            fields = differing(wanted, found)
            if fields:
                changes.append(Update(wanted, found, fields))
            unchanged += not fields and not wanted.comes_with
        elif wanted.comes_with in created:
            created[wanted.comes_with].append(wanted)
        elif not wanted.must_exist and (not wanted.comes_with or wanted.comes_with in observed.resources):
            created[wanted.address] = []
            changes.append(Create(wanted))
    changes = [_with_parts(change, created) for change in changes]
    return ChangeSet((*changes, *removals(desired, observed)), unchanged)


def differing(wanted: Resource, found: Found) -> tuple[FieldChange, ...]:
    """The managed fields in which the two differ."""
    fields = wanted.fields if wanted.given is None else wanted.given(found)
    return tuple(
        FieldChange(path, found.fields.get(path), value)
        for path, value in fields.items()
        if found.fields.get(path) != value
    )


def removals(desired: Desired, observed: Observed) -> tuple[Delete, ...]:
    """What the tenant holds beyond the plan and the plan removes; the last kind of the order goes first."""
    wanted = {resource.address for resource in desired.resources}
    surplus = [
        found for address, found in observed.resources.items() if found.kind in desired.prune and address not in wanted
    ]
    rank = {kind: -place for place, kind in enumerate(desired.order)}
    return tuple(Delete(found) for found in sorted(surplus, key=lambda f: rank[f.kind]))


def digest(desired: Desired) -> str:
    """Sixteen hex digits that stay the same exactly as long as the desired state does, whatever its order."""
    resources = sorted(desired.resources, key=lambda resource: resource.address)
    rows = ([r.address, sorted(field for field in r.fields.items() if field[0] != OWNER)] for r in resources)
    return fingerprint(chain(rows, [sorted(desired.prune), desired.removal]))


def _by_kind(desired: Desired) -> Callable[[Resource], int]:
    rank = {kind: place for place, kind in enumerate(desired.order)}
    return lambda resource: rank[resource.kind]


def _with_parts(change: Change, created: dict[str, list[Resource]]) -> Change:
    if isinstance(change, Create) and (parts := created[change.address]):
        return Create(change.wanted, tuple(parts))
    return change
