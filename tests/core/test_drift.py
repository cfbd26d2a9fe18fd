"""Drift, told from what waits; certificates; what agents notice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioner.core.change import FieldChange, Update
from provisioner.core.diff import diff, digest
from provisioner.core.drift import Difference, LeftAlone, applied, certificate, differences, sentence
from provisioner.core.ownership import Mark
from provisioner.core.resource import Desired, Found, Observed, Resource

ORDER = ("application", "group", "user")
APP = Resource("application", "Flex", {"label": "Flex"})
GROUP = Resource("group", "Agents", {})
ANA = Resource("user", "ana", {"roles": ("admin",)})
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def desired(*resources: Resource, prune: frozenset[str] = frozenset()) -> Desired:
    return Desired("acme", resources, ORDER, prune)


def observed(*found: Found, last_applied: str = "") -> Observed:
    return Observed({each.address: each for each in found}, Mark("acme", last_applied))


def told(wanted: Desired, there: Observed, *left: LeftAlone, last: str | None = None) -> list[tuple[str, str]]:
    goal = digest(wanted)
    there.mark = Mark("acme", goal if last is None else last)
    state = applied(wanted, there, goal)
    return [(each.cls, each.address) for each in differences(wanted, there, diff(wanted, there), left, state)]


OLD = Found("application", "Flex", {"label": "Old"}, owner="acme")
EVE = Found("user", "eve", {"roles": ("agent",)})


def test_an_untouched_plan_tells_what_drifted_and_what_is_missing() -> None:
    """Edits and surplus drifted, what was created once is missing; in the order of kinds, then of names."""
    wanted = desired(ANA, GROUP, APP, prune=frozenset({"user"}))
    assert told(wanted, observed(EVE, OLD)) == [
        ("drifted", "application:Flex"),
        ("missing", "group:Agents"),
        ("missing", "user:ana"),
        ("drifted", "user:eve"),
    ]


@pytest.mark.parametrize("last", ["", "0123456789abcdef"])
def test_while_a_change_of_the_plan_waits_nothing_is_drift(last: str) -> None:
    """The digest of the mark is another one, or no apply came to its end."""
    assert {cls for cls, _ in told(desired(APP, ANA), observed(OLD), last=last)} == {"pending"}


@pytest.mark.parametrize(
    ("found", "last", "state"),
    [
        ([], "", "never"),
        ([Found("group", "Agents")], "", "never"),
        ([OLD], "", "unfinished"),
        ([OLD], "0123456789abcdef", "other"),
        ([Found("group", "Agents", owner="acme")], "", "lost"),
    ],
)
def test_the_marks_say_how_the_plan_stands(found: list[Found], last: str, state: str) -> None:
    """Marks on other things than the application outlive it: then it was there, and is gone."""
    assert applied(desired(APP), observed(*found, last_applied=last), "f" * 16) == state


def test_whoever_must_exist_and_does_not_is_missing() -> None:
    """A change set has no change for it, and an apply does not repair it."""
    wanted = desired(Resource("user", "bo", must_exist="the plan creates nobody"))
    there = observed(last_applied=digest(wanted))
    (difference,) = differences(wanted, there, diff(wanted, there), (), "same")
    assert (difference.cls, difference.by_hand) == ("missing", "by hand: the plan creates nobody")


def test_what_an_apply_leaves_alone_is_drift_as_well() -> None:
    """Such as the account of somebody whom an administrator suspended."""
    there = Found("user", "ana", {"roles": ("admin",)})
    left = LeftAlone(Update(ANA, there, (FieldChange("status", "SUSPENDED", "ACTIVE"),)), "reactivate it")
    assert told(desired(ANA), observed(there), left) == [("drifted", "user:ana")]


def test_what_could_not_be_looked_at_is_not_missing() -> None:
    """An apply would make it, but it may be there."""
    wanted = desired(APP, GROUP)
    there = observed(OLD, last_applied=digest(wanted))
    there.unseen = frozenset({"group"})
    assert told(wanted, there) == [("drifted", "application:Flex")]


@pytest.mark.parametrize(
    ("days", "recorded", "state", "is_due"),
    [
        (61, "ab", "current", False),
        (60, "ab", "expiring", True),
        (0.5, "", "expiring", True),
        (0, "", "expired", True),
        (-1, "ab", "expired", True),
        (61, "cd", "changed", True),
        (-1, "cd", "changed", True),
        (61, "", "current", False),
    ],
)
def test_a_certificate_is_due_when_it_ends_or_changed(days: float, recorded: str, state: str, is_due: bool) -> None:
    """That Flex has another one is worse than that it ends."""
    told = certificate("ab" * 32, NOW + timedelta(days=days), now=NOW, warn_days=60, recorded=recorded)
    assert (told.state, told.is_due) == (state, is_due)


def test_a_certificate_that_waits_is_next_whatever_else() -> None:
    """It signs nothing yet."""
    assert not certificate("ab" * 32, NOW, now=NOW, warn_days=60, is_next=True).is_due


TABLE = (
    ("update", "user", "roles gone", "no access"),
    ("update", "user", "profile.", "another profile"),
    ("update", "user", "roles", "other rights"),
    ("update", "user", "", "something"),
)


@pytest.mark.parametrize(
    ("path", "before", "text"),
    [
        ("roles", (), "no access"),
        ("roles", None, "no access"),
        ("roles", ("agent",), "other rights"),
        ("profile.team", "x", "another profile"),
        ("first_name", "x", "something"),
    ],
)
def test_one_sentence_tells_the_worst(path: str, before: Any, text: str) -> None:
    """The first row of the table that fits; a field that is gone may have a row of its own."""
    field = FieldChange(path, before, "y")
    assert sentence(TABLE, Difference(Update(ANA, EVE, (field,)), (field,), "drifted")) == text
