"""A checked SAML response in each form; its findings look as they do everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.core.text import shortened, visible
from provisioner.flex import claims
from provisioner.flex.response.check import Checked
from provisioner.render import as_json as json_form
from provisioner.render import markdown as markdown_form

if TYPE_CHECKING:
    from rich.console import Console

# Of a name and of a value; JSON has the rest.
WIDEST, LONGEST = 40, 300


def as_json(file: str, checked: Checked) -> dict[str, Any]:
    """The findings, and what the response says."""
    return {
        "format_version": json_form.VERSION,
        "file": file,
        "ok": checked.ok,
        "signed": list(checked.signed),
        "issuer": checked.issuer,
        "issued": checked.issued,
        "name_id": checked.name_id,
        "attributes": {name: list(values) for name, values in checked.attributes.items()},
        "findings": [json_form.finding(finding) for finding in checked.findings],
    }


def markdown(file: str, checked: Checked) -> str:
    """A heading with the verdict, the findings, and a table of what the response says."""
    notes = markdown_form.findings(checked.findings)
    table = markdown_form.table("The response says", "", _said(checked))
    return "\n".join([markdown_form.heading(_verdict(file, checked)), "", *notes, *([""] if notes else []), *table, ""])


def text(out: Console, file: str, checked: Checked) -> None:
    """The verdict, each finding with its remedy, and what the response says."""
    from provisioner.render import terminal

    out.print(visible(_verdict(file, checked)), style="bold green" if checked.ok else "bold red")
    out.print()
    terminal.findings(out, checked.findings)
    if checked.findings:
        out.print()
    terminal.columns(out, _said(checked))


def _verdict(file: str, checked: Checked) -> str:
    errors = sum(finding.severity == "error" for finding in checked.findings)
    warnings = len(checked.findings) - errors
    counts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in _counted(errors, warnings) if count]
    verdict = "as Flex wants it" if checked.ok else "not as Flex wants it"
    name = "the response" if file == "-" else file
    return f"{name}: {verdict}" + (f" ({', '.join(counts)})" if counts else "")


def _counted(errors: int, warnings: int) -> list[tuple[int, str]]:
    return [(errors, "error"), (warnings, "warning")]


def _said(checked: Checked) -> list[tuple[str, str]]:
    """Claims in their order; several values apart from one with commas, white space and emptiness to be seen."""
    told = [
        (_name(name), " | ".join(map(_value, values)) or "(no value)") for name, values in checked.attributes.items()
    ]
    subject = [("NameID", _value(checked.name_id))] if checked.name_id or told else []
    said = [*checked.facts, *subject, *told]
    return [(shortened(name, WIDEST), shortened(value, LONGEST)) for name, value in said]


def _name(name: str) -> str:
    """Of a namespaced name the part that tells it from others."""
    return f"…/{claims.bare(name)}" if claims.is_namespaced(name) else name


def _value(value: str) -> str:
    if not value:
        return "(empty)"
    return value if value == value.strip() else f'"{value}"'
