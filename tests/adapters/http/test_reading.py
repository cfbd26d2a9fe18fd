"""Rate-limit headers that cannot be true: none of them stops a run."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from provisioner.adapters.http.gate import Answer
from provisioner.adapters.http.reading import Skew, read, retry_after
from tests.adapters.http.line import Line
from tests.virtual_time import run

NOW = 1_800_000_000.0


def figures(limit: object, remaining: object, reset: object) -> dict[str, str]:
    return {f"x-rate-limit-{name}": str(value) for name, value in locals().items()}


@pytest.mark.parametrize(
    "headers",
    [
        figures("nan", "nan", "nan"),
        figures(600, "nan", NOW),
        figures(600, 0, "inf"),
        figures(600, 0, 99_999_999_999_999),
        figures(600, 0, NOW + 3600),
        figures(-600, 0, NOW + 10),
        figures("many", 0, NOW + 10),
    ],
    ids=str,
)
def test_figures_that_cannot_be(headers: dict[str, str]) -> None:
    """Without a sensible limit, remainder and moment the answer tells nothing; no vendor's window lasts so long."""
    assert read(headers, Skew(), NOW) is None


def test_a_server_with_another_clock_is_believed() -> None:
    """How far ahead a moment is goes by the server's own Date."""
    skew = Skew()
    skew.hear({"date": formatdate(NOW + 86_400, usegmt=True)}, NOW)
    found = read(figures(600, -3, NOW + 86_400 + 40), skew, NOW)

    assert found is not None
    assert (found.opens, found.remaining) == (NOW + 40, 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("300", 300),
        ("-7", 0),
        (formatdate(NOW + 20, usegmt=True), 20),
        ("301", None),
        ("inf", None),
        ("nan", None),
        (formatdate(NOW + 86_400, usegmt=True), None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    """Five minutes are believed, more is not."""
    assert retry_after({"retry-after": value}, NOW, Skew()) == seconds


def test_a_bucket_whose_figures_cannot_be_goes_on() -> None:
    """Its requests go as those of one without a limit: a 429 says soon enough that there is one."""

    async def story() -> None:
        line = Line()
        await line.join(4)
        await line.answer(Answer(200, figures(600, 0, 99_999_999_999_999)))
        assert (len(line.under_way), line.waits) == (3, [])
        line.leave()

    run(story())
