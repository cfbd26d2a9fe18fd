"""The people of a plan, the same from YAML and from CSV. A user file is read row by row: it may hold 100,000."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from provisioner.core.text import control_in, shortened
from provisioner.errors import InvalidPlan, Problem
from provisioner.flex.roles import ROLES, suggestion
from provisioner.flex.spelling import did_you_mean
from provisioner.planfile.document import read_text

ROLES_COLUMN = "roles"
_SEPARATOR = re.compile("[,;]")


class Columns(NamedTuple):
    """What a provider's plans say of a person beside the roles: keys of an item, columns of a user file.

    `identity` tells people apart and is always there. `further` is the key of all other attributes: `further.NAME`.
    """

    identity: str
    others: tuple[str, ...]
    further: str

    @property
    def known(self) -> tuple[str, ...]:
        """The columns that a user file may have beside `further.NAME`."""
        return (self.identity, *self.others, ROLES_COLUMN)


class Person(NamedTuple):
    """Someone whom the plan names. `line` is where the person stands.

    `names` and `values` belong together, and everyone in a user file shares the names: a mapping for each of 100,000
    people would weigh 20 MB.
    """

    identity: str
    roles: tuple[str, ...]
    names: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    line: int = 0

    @property
    def key(self) -> str:
        """What tells people apart: vendors compare logins and e-mail addresses whatever their case."""
        return _key(self.identity)

    @property
    def attributes(self) -> dict[str, Any]:
        """What the plan manages of the person beside the roles, by column."""
        return {name: value for name, value in zip(self.names, self.values, strict=True) if value is not None}


def read_users(path: Path, shown: str, columns: Columns) -> tuple[list[Person], list[Problem]]:
    """Everyone in a CSV file, and all that is wrong in it, by row as a spreadsheet counts them.

    Raises `InvalidPlan` where the file as a whole cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _UserFile(shown, columns).read(stream)
    except UnicodeDecodeError:
        # The decoder works block by block and cannot tell the line; this one can, and raises.
        read_text(path, shown)
        raise
    except OSError as error:
        raise InvalidPlan([Problem(shown, 0, 0, f"cannot be read: {error.strerror}")]) from error


def split_roles(text: str) -> tuple[str, ...]:
    """The roles in one cell, separated by comma or semicolon: sorted, each once. Raises `ValueError` for a bad one."""
    roles = sorted({role.strip() for role in _SEPARATOR.split(text)} - {""})
    if not roles:
        raise ValueError("no roles")
    for role in roles:
        if role not in ROLES:
            near = suggestion(role)
            raise ValueError(f"unknown role `{shortened(role)}`" + (f" (did you mean `{near}`?)" if near else ""))
    return tuple(roles)


# Makes a person of the cells of one row, its line and its number; raises `ValueError` for what is wrong in it.
MakePerson = Callable[[list[str], int, int], Person]


