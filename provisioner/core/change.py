"""Changes: three classes, because a creation has no before and a deletion no after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from provisioner.core.resource import Found, Resource, Value

Action = Literal["create", "update", "delete"]
Status = Literal["done", "failed", "not_tried"]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after; `None` stands for absent."""

    path: str
    before: Value
    after: Value
    sensitive: bool = False


class _Wanted:
    """What creations and updates share: they are named after what is wanted."""

    __slots__ = ()
    wanted: Resource

    @property
    def kind(self) -> str:
        """The kind of the resource."""
        return self.wanted.kind

    @property
    def address(self) -> str:
        """The address of the resource."""
        return self.wanted.address


@dataclass(frozen=True, slots=True)
class Create(_Wanted):
    """Something wanted that the tenant lacks, with the parts that come into being along with it."""

    wanted: Resource
    parts: tuple[Resource, ...] = ()
    action: Literal["create"] = "create"

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """Every managed field, from absent to wanted."""
        return tuple(FieldChange(path, None, value) for path, value in self.wanted.fields.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Update(_Wanted):
    """Something that is there and differs in `fields`."""

    wanted: Resource
    found: Found
    fields: tuple[FieldChange, ...]
    action: Literal["update"] = "update"


@dataclass(frozen=True, slots=True)
class Delete:
    """Something that is there and no longer wanted."""

    found: Found
    action: Literal["delete"] = "delete"

    @property
    def kind(self) -> str:
        """The kind of the resource."""
        return self.found.kind

    @property
    def address(self) -> str:
        """The address of the resource."""
        return self.found.address

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """Every field that the tenant holds, from what it is to absent."""
        return tuple(FieldChange(path, value, None) for path, value in self.found.fields.items() if value is not None)


Change = Create | Update | Delete


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change in an apply; `error` says why it failed."""

    address: str
    action: Action
    status: Status
    error: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All changes in a safe order: what others build on first, removals last and backwards.

    `unchanged` counts what stays as it is, less what comes along with something else.
    """

    changes: tuple[Change, ...]
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes)

    def count(self, action: Action) -> int:
        """How many changes do this."""
        return sum(change.action == action for change in self.changes)

    def waves(self) -> Iterator[tuple[Change, ...]]:
        """The changes in groups of one kind and direction; those of a group do not depend on each other."""
        wave: list[Change] = []
        for change in self.changes:
            if wave and _step(change) != _step(wave[0]):
                yield tuple(wave)
                wave = []
            wave.append(change)
        if wave:
            yield tuple(wave)

    def digest(self, meaning: Callable[[Change], str]) -> str:
        """Sixteen hex digits that stay the same exactly as long as the changes do, and what each means to people."""
        return fingerprint(
            [c.action, c.address, [[f.path, f.before, f.after] for f in c.fields], _with(c), meaning(c)]
            for c in self.changes
        )


def _with(change: Change) -> list[str]:
    return [part.address for part in change.parts] if isinstance(change, Create) else []


def fingerprint(rows: Iterable[object]) -> str:
    """Sixteen hex digits of the SHA-256 of these rows, each a line of canonical JSON; never all of them in memory."""
    sha = hashlib.sha256()
    for row in rows:
        sha.update(_CANONICAL.encode(row).encode() + b"\n")
    return sha.hexdigest()[:16]


def _step(change: Change) -> tuple[str, bool]:
    return change.kind, change.action == "delete"
