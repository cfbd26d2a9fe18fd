"""The checker of the README itself; the README is checked by `make check-readme`."""

import pytest

from tests.readme import check, examples, matches


def test_commands_and_what_they_print_are_found() -> None:
    """Several commands in one block, and nothing outside of console blocks."""
    text = "```sh\n$ rm x\n```\n```console\n$ one\nout\nmore\n$ two\n```\n"

    assert [(e.command, e.expected) for e in examples(text)] == [("one", "out\nmore\n"), ("two", "")]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\n", "a  \n", True),
        ("a … c\n", "a b c\n", True),
        ("a\n…\nz\n", "a\n1\n2\nz\n", True),
        ("a\n…\nz\n", "a\nz\n", True),
        ("a … c\n", "a b\nc\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_an_ellipsis_stands_for_what_varies(expected: str, printed: str, same: bool) -> None:
    """Inside a line for text, alone on a line for lines; everything else is literal."""
    assert matches(expected, printed) is same


def test_what_is_wrong_is_shown_on_both_sides() -> None:
    """A README that lies fails, with what was printed instead."""
    (wrong,) = check("```console\n$ echo yes\nno\n$ echo same\nsame\n```\n")

    assert "no\n--- printed\nyes" in wrong
