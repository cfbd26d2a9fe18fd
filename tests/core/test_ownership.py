"""The ownership mark survives other people's notes, and they survive it."""

from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.ownership import Mark, read, read_applied, write

plans = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
digits = st.sampled_from(["", "0123456789abcdef"])
days = st.dates().map(str)
applied = st.just(("", "")) | st.tuples(st.just("0123456789abcdef"), st.just("") | days)
marks = st.builds(lambda plan, applied, certificate: Mark(plan, *applied, certificate), plans, applied, digits)
notes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)


@given(notes, marks)
def test_what_is_written_is_read(text: str, mark: Mark) -> None:
    """Any note can carry the mark."""
    assert read(write(text, mark)) == mark


@given(notes, marks, marks)
def test_a_newer_mark_takes_the_place_of_the_older(text: str, first: Mark, second: Mark) -> None:
    """There is never more than one mark, and the note around it stays."""
    assert write(write(text, first), second) == write(text, second)


@given(marks)
def test_what_was_applied_is_read_alone(mark: Mark) -> None:
    """A vendor that keeps texts by name gets digest and day as one of them."""
    assert read_applied(mark.applied) == (mark.digest, mark.since)
    assert read_applied(f"{mark.applied} or so") == ("", "")


def test_a_text_about_the_tool_is_no_mark() -> None:
    """Only a line that begins as the mark does counts."""
    assert read("was managed by provisioner, plan acme until May") is None
    assert read("managed by provisioner, plan acme, applied lately") is None
    assert read(None) is None


@given(marks, marks)
def test_a_note_behind_the_mark_does_not_undo_it(first: Mark, second: Mark) -> None:
    """Somebody writes on, in the same line; a newer mark leaves that where it is."""
    assert read(f"{first} (ask Ana before changes)") == first
    assert write(f"{first} (ask Ana before changes)", second) == f"{second} (ask Ana before changes)"
