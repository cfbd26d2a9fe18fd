"""Drift that is known and accepted for a while: what the plan's `drift.ignore` takes out of the count. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Protocol

from provisioner.core.change import Update
from provisioner.core.drift import Difference
from provisioner.core.finding import Finding
from provisioner.core.pseudonym import of_address, whose


class Entry(Protocol):
    """An entry of `drift.ignore`."""

    @property
    def path(self) -> str:
        """ADDRESS or ADDRESS.FIELD; `*` stands for anything."""

    @property
    def reason(self) -> str:
        """Why it is accepted."""

    @property
    def until(self) -> date | None:
        """The last day on which it counts, None for ever."""


class Ignored(NamedTuple):
    """What does not count, and by which entry."""

    what: Difference | Finding
    entry: Entry


@dataclass(frozen=True, slots=True)
class Sifted:
    """What counts and what does not; the entries that are past their end, and those that met nothing."""

    differences: tuple[Difference, ...]
    unmanaged: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    ended: tuple[Entry, ...]
    unused: tuple[Entry, ...]


def sift(
    differences: Iterable[Difference], unmanaged: Iterable[Finding], entries: Sequence[Entry], today: date
) -> Sifted:
    """Takes out what the entries name: by an address all of it, by a field's path that field of an update."""
    alive = [entry for entry in entries if entry.until is None or entry.until >= today]
    counted, unnamed, ignored = [], [], list[Ignored]()
    for each in differences:
        rest: Difference | None = each
        for entry in alive:
            taken, rest = _split(rest, entry.path) if rest else (None, None)
            ignored += [Ignored(taken, entry)] if taken else []
        counted += [rest] if rest else []
    for finding in unmanaged:
        by = next((entry for entry in alive if _names(entry.path, finding.path)), None)
        if by:
            ignored.append(Ignored(finding, by))
        else:
            unnamed.append(finding)
    met = [each.entry for each in ignored]
    return Sifted(
        differences=tuple(counted),
        unmanaged=tuple(unnamed),
        ignored=tuple(ignored),
        ended=tuple(entry for entry in entries if entry not in alive),
        unused=tuple(entry for entry in alive if entry not in met),
    )


def _split(difference: Difference, pattern: str) -> tuple[Difference | None, Difference | None]:
    """What the pattern takes of a difference, and what it leaves."""
    if _names(pattern, difference.address):
        return difference, None
    if not isinstance(difference.change, Update):
        return None, difference
    taken = tuple(field for field in difference.fields if _names(pattern, difference.address, f".{field.path}"))
    left = tuple(field for field in difference.fields if field not in taken)
    if not taken or not left:
        return (None, difference) if left else (difference, None)
    return replace(difference, fields=taken), replace(difference, fields=left)


def _names(pattern: str, address: str, field: str = "") -> bool:
    """Whether the pattern names it, by the address or by what reports say of a person, in any case."""
    expression = ".*".join(map(re.escape, pattern.split("*")))
    flags = re.S | re.I if whose(address) else re.S
    return any(re.fullmatch(expression, each + field, flags) for each in (address, of_address(address)))
