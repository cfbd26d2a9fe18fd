"""A small fleet whose tenants are as their plans say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.fleet import Fleet, a_fleet


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Two tenants, their plans in `plans/`, and the folder as the working folder of everything."""
    with a_fleet(tmp_path, 2, people=2) as fleet:
        yield fleet
