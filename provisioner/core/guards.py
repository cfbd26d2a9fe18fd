"""Guards: reasons to refuse a change set as a whole. Pure; each has a code that `--allow` takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from provisioner.core.change import ChangeSet, Delete
from provisioner.core.resource import Desired, Found, Observed, Resource
from provisioner.core.text import some
from provisioner.errors import Refusal

ADMIN = "admin"
# What `--allow` takes.
CODES = ("not_ours", "missing", "protected", "max_removals", "min_admins")


@dataclass(frozen=True, slots=True)
class Limits:
    """The plan's `guards` section.

    Removals pass while they stay within `max_count` or within `max_percent` of what there is: a small team may always
    lose a few people, a large one a share. `min_admins` is how many admins a change may leave at the least.
    """

    max_count: int = 3
    max_percent: float = 25
    min_admins: int = 1


def check(
    desired: Desired,
    observed: Observed,
    changes: ChangeSet,
    limits: Limits,
    *,
    allow: Collection[str] = (),
    adopt: bool = False,
) -> tuple[Refusal, ...]:
    """Every reason to refuse `changes`, less those whose code stands in `allow`."""
    guards: tuple[Callable[[], Iterable[Refusal]], ...] = (
        lambda: not_ours(desired, observed, adopt),
        lambda: missing(desired, observed),
        lambda: protected(desired, changes),
        lambda: too_many_removals(observed, changes, limits),
        lambda: too_few_admins(desired, observed, changes, limits),
    )
    return tuple(refusal for guard in guards for refusal in guard() if refusal.code not in allow)


def not_ours(desired: Desired, observed: Observed, adopt: bool) -> Iterable[Refusal]:
    """Something that the plan names exists, and its mark is another plan's or missing."""
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address)
        if found is None or found.owner is None or found.owner == desired.plan:
            continue
        if found.owner:
            yield Refusal("not_ours", f"{wanted.address} belongs to the plan {found.owner!r}", (wanted.address,))
        elif not adopt:
            yield Refusal(
                "not_ours",
                f"{wanted.address} exists already and does not carry this plan's mark: it was made by hand, or somebody"
                " took the mark out; apply --adopt takes it over",
                (wanted.address,),
            )


def missing(desired: Desired, observed: Observed) -> Iterable[Refusal]:
    """People (or things) that must be there already are not."""
    reasons: dict[str, list[str]] = {}
    for wanted in desired.resources:
        if wanted.must_exist and wanted.address not in observed.resources:
            reasons.setdefault(wanted.must_exist, []).append(wanted.address)
    for reason, addresses in reasons.items():
        yield Refusal("missing", f"{some(addresses)} not found in the tenant, and {reason}", tuple(addresses))


def protected(desired: Desired, changes: ChangeSet) -> Iterable[Refusal]:
    """A deletion meets `protect: true`."""
    hit = tuple(c.address for c in changes.changes if isinstance(c, Delete) and c.address in desired.protected)
    if hit:
        yield Refusal("protected", f"{some(hit)} protected: set `protect: false` and apply before deleting", hit)


def too_many_removals(observed: Observed, changes: ChangeSet, limits: Limits) -> Iterable[Refusal]:
    """More people would be removed than the plan's guard lets pass; counted kind by kind."""
    for kind in {c.kind: None for c in changes.changes if isinstance(c, Delete)}:
        gone = tuple(c.address for c in changes.changes if isinstance(c, Delete) and c.kind == kind)
        total = sum(found.kind == kind for found in observed.resources.values())
        percent = 100 * len(gone) / total
        if len(gone) > limits.max_count and percent > limits.max_percent:
            yield Refusal(
                "max_removals",
                f"{len(gone)} of {total} {kind}s would be removed ({percent:.0f} %);"
                f" the plan's guard lets {limits.max_count} or {limits.max_percent:g} % pass",
                gone,
            )


def too_few_admins(desired: Desired, observed: Observed, changes: ChangeSet, limits: Limits) -> Iterable[Refusal]:
    """The change would leave fewer admins than the plan's guard asks for, and there are more now."""
    now = {found.key for found in observed.resources.values() if _is_admin(found)}
    gone = {c.found.key for c in changes.changes if isinstance(c, Delete)}
    wanted = {resource.key for resource in desired.resources if resource.kind == "user"}
    after = {r.key for r in desired.resources if _is_admin(r)} | (now - gone - wanted)
    after -= {r.key for r in desired.resources if r.must_exist and r.address not in observed.resources}
    if len(after) < limits.min_admins and len(after) < len(now):
        lost = tuple(f"user:{key}" for key in sorted(now - after))
        yield Refusal(
            "min_admins",
            f"{len(after)} Flex admins would be left, and the plan's guard asks for {limits.min_admins}:"
            f" {some(lost)} would lose the role",
            lost,
        )


def lacks_admins(desired: Desired, observed: Observed, limits: Limits) -> str:
    """That the tenant has fewer admins than the guard asks for, where the plan names enough of them; "" otherwise."""
    there = sum(_is_admin(found) for found in observed.resources.values())
    if there < limits.min_admins <= sum(map(_is_admin, desired.resources)):
        return f"Flex has {there} of the {limits.min_admins} admins that the plan's guard asks for at the least."
    return ""


def _is_admin(resource: Resource | Found) -> bool:
    roles = resource.fields.get("roles")
    return resource.kind == "user" and isinstance(roles, tuple) and ADMIN in roles
