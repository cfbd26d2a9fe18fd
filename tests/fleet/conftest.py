"""A database of its own for every test, on one PostgreSQL for all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

pytest.importorskip("procrastinate", reason="the extra `fleet` is not installed")

from tests.cli.conftest import run, served, work
from tests.fleet import postgres

__all__ = ["run", "served", "work"]

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    bin_ = postgres.programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    # Not below pytest's own folder, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder, postgres.serving(Path(folder), bin_) as server:
        yield server


@pytest.fixture
def url(server: postgres.Server) -> str:
    return server.new(f"fleet{next(_NUMBERS)}")


@pytest.fixture
def database(url: str, work: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database, and the program told of it."""
    monkeypatch.setenv("PROVISIONER_DATABASE_URL", url)
    return url
