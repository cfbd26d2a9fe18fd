"""Suggestions for words that are nearly right."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, whatever its case; None where nothing is near."""
    # Imported late: only a mistake needs it, and start-up is a feature.
    from difflib import get_close_matches

    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word; "" where nothing is near."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else ""
