"""Control characters in texts from outside."""

import pytest

from provisioner.core.text import control_in, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Zoë, 東京 🎧 \u200d", "Zoë, 東京 🎧 \u200d"),
        ("\x1b[2K\x07\x9b1A", r"\x1b[2K\x07\x9b1A"),
        ("a\r\nb\tc\x85d\x7f", r"a\r\nb\tc\x85d\x7f"),
        ("user\u202emda\u2066x\u2028y", r"user\u202emda\u2066x\u2028y"),
    ],
)
def test_control_characters_are_shown_and_all_else_stays(text: str, seen: str) -> None:
    """Whatever a terminal would act upon becomes letters; names in any script stay as they are."""
    assert visible(text) == seen
    assert visible(seen) == seen


def test_layout_is_no_control_where_a_text_may_have_lines() -> None:
    """Tabs and line ends are fine in a certificate, and an escape is not."""
    assert control_in("a\n\tb\r\n") == r"\n"
    assert control_in("a\n\tb\r\n", layout=True) == ""
    assert control_in("a\n\x1b[2K", layout=True) == r"\x1b"
