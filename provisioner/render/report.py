"""The row model that every form of a diff is rendered from. Pure."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from provisioner.core.change import Action, Change, ChangeSet, FieldChange
from provisioner.core.finding import Finding
from provisioner.core.resource import Value
from provisioner.core.text import shortened, visible
from provisioner.errors import Refusal

SIGNS: dict[Action, str] = {"create": "+", "update": "~", "delete": "-"}
# Kinds of which there may be thousands; they are shown as a table, one row a person.
PEOPLE = ("user", "membership")
HIDDEN = "(hidden)"
# A text of more lines or characters than these is told by their number; JSON has it whole.
FEW_LINES = 3
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One change as people read it."""

    address: str
    kind: str
    action: Action
    fields: tuple[FieldChange, ...]
    remark: str = ""

    @property
    def sign(self) -> str:
        """`+`, `~` or `-`."""
        return SIGNS[self.action]


@dataclass(frozen=True, slots=True)
class DiffReport:
    """One plan against its tenant. `requests` counts what the run had sent when the report was made."""

    plan: str
    provider: str
    tenant: str
    digest: str
    rows: tuple[Row, ...]
    summary: dict[str, int]
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[Finding, ...] = ()
    requests: dict[str, int] = field(default_factory=dict)


def rows(changes: ChangeSet, remark: Callable[[Change], str]) -> tuple[Row, ...]:
    """One row a change, in the order in which they would be carried out."""
    return tuple(Row(c.address, c.kind, c.action, c.fields, remark(c)) for c in changes.changes)


def summary(changes: ChangeSet) -> dict[str, int]:
    """How many changes of each class, and how many resources stay as they are."""
    return {
        "create": changes.count("create"),
        "update": changes.count("update"),
        "delete": changes.count("delete"),
        "unchanged": changes.unchanged,
    }


def shown(value: Value, *, sensitive: bool = False) -> str:
    """A field's value on one line of text, nothing invisible in it or at its ends; what is absent or empty in words."""
    if sensitive and value is not None:
        return HIDDEN
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(f'"{part}"' if "," in part else part for part in map(shown, value)) or "(empty)"
    return _on_one_line(str(value)) or "(empty)"


def _on_one_line(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > FEW_LINES:
        return f"{len(lines)} lines, {_sum(text)}"
    if len(text) > LONGEST:
        return f"{visible(shortened(text))} ({len(text):,} characters, {_sum(text)})"
    return visible(text) if text == text.strip() else f'"{visible(text)}"'


def _sum(text: str) -> str:
    return f"sha256 {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def changed_lines(change: FieldChange) -> list[str]:
    """What changes inside of a text of many lines, as `diff -u` has it; nothing for other values."""
    before, after = change.before, change.after
    if change.sensitive or not isinstance(before, str) or not isinstance(after, str):
        return []
    if max(before.count("\n"), after.count("\n")) < FEW_LINES:
        return []
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]
