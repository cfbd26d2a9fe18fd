"""Guards: each reason to refuse, and that nothing else is refused."""

import pytest

from provisioner.core.diff import diff
from provisioner.core.guards import Limits, check
from provisioner.core.resource import Desired, Found, Observed, Resource

ORDER = ("application", "user", "membership")


def people(count: int, roles: tuple[str, ...] = ("agent",)) -> list[Found]:
    return [Found("user", f"p{n}", {"roles": roles}) for n in range(count)]


def members(count: int) -> list[Found]:
    return [Found("membership", f"p{n}") for n in range(count)]


def codes(desired: Desired, found: list[Found], *, adopt: bool = False, allow: tuple[str, ...] = ()) -> list[str]:
    held = Observed({each.address: each for each in found})
    refusals = check(desired, held, diff(desired, held), Limits(), adopt=adopt, allow=allow)
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    ("members_before", "removed", "refused"),
    [
        (2, 1, False),  # one of two is half of them, but within the count
        (100, 25, False),  # within the share
        (100, 26, True),  # beyond both
        (8, 4, True),
        (12, 3, False),
    ],
)
def test_removals_pass_within_the_count_or_the_share(members_before: int, removed: int, refused: bool) -> None:
    """Three people, or a quarter of them, may go at once by default."""
    kept = tuple(Resource("membership", f"p{n}") for n in range(removed, members_before))
    desired = Desired("acme", kept, ORDER, prune=frozenset({"membership"}))

    assert codes(desired, members(members_before)) == (["max_removals"] if refused else [])


def test_a_named_guard_can_be_let_pass() -> None:
    """`--allow` takes the code of one guard."""
    desired = Desired("acme", (), ORDER, prune=frozenset({"membership"}))

    assert codes(desired, members(9)) == ["max_removals"]
    assert codes(desired, members(9), allow=("max_removals",)) == []


def test_the_last_admin_stays() -> None:
    """Taking the admin role from the only admin is refused, also when another loses nothing."""
    desired = Desired("acme", (Resource("user", "p0", {"roles": ("agent",)}),), ORDER)

    assert codes(desired, people(1, ("admin",))) == ["min_admins"]


def test_a_plan_that_never_had_an_admin_is_not_refused() -> None:
    """The guard is about losing admins; who manages them elsewhere is not bothered."""
    desired = Desired("acme", (Resource("user", "p0", {"roles": ("supervisor",)}),), ORDER)

    assert codes(desired, people(1)) == []


def test_the_last_admin_is_not_removed_from_the_group() -> None:
    """Losing the membership is losing the role."""
    desired = Desired("acme", (), ORDER, prune=frozenset({"membership"}))

    assert codes(desired, people(1, ("admin",)) + members(1)) == ["min_admins"]


def test_a_protected_application_is_never_deleted() -> None:
    """`protect: true` stands above pruning."""
    desired = Desired(
        "acme", (), ORDER, prune=frozenset({"application"}), protected=frozenset({"application:Twilio Flex"})
    )

    assert codes(desired, [Found("application", "Twilio Flex", owner="acme")]) == ["protected"]


@pytest.mark.parametrize(
    ("owner", "adopt", "refused"),
    [
        ("acme", False, False),
        ("", False, True),
        ("", True, False),
        ("other", False, True),
        ("other", True, True),
        (None, False, False),
    ],
)
def test_a_missing_mark_needs_adopt_and_a_foreign_one_is_refused(owner: str | None, adopt: bool, refused: bool) -> None:
    """Only our own mark is permission; `--adopt` takes over what carries none, never another plan's."""
    desired = Desired("acme", (Resource("application", "Twilio Flex", {"audience": "x"}),), ORDER)

    found = [Found("application", "Twilio Flex", {}, owner=owner)]

    assert codes(desired, found, adopt=adopt) == (["not_ours"] if refused else [])


def test_people_who_must_exist_are_named() -> None:
    """`create: false` makes missing people one refusal that names them."""
    absent = tuple(Resource("user", key, must_exist="the plan says create: false") for key in ("a", "b", "c", "d", "e"))
    desired = Desired("acme", absent, ORDER)

    (refusal,) = check(desired, Observed(), diff(desired, Observed()), Limits())

    assert refusal.code == "missing"
    assert (
        refusal.message == "user:a, user:b, user:c and 2 more not found in the tenant, and the plan says create: false"
    )
    assert len(refusal.addresses) == 5
