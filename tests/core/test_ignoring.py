"""Drift that is accepted for a while."""

from dataclasses import dataclass
from datetime import date

import pytest

from provisioner.core.change import Create, Delete, FieldChange, Update
from provisioner.core.drift import Difference
from provisioner.core.finding import Finding
from provisioner.core.ignoring import Sifted, sift
from provisioner.core.pseudonym import pseudonym
from provisioner.core.resource import Found, Resource

TODAY = date(2026, 11, 22)
APP = Resource("application", "Twilio Flex [EU]")
FIELDS = (FieldChange("label", "a", "b"), FieldChange("audience", "c", "d"))
EDITED = Difference(Update(APP, Found("application", APP.key), FIELDS), FIELDS, "drifted")
GONE = Difference(Create(Resource("user", "ana")), (), "missing")
EXTRA = Difference(Delete(Found("membership", "eve")), (), "drifted")
BY_HAND = Finding("FLEX216", "warning", "eve is assigned by hand", path="direct_assignment:eve")


@dataclass(frozen=True)
class Entry:
    path: str
    reason: str = "known"
    until: date | None = None


def sifted(*paths: str) -> Sifted:
    return sift([EDITED, GONE, EXTRA], [BY_HAND], [Entry(path) for path in paths], TODAY)


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("application:*.label", {"audience"}),
        ("application:Twilio Flex [EU].label", {"audience"}),
        ("application:*.*", set()),
        ("application:*", set()),
        ("application:twilio*", {"label", "audience"}),
        ("application:Twilio Flex", {"label", "audience"}),
        ("label", {"label", "audience"}),
    ],
)
def test_a_path_names_fields_or_a_whole_thing(path: str, left: set[str]) -> None:
    """`*` stands for anything, every other character for itself."""
    counted = [each for each in sifted(path).differences if each.change is EDITED.change]
    assert {field.path for each in counted for field in each.fields} == left


def test_both_parts_of_a_difference_are_told() -> None:
    """What counts, and what an entry takes out of it."""
    seen = sifted("application:*.label")
    assert [each.fields for each in seen.differences if each.change is EDITED.change] == [FIELDS[1:]]
    ((what, entry),) = seen.ignored
    assert isinstance(what, Difference)
    assert (what.fields, entry.reason) == (FIELDS[:1], "known")


@pytest.mark.parametrize("path", ["user:ana", "user:ANA", f"user:{pseudonym('ana')}", "user:*"])
def test_people_are_ignored_by_name_or_by_pseudonym(path: str) -> None:
    """So a plan need not name whom a report does not name."""
    assert GONE not in sifted(path).differences


def test_what_nobody_manages_is_ignored_by_its_address() -> None:
    """It counts for nothing, but a reader may have enough of it."""
    assert sifted("direct_assignment:*").unmanaged == ()


@pytest.mark.parametrize(("until", "counts"), [(date(2026, 11, 21), True), (TODAY, False), (None, False)])
def test_an_entry_counts_to_its_last_day(until: date | None, counts: bool) -> None:
    """Afterwards it hides nothing, and is told."""
    entry = Entry("user:ana", until=until)
    seen = sift([GONE], [], [entry], TODAY)
    assert (GONE in seen.differences, entry in seen.ended, seen.unused) == (counts, counts, ())


def test_an_entry_that_hits_nothing_is_known() -> None:
    """It may have done its work, or be mistyped."""
    assert [entry.path for entry in sifted("application:*.label", "group:*").unused] == ["group:*"]