class _UserFile:
    """One reading of one file."""

    def __init__(self, shown: str, columns: Columns) -> None:
        self._shown = shown
        self._columns = columns
        self._further = f"{columns.further}."
        self._people: list[Person] = []
        self._problems: list[Problem] = []
        self._rows: dict[str, int] = {}
        self._known_roles: dict[str, tuple[str, ...]] = {}

    def read(self, stream: Iterator[str]) -> tuple[list[Person], list[Problem]]:
        reader = csv.reader(stream, strict=True)
        person: MakePerson | None = None
        row, line = 0, 1
        try:
            for row, cells in enumerate(reader, 1):
                if any(cells):
                    if person is None:
                        person = self._header(cells, line)
                        width = len(cells)
                    elif len(cells) != width:
                        self._report(line, row, f"{len(cells)} cells, and the header has {width}")
                    else:
                        self._take(person, cells, line, row)
                line = reader.line_num + 1
        except csv.Error as error:
            self._report(line, row + 1, *_not_csv(error))
        if person is None and not self._problems:
            self._problems.append(Problem(self._shown, 1, 1, "the file is empty", self._wanted_header()))
        return self._people, self._problems

    def _take(self, person: MakePerson, cells: list[str], line: int, row: int) -> None:
        try:
            self._people.append(person([cell.strip() for cell in cells], line, row))
        except ValueError as error:
            self._report(line, row, str(error))

    def _header(self, cells: list[str], line: int) -> MakePerson:
        """Checks the header; the function that it returns makes a person of a row's cells."""
        names = [cell.strip() for cell in cells]
        known = self._columns.known
        for name in names:
            if name not in known and not self._is_further(name):
                near = "" if name == self._further else did_you_mean(name, known)
                hint = near or f"known: {', '.join(known)}, {self._further}NAME"
                self._report_header(line, f"unknown column `{shortened(name)}`", hint)
            elif names.count(name) > 1:
                self._report_header(line, f"the column `{shortened(name)}` stands {names.count(name)} times")
            elif control := control_in(name):
                self._report_header(line, f"the control character {control} in a column's name is not allowed")
        missing = [name for name in (self._columns.identity, ROLES_COLUMN) if name not in names]
        if missing:
            raise InvalidPlan(self._sorted_with(line, missing, names))
        return self._reader_of(names)

    def _reader_of(self, names: list[str]) -> MakePerson:
        identity, roles = names.index(self._columns.identity), names.index(ROLES_COLUMN)
        managed = tuple(name for name in names if name in self._columns.others or self._is_further(name))
        places = [names.index(name) for name in managed]
        lines = {place for place, name in enumerate(names) if self._is_further(name)}

        def person(cells: list[str], line: int, row: int) -> Person:
            if not "".join(cells).isprintable():
                _refuse_controls(cells, names, lines)
            values = tuple([cells[place] or None for place in places])
            return Person(self._once(cells[identity], row), self._roles(cells[roles]), managed, values, line)

        return person

    def _is_further(self, name: str) -> bool:
        return name.startswith(self._further) and name != self._further

    def _once(self, identity: str, row: int) -> str:
        if not identity:
            raise ValueError(f"no {self._columns.identity}")
        first = self._rows.setdefault(_key(identity), row)
        if first != row:
            raise ValueError(f"`{shortened(identity)}` stands in row {first} already")
        return identity

    def _roles(self, text: str) -> tuple[str, ...]:
        # The same few cells come again and again: one tuple for each saves time and memory.
        if text not in self._known_roles:
            self._known_roles[text] = split_roles(text)
        return self._known_roles[text]

    def _report(self, line: int, row: int, message: str, hint: str = "") -> None:
        self._problems.append(Problem(self._shown, line, 1, f"row {row}: {message}", hint))

    def _report_header(self, line: int, message: str, hint: str = "") -> None:
        problem = Problem(self._shown, line, 1, message, hint)
        if problem not in self._problems:
            self._problems.append(problem)

    def _sorted_with(self, line: int, missing: list[str], names: list[str]) -> list[Problem]:
        if len(names) == 1 and ";" in names[0]:
            return [Problem(self._shown, line, 1, "cells are separated by semicolons", "save it with commas")]
        hint = self._wanted_header()
        return self._problems + [Problem(self._shown, line, 1, f"no column `{name}`", hint) for name in missing]

    def _wanted_header(self) -> str:
        return f"the first row names the columns: {','.join(self._columns.known)}"


def _refuse_controls(cells: list[str], names: list[str], lines: set[int]) -> None:
    """Raises `ValueError` for a cell with a control character; those in `lines` may have line ends and tabs."""
    for place, cell in enumerate(cells):
        if control := control_in(cell, layout=place in lines):
            raise ValueError(f"the control character {control} in the column {names[place]} is not allowed")


def _not_csv(error: csv.Error) -> tuple[str, str]:
    if "field larger than field limit" in str(error):
        return f"a cell of more than {csv.field_size_limit():,} characters", "is a quote opened and never closed?"
    return f"not CSV: {error}", "a cell with a comma or a quote in it is quoted"


def _key(identity: str) -> str:
    """In lower case and no further: a casefold would take `ß` for `ss`, and so one person for another.

    Most identities are their own key: keeping one text instead of several saves much with 100,000 people.
    """
    key = identity.lower()
    return identity if key == identity else key
