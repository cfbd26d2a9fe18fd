"""Very many tenants in one sandbox: one is applied, the others are copies of it, written past every API."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from provisioner.adapters import model_for, provider
from provisioner.adapters.http import Network
from provisioner.cli.embedded import CREDENTIALS
from provisioner.engine.apply import apply
from provisioner.engine.live_facts import LiveFacts
from provisioner.engine.preview import preview
from provisioner.engine.record import RunRecord
from provisioner.planfile.load import load
from provisioner.sandbox import EmbeddedTransport, SandboxSettings, Store, create_app
from tests.bench.people import write_plan

GENEROUS = SandboxSettings(rate_limits=False, search_lag=0.0)
FIRST = "acme-0000"

_COPY_DOCUMENTS = """INSERT INTO document (tenant, part, kind, id, body)
    SELECT :to, part, kind, id, replace(body, :from, :to) FROM document WHERE tenant = :from ORDER BY sequence"""
_COPY_LOOKUPS = """INSERT INTO lookup SELECT :to, old.part, old.kind, old.name, old.value, new.sequence
    FROM lookup old JOIN document was ON was.sequence = old.sequence
    JOIN document new ON (new.tenant, new.part, new.kind, new.id) = (:to, was.part, was.kind, was.id)
    WHERE old.tenant = :from"""


def names(count: int) -> Iterator[str]:
    """The tenants, by their names."""
    return (f"acme-{number:04}" for number in range(count))


def fill(file: Path, count: int, people: int) -> None:
    """Makes a sandbox's state with so many tenants in which a plan with so many people is applied."""
    file.parent.mkdir(parents=True, exist_ok=True)
    _apply_first(file, people)
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in list(names(count))[1:]:
            for statement in (_COPY_DOCUMENTS, _COPY_LOOKUPS):
                connection.execute(statement, {"from": FIRST, "to": name})


def write_plans(folder: Path, count: int, people: int, origin: str) -> None:
    """A plan file for each tenant of a sandbox served there; they share a file of people."""
    folder.mkdir(parents=True, exist_ok=True)
    text = write_plan(folder, range(people)).read_text(encoding="utf-8")
    (folder / "plan.yaml").unlink()
    for name in names(count):
        at = origin.replace("localhost", f"{name}.localhost")
        (folder / f"{name}.yaml").write_text(text.replace('"sandbox"', f'"{at}"'), encoding="utf-8")


def _apply_first(file: Path, people: int) -> None:
    path = write_plan(file.parent / "first", range(people), f"http://{FIRST}.localhost:8400")
    plan: Any = load(path, model_for=model_for, variables={}, environ={}).plan
    adapter = provider(plan.provider.type)

    async def main() -> None:
        inner = EmbeddedTransport(create_app(store, settings=GENEROUS))
        credentials = [adapter.credentials(**CREDENTIALS["okta"])]
        async with adapter.connect(plan, Network(inner=inner), credentials, write=True) as connection:
            seen = await preview(adapter, plan, connection, limits=plan.guards.limits)
            with RunRecord(file.parent, plan.name) as record:
                live = LiveFacts(connection.facts)
                done = await apply(seen, connection.writer(seen.observed), record, live=live)
        assert done.failure is None

    with closing(Store(file)) as store:
        asyncio.run(main())
