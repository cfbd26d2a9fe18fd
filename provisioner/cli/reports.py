"""`--report KIND=PATH`: further forms of a result, each written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

import click

from provisioner.cli import problems
from provisioner.errors import ProvisionerError, ReportNotWritten, UsageError

F = TypeVar("F", bound=Callable[..., Any])
Form = Callable[[IO[str]], object]
"""Prints one form of the result."""

# No report of thousands of tenants is larger; a device may have no end.
LARGEST = 200 * 1024**2
# How plans are called, and what they name: people, the code of an Action; what the program itself reads and keeps.
PLANS, PARTS_OF_PLANS, OWN = (".yaml", ".yml"), (".csv", ".js"), (".env", "sandbox.sqlite3")
# What every verb with a result has.
KINDS = ("text", "json", "markdown")


class Report(NamedTuple):
    """A form, and the file that it goes to."""

    kind: str
    path: Path


def option(*kinds: str) -> Callable[[F], F]:
    """The flag `--report`, for a verb whose result has these forms."""

    def read(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[Report, ...]:
        wanted = tuple(_read(text, kinds) for text in given)
        if len({each.path.resolve() for each in wanted}) < len(wanted):
            raise UsageError("two reports go to one file", hint="the last would be all that is left")
        return wanted

    known = ", ".join(kinds)
    return click.option(
        "--report",
        multiple=True,
        metavar="KIND=PATH",
        callback=read,
        help=f"Write a further form to a file: {known}. Repeatable.",
    )


def spare(wanted: Sequence[Report], names: Iterable[str | None]) -> None:
    """Raises `UsageError` where a report would take the place of a file that is read: one of these, or a plan's own."""
    written = {(found.st_dev, found.st_ino): each for each in wanted if (found := _found(each.path))}
    for name in filter(None, names) if written else ():
        for found in filter(None, (_found(Path(name)), _found(Path("plans", name)))):
            if over := written.get((found.st_dev, found.st_ino)):
                raise UsageError(f"the {over.kind} report would take the place of {name}", hint="give it another path")
    for each in wanted:
        suffix = each.path.suffix.lower()
        if suffix in PLANS or (each.path.exists() and (suffix in PARTS_OF_PLANS or each.path.name in OWN)):
            hint = "plans and what they need are called so: give it another path"
            raise UsageError(f"no {each.kind} report can be called {each.path}", hint=hint)


def earlier(path: Path) -> Any:
    """The JSON of a report that is there already, or whatever JSON it is. Raises `OSError` and `ValueError`."""
    with path.open("rb") as stream:
        text = stream.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST:,} bytes")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def write(wanted: Sequence[Report], forms: Mapping[str, Form]) -> list[ProvisionerError]:
    """Writes each report, for nobody but the user who runs this: it tells of the tenant, and may tell of people.

    What keeps one from being written keeps no other; it comes back as an error.
    """
    return [error for each in wanted if (error := _failure(each, forms[each.kind]))]


def untold(failures: Sequence[ProvisionerError]) -> dict[str, Any]:
    """What a JSON result says beside itself where others could not be told of it; nothing where they were."""
    from provisioner.render import as_json

    return {"failures": [as_json.error(each)["error"] for each in failures]} if failures else {}


def _read(text: str, kinds: Sequence[str]) -> Report:
    kind, equals, path = text.partition("=")
    if not (equals and path) or kind not in kinds:
        raise UsageError(f"--report {text}: expected KIND=PATH", hint=f"the kinds of this verb are {', '.join(kinds)}")
    if path == "-":
        raise UsageError(
            f"--report {text}: stdout holds the result already", hint=f"for this form there: --format {kind}"
        )
    return Report(kind, Path(path))


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _failure(report: Report, form: Form) -> ProvisionerError | None:
    try:
        _write(report.path, form)
    except OSError as error:
        words = f"the {report.kind} report could not be written to {report.path}: {error.strerror or error}"
        return ReportNotWritten(words, hint="the result itself stands; see that the place can be written and has room")
    except Exception as error:
        return problems.told(error)
    return None


def _write(path: Path, form: Form) -> None:
    """Beside its place first, so that whoever reads it there finds the old one or the new one, never half of it."""
    place = path.resolve()
    if place.exists() and not place.is_file():
        # A device or a pipe.
        _print(os.open(place, os.O_WRONLY), form)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        _print(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), form)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _print(opened: int, form: Form) -> None:
    # Half of a character, as a vendor's text may have one, is told by its number.
    with open(opened, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        form(out)
