"""A plan file from disk to a checked plan, with everything that is wrong in it said at once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from provisioner.core.finding import Finding
from provisioner.core.text import shortened
from provisioner.errors import InvalidPlan, Problem
from provisioner.flex.spelling import did_you_mean
from provisioner.planfile.document import Document, parse, read_text
from provisioner.planfile.fields import Source, user_file
from provisioner.planfile.people import Columns, Person, read_users
from provisioner.planfile.sections import PlanFile
from provisioner.planfile.variables import replacer


class UnknownProvider(LookupError):
    """What `model_for` raises for a provider that it does not know; `known` are those that it does."""

    def __init__(self, known: Collection[str]) -> None:
        super().__init__(", ".join(sorted(known)))
        self.known = sorted(known)


class Loaded(NamedTuple):
    """A plan that is valid in form, and what the rules found in it; `errors` are the errors among it, placed."""

    path: Path
    plan: PlanFile
    findings: tuple[Finding, ...]
    errors: tuple[Problem, ...]


def load(
    path: Path,
    *,
    model_for: Callable[[str], type[PlanFile]],
    variables: Mapping[str, str],
    environ: Mapping[str, str],
    today: date | None = None,
) -> Loaded:
    """The plan in `path`, its variables replaced and its users read.

    `model_for` gives the plan model of a `provider.type`, or raises `UnknownProvider`.

    Raises:
        InvalidPlan: with every problem of the plan file and its user file, in the order of the files.
    """
    with _without_garbage_collection():
        document = parse(read_text(path, str(path)), str(path), replacer(variables=variables, environ=environ))
        plan, people = _checked(document, _model(document, model_for), path.parent)
        plan.take_in(people)
        findings = tuple(plan.findings(today or date.today()))
        errors = tuple(_placed(each, document, plan, path.parent) for each in findings if each.severity == "error")
        return Loaded(path, plan, findings, errors)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A hundred thousand people are all kept: looking through them for garbage again and again doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _model(document: Document, model_for: Callable[[str], type[PlanFile]]) -> type[PlanFile]:
    path = ("provider", "type")
    provider = document.data.get("provider")
    kind = provider.get("type") if isinstance(provider, Mapping) else None
    try:
        return model_for(kind if isinstance(kind, str) else "")
    except UnknownProvider as error:
        known = ", ".join(error.known)
        message, hint = "missing key `type` in `provider`", f"it names the vendor: {known}"
        if isinstance(kind, str):
            message = f"unknown provider `{shortened(kind)}`"
            hint = did_you_mean(kind, error.known) or f"known: {known}"
        problem = Problem(document.file, *document.place(path), message, hint)
        raise InvalidPlan([*document.problems, problem]) from error


def _checked(document: Document, model: type[PlanFile], folder: Path) -> tuple[PlanFile, list[Person]]:
    problems = list(document.problems)
    plan = None
    try:
        plan = model.model_validate(document.data, context=Source(folder, document.written))
    except ValidationError as error:
        # Imported late: a valid plan does not need it, and start-up is a feature.
        from provisioner.planfile.problems import translate

        # What stands where YAML or a variable went wrong already is not worth a second complaint.
        taken = {(problem.line, problem.column) for problem in problems}
        problems += [each for each in translate(error, document, model) if (each.line, each.column) not in taken]
    people, more = _people(document, plan, model, folder)
    problems += more
    if problems or plan is None:
        raise InvalidPlan(sorted(problems, key=lambda p: (p.file != document.file, p.line, p.column)))
    return plan, people


def _people(
    document: Document, plan: PlanFile | None, model: type[PlanFile], folder: Path
) -> tuple[list[Person], list[Problem]]:
    users: Any = document.data.get("users")
    if not isinstance(users, Mapping):
        return [], []
    if users.get("source") == "csv" and isinstance(users.get("path"), str):
        return _from_csv(document, users["path"], model, folder)
    items = users.get("items")
    if not isinstance(items, list):
        return [], []
    return ([] if plan is None else _inline(document, plan)), list(_twice(document, items, model.columns.identity))


def _from_csv(
    document: Document, written: str, model: type[PlanFile], folder: Path
) -> tuple[list[Person], list[Problem]]:
    try:
        path = user_file(folder, written)
    except ValueError:
        return [], []  # the model says what is wrong with the path
    if not path.is_file():
        place = document.place(("users", "path"))
        return [], [Problem(document.file, *place, f"there is no file `{path}`", "the path is seen from the plan file")]
    try:
        return read_users(path, str(path), model.columns)
    except InvalidPlan as error:
        return [], list(error.problems)


def _inline(document: Document, plan: Any) -> list[Person]:
    return [
        _person(item, plan.columns, document.place(("users", "items", number))[0])
        for number, item in enumerate(plan.users.items or ())
    ]


def _person(item: Any, columns: Columns, line: int) -> Person:
    attributes = {name: getattr(item, name) for name in columns.others}
    attributes |= {f"{columns.further}.{name}": value for name, value in (getattr(item, columns.further) or {}).items()}
    roles = tuple(sorted(set(item.roles)))
    return Person(getattr(item, columns.identity), roles, tuple(attributes), tuple(attributes.values()), line)


def _twice(document: Document, items: list[Any], key: str) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for number, item in enumerate(items):
        identity = item.get(key) if isinstance(item, Mapping) else None
        if isinstance(identity, str):
            line, column = document.place(("users", "items", number, key))
            first = lines.setdefault(identity.lower(), line)
            if first != line:
                yield Problem(document.file, line, column, f"`{shortened(identity)}` stands on line {first} already")


def _placed(finding: Finding, document: Document, plan: Any, folder: Path) -> Problem:
    """The finding with the place of what it is about; that of a person may be in the user file."""
    message = f"{finding.message} [{finding.code}]"
    lines = (person.line for person in plan.people if f"user:{person.key}" == finding.path)
    if line := next(lines, 0):
        file = str(folder / plan.users.path) if plan.users.path else document.file
        return Problem(file, line, 1, message, finding.hint)
    return Problem(document.file, *document.place(document.path_of(finding.path)), message, finding.hint)
