"""The permitted rate is used up without a refusal, in each case that the design names."""

from __future__ import annotations

import pytest

from tests.bench.write_rate import CASES, Case, measure


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rate_is_used_up(case: Case) -> None:
    """At least 97 % of what is permitted, and no 429 for us or for others."""
    figures = measure(case, seconds=300)

    assert figures.ratio >= 0.97
    assert (figures.refused, figures.refused_others) == (0, 0)
