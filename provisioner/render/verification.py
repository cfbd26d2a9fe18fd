"""Everybody's sign-on, judged, in each form; its findings look as they do everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.core.sign_on import Verification, Verified, has_errors
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
                "name_id": user.name_id,
                "attributes": {name: list(values) for name, values in user.attributes.items()},
                "findings": [json_form.finding(finding) for finding in user.findings],
            }
            for user in found.users
        ],
        "findings": [json_form.finding(finding) for finding in found.findings],
    }


def markdown(found: Verification) -> str:
    """A heading with the sum, what concerns everybody, and a table of whoever has findings."""
    told = [user for user in found.users if user.findings]
    rows = [_row(user) for user in told[:MOST_ROWS]]
    if len(told) > MOST_ROWS:
        rows += ["", f"… and {len(told) - MOST_ROWS:,} more."]
    table = ["", "| Person | Would get in | Findings |", "|---|---|---|", *rows] if rows else []
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
    able = sum(user.ok for user in found.users)
    but = ", but for what concerns them all" if has_errors(found.findings) else ""
    return f"{found.plan} → {found.tenant}: {able:,} of {_people(len(found.users))} would get into Flex{but}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _groups(users: Sequence[Verified], *, everything: bool) -> Iterator[list[Verified]]:
    """People with findings, those with the same codes together, errors first."""
    groups: dict[tuple[object, ...], list[Verified]] = {}
    for user in users:
        if user.findings:
            key = (user.user,) if everything else tuple(finding.code for finding in user.findings)
            groups.setdefault((user.ok, *key), []).append(user)
    yield from sorted(groups.values(), key=lambda people: people[0].ok)


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


def _row(user: Verified) -> str:
    told = "<br>".join(line.removeprefix("- ") for line in markdown_form.findings(user.findings))
    return f"| {markdown_form.escaped(user.user)} | {'yes' if user.ok else 'no'} | {told} |"
