"""One run of the whole program into a sandbox in this process, and how many requests it sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from provisioner.adapters import model_for, provider
from provisioner.engine.apply import apply
from provisioner.engine.live_facts import LiveFacts
from provisioner.engine.preview import preview
from provisioner.engine.record import RunRecord
from provisioner.planfile.load import load
from provisioner.sandbox import SandboxSettings
from tests.lab import Lab


@contextmanager
def lab(settings: SandboxSettings | None = None) -> Iterator[Lab]:
    """A sandbox, as friendly as the vendors are, while the context lasts."""
    with TemporaryDirectory() as folder:
        made = Lab(Path(folder), settings or SandboxSettings())
        try:
            yield made
        finally:
            made.close()


def requests(lab: Lab, file: Path) -> int:
    """How many requests an apply of this plan sends, with the Flex values at its end; all that it does must succeed."""
    plan: Any = load(file, model_for=model_for, variables={}, environ={}).plan
    adapter = provider(plan.provider.type)

    async def main() -> int:
        async with lab.connected(plan, write=True) as connection:
            seen = await preview(adapter, plan, connection, limits=plan.guards.limits)
            live = LiveFacts(connection.facts)
            if seen.changes:
                with RunRecord(lab.folder, plan.name) as record:
                    done = await apply(seen, connection.writer(seen.observed), record, live=live)
                assert {result.status for result in done.results} == {"done"}
            assert await live.certificate()
            return connection.requests.total

    return lab.run(main())
