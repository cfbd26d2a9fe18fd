"""Resources as a plan wants them and as a tenant holds them. No vendor ids in addresses, no I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from provisioner.core.ownership import NO_MARK, Mark

# What a field may hold. Tuples stand for lists, so that resources cannot change under a diff.
Value = str | int | float | bool | None | tuple["Value", ...]

NO_FIELDS: Mapping[str, Value] = MappingProxyType({})


def as_value(data: Any) -> Value:
    """A vendor's JSON as a field: scalars as they are, "" as None, flat lists as tuples, the rest as JSON text."""
    if data is None or data == "":
        return None
    if isinstance(data, list) and not any(isinstance(item, list | Mapping) for item in data):
        return tuple(data)
    if isinstance(data, list | Mapping):
        return json.dumps(data, sort_keys=True)
    scalar: Value = data
    return scalar


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing of one kind, as wanted.

    `fields` holds only what the plan manages, in the adapter's canonical form: equal values compare equal.
    `comes_with` names the address whose creation brings this one about; it is then no change of its own.
    `must_exist`, where not empty, is the reason why this resource may be changed but never created.
    `given`, where there is one, says the fields anew from what is there: a place in a list that others share.
    """

    kind: str
    key: str
    fields: Mapping[str, Value] = field(default_factory=lambda: NO_FIELDS)
    comes_with: str = ""
    must_exist: str = ""
    given: Callable[[Found], Mapping[str, Value]] | None = field(default=None, compare=False)

    @property
    def address(self) -> str:
        """`kind:key`, the name that people and reports use."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing of one kind, as the tenant holds it.

    `native` is the adapter's own (ids, the vendor's JSON) and opaque to everybody else.
    `owner` is the plan that the ownership mark names, "" where the mark is missing, None where none is needed.
    """

    kind: str
    key: str
    fields: Mapping[str, Value] = field(default_factory=lambda: NO_FIELDS)
    native: object = None
    owner: str | None = None

    @property
    def address(self) -> str:
        """`kind:key`, the name that people and reports use."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Desired:
    """All that one plan wants of its tenant.

    `order` lists the kinds in the order of creation. `prune` names the kinds whose surplus in the tenant is removed.
    `protected` holds the addresses that are never deleted. On `leaves`, kinds such as people, nothing else is built:
    what the vendor refuses of them concerns that one thing alone. `removal` says what becomes of people whose surplus
    is removed, as far as `prune` does not.
    """

    plan: str
    resources: tuple[Resource, ...]
    order: tuple[str, ...]
    prune: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()
    removal: str = ""


@dataclass(slots=True)
class Observed:
    """What the tenant holds of the things that a plan names, and of those that it may have to remove.

    `mark` is the plan's own mark on what carries its digest, without anything in it where there is none. Things of the
    kinds in `unseen` could not be looked at: an apply makes them anew, but nobody knows that they are missing.
    """

    resources: dict[str, Found] = field(default_factory=dict)
    mark: Mark = NO_MARK
    unseen: frozenset[str] = frozenset()

    def add(self, found: Found) -> None:
        """Takes in one more resource; the last one of an address wins."""
        self.resources[found.address] = found
