"""What the tables of hand-made changes are made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from provisioner.adapters import provider
from provisioner.core.drift import Difference
from provisioner.engine.drift import Drift, drift
from tests.lab import UNFRIENDLY, Lab

Hand = Callable[[Lab], object]


@dataclass(frozen=True)
class Row:
    """A difference as it must be told; `sentence` is how that about agents begins."""

    cls: str
    address: str
    fields: str
    sentence: str

    @classmethod
    def of(cls, difference: Difference, sentence: str) -> Row:
        """The difference as it is told; of creations and removals the fields are left out."""
        fields = difference.fields if difference.change.action == "update" else ()
        return cls(difference.cls, difference.address, " ".join(field.path for field in fields), sentence)

    def cut(self, length: int | None) -> Row:
        """The same with so much of its sentence."""
        return replace(self, sentence=self.sentence[:length])


@dataclass(frozen=True)
class Case:
    """What somebody does in the vendor's console, and what a check must make of it."""

    what: str
    hand: Hand
    rows: tuple[Row, ...] = ()
    unmanaged: str = ""
    certificates: str = ""

    @property
    def exit_code(self) -> int:
        """Things that nobody manages are told, and no drift by themselves."""
        return 2 if self.rows or "changed" in self.certificates else 0


def wait(lab: Lab) -> None:
    """Until searches know all, and builds and deployments are done."""
    lab.run(asyncio.sleep(2 * UNFRIENDLY.search_lag))


def look(lab: Lab, plan: Any) -> Drift:
    """A check of drift, at the sandbox's own time, when its searches know all."""

    wait(lab)

    async def main() -> Drift:
        async with lab.connected(plan) as connection:
            now = datetime.fromtimestamp(lab.clock.now(), UTC)
            return await drift(provider(plan.provider.type), plan, connection, now=now)

    return lab.run(main())
