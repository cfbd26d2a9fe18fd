"""What a response says, read once; whether it may say so is not judged here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from provisioner.flex.response.document import Element, first, own_text, text


class Contents(NamedTuple):
    """NameID and claims, as the assertion has them; `assertion` is None where there is none to read."""

    response: Element
    assertion: Element | None
    name_id: str
    name_id_format: str
    attributes: Mapping[str, tuple[str, ...]]

    @property
    def issued(self) -> str:
        """When the response says that it was issued."""
        return self.response.get("IssueInstant", "")

    @property
    def issuer(self) -> str:
        """Who says so."""
        return own_text(first(self.response, "saml:Issuer"))


def contents(root: Element, response: Element | None, assertion: Element | None) -> Contents:
    """Reads what was signed where that is known, else the document as it stands: its claims may explain a failure too.

    `response` and `assertion` are the elements as they were signed, None where no signature proves them.
    """
    seen = root if response is None else response
    told = first(seen, "saml:Assertion") if response is not None or assertion is None else assertion
    name_id = first(told, "saml:Subject/saml:NameID")
    format_ = "" if name_id is None else name_id.get("Format", "")
    return Contents(seen, told, text(name_id), format_, _attributes(told))


def attribute_elements(assertion: Element | None) -> list[Element]:
    """The claims, in their order."""
    return [] if assertion is None else assertion.findall("{*}AttributeStatement/{*}Attribute")


def _attributes(assertion: Element | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in attribute_elements(assertion):
        values = tuple(text(value) for value in each.iterchildren("{*}AttributeValue"))
        name = each.get("Name", "")
        found[name] = found.get(name, ()) + values
    return found
