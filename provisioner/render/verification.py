"""Everybody's sign-on, judged, in each form; its findings look as they do everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provisioner.core import pseudonym
from provisioner.core.finding import Finding
from provisioner.core.sign_on import Verification, Verified, has_errors
from provisioner.flex.roles import ROLES
from provisioner.flex.sign_on import NOTHING
from provisioner.flex.worker import split_roles
from provisioner.render import as_json as json_form
from provisioner.render import markdown as markdown_form

if TYPE_CHECKING:
    from rich.console import Console

# Up to so many people are shown with all that they bring.
FEW = 5
# So many are named of those with the same findings.
EXAMPLES = 3
MOST_ROWS = 200


def as_object(found: Verification) -> dict[str, Any]:
    """The `verify` object."""
    return {
        "format_version": json_form.VERSION,
        "plan": found.plan,
        "tenant": found.tenant,
        "users": [
            {
                "user": user.user,
                "ok": user.ok,
                "known": user.known,
                "name_id": user.name_id,
                "attributes": {name: list(values) for name, values in user.attributes.items()},
                "findings": [json_form.finding(finding) for finding in user.findings],
            }
            for user in found.users
        ],
        "findings": [json_form.finding(finding) for finding in found.findings],
    }


def without_people(found: Verification) -> Verification:
    """The same with a pseudonym for everybody, and for every value but Flex roles and what stands for none."""
    findings = tuple(_unnamed(each, (), ()) for each in found.findings)
    return replace(found, users=tuple(map(_nobody, found.users)), findings=findings)


def _nobody(user: Verified) -> Verified:
    given = user.attributes
    quoted = {text for values in given.values() for text in (*values, ", ".join(values), *split_roles(values))}
    names = {user.user, user.name_id or "", *given.get("full_name", ()), *given.get("email", ())}
    return Verified(
        pseudonym.pseudonym(user.user),
        user.ok,
        user.known,
        _hidden(user.name_id) if user.name_id else user.name_id,
        {name: tuple(map(_hidden, values)) for name, values in given.items()},
        tuple(_unnamed(each, quoted, names) for each in user.findings),
    )


def _hidden(value: str) -> str:
    """Roles stay, also in a list with commas and in the wrong case; a blank beside them is a mistake to be seen."""
    words = {word.strip().lower() for word in value.split(",")}
    return value if words <= ROLES or value.strip() in NOTHING | {""} else pseudonym.pseudonym(value)


def _unnamed(finding: Finding, quoted: Iterable[str], names: Iterable[str]) -> Finding:
    """Values are found where they are quoted, names anywhere."""
    message, people = finding.message, [f"user:{name}" for name in names if _hidden(name) != name]
    for value in quoted:
        message = message.replace(f"`{value}`", f"`{_hidden(value)}`")
    hint = pseudonym.in_text(finding.hint, *people)
    return finding._replace(message=pseudonym.in_text(message, *people), hint=hint)


def markdown(found: Verification) -> str:
    """A heading with the sum, what concerns everybody, and a table of whoever has findings."""
    told = [user for user in found.users if user.findings]
    rows = [_row(user) for user in told[:MOST_ROWS]]
    if len(told) > MOST_ROWS:
        rows += ["", f"… and {len(told) - MOST_ROWS:,} more."]
    table = ["", "| Person | Passes | Findings |", "|---|---|---|", *rows] if rows else []
    notes = markdown_form.findings(found.findings)
    return "\n".join([markdown_form.heading(_head(found)), "", *notes, *table, ""])


def text(out: Console, found: Verification, *, everything: bool = False) -> None:
    """The sum, what concerns everybody, people with the same findings together; a few people with all they bring."""
    from provisioner.render import terminal

    terminal.lines(out, [[(_head(found), "bold")]])
    out.print()
    terminal.findings(out, found.findings)
    if found.findings:
        out.print()
    for people in _groups(found.users, everything=everything):
        terminal.lines(out, [["  ", (_names(people), "bold")]])
        terminal.findings(out, people[0].findings)
        out.print()
    if everything or len(found.users) <= FEW:
        for user in found.users:
            if user.name_id is not None:
                terminal.lines(out, [["  ", (user.user, "bold")]])
                terminal.columns(out, _said(user))
                out.print()
    else:
        out.print("  -v shows what each person would bring; --format json has it, too.")


def _head(found: Verification) -> str:
    """Whoever has no error passes. What keeps everybody from it is the first of the findings, which follow."""
    whose = f"{found.plan} → {found.tenant}"
    if has_errors(found.findings):
        return f"{whose}: nobody passes"
    passing = [user for user in found.users if user.ok and user.known]
    warned = sum(bool(user.findings) for user in passing)
    unknown = sum(not user.known for user in found.users)
    more = [f"{warned:,} with warnings"] if warned else []
    more += [f"{unknown:,} not known"] if unknown else []
    verb = "passes" if len(found.users) == 1 else "pass"
    return ", ".join([f"{whose}: {len(passing):,} of {_people(len(found.users))} {verb}", *more])


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _groups(users: Sequence[Verified], *, everything: bool) -> Iterator[list[Verified]]:
    """People with findings, those with the same codes together, errors first."""
    groups: dict[tuple[object, ...], list[Verified]] = {}
    for user in users:
        if user.findings:
            key = (user.user,) if everything else tuple(finding.code for finding in user.findings)
            groups.setdefault((has_errors(user.findings), *key), []).append(user)
    yield from sorted(groups.values(), key=lambda people: not has_errors(people[0].findings))


def _names(people: Sequence[Verified]) -> str:
    named = ", ".join(user.user for user in people[:EXAMPLES])
    if len(people) == 1:
        return named
    others = f" and {_people(len(people) - EXAMPLES)} more" if len(people) > EXAMPLES else ""
    return f"{named}{others}, as said of the first:"


def _said(user: Verified) -> list[tuple[str, str]]:
    claims = [(name, " | ".join(map(_shown, values)) or "(no value)") for name, values in user.attributes.items()]
    return [("NameID", _shown(user.name_id or "")), *claims]


def _shown(value: str) -> str:
    """A value, with quotes where its ends could not be seen."""
    if not value:
        return "(empty)"
    return value if value == value.strip() else f'"{value}"'


def _result(user: Verified) -> str:
    if not user.known:
        return "not known"
    return "yes" if user.ok else "no"


def _row(user: Verified) -> str:
    told = "<br>".join(line.removeprefix("- ") for line in markdown_form.findings(user.findings))
    return f"| {markdown_form.escaped(user.user)} | {_result(user)} | {told} |"
