"""The XML of a captured response, parsed so that a hostile one can do nothing; and what stands where in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from provisioner.core.text import shortened
from provisioner.errors import ProvisionerError

Element = etree._Element

NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"

# A person with hundreds of groups in a claim has a few thousand.
MOST_ELEMENTS = 10_000


def qualified(name: str) -> str:
    """`saml:Issuer` as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def parser() -> etree.XMLParser:
    """One that fetches nothing, expands nothing, and keeps the bounds of libxml2 on depth and size."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse(xml: bytes) -> Element:
    """The `Response` element. Raises `ProvisionerError` for anything else, and for whatever has a document type."""
    try:
        root = etree.fromstring(xml, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        where = getattr(error, "lineno", None)
        raise _unusable(f"it is not well-formed XML{f' (line {where})' if where else ''}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unusable("it has a document type, which SAML forbids and attackers use")
    if root.tag != qualified("samlp:Response"):
        local = etree.QName(root).localname
        raise _unusable(f"it is a `{shortened(local)}`, not a SAML 2.0 Response", _OTHERS.get(local, ""))
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise _unusable(f"it has more than {MOST_ELEMENTS:,} elements", "no identity provider sends such a response")
    return root


_OTHERS = {
    "AuthnRequest": "that is what Flex sends; the answer is posted to Flex under the name SAMLResponse",
    "Assertion": "capture the whole field SAMLResponse",
    "EntityDescriptor": "that is metadata; capture the field SAMLResponse of a login",
    "html": "that is a web page; capture the field SAMLResponse that it posts",
}


def _unusable(why: str, hint: str = "") -> ProvisionerError:
    return ProvisionerError(f"no SAML response can be read from this: {why}", hint=hint)


def first(element: Element | None, path: str) -> Element | None:
    """The first element at a path with the prefixes of `NAMES`; None where there is none."""
    return None if element is None else element.find(path, NAMES)


def text(element: Element | None) -> str:
    """The whole text of an element, whatever comments stand in it; "" for None."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def own_text(element: Element | None) -> str:
    """The same without white space around it: for addresses, which people fold."""
    return text(element).strip()


def comments(element: Element) -> bool:
    """Whether comments or processing instructions stand anywhere in it."""
    return next(element.iter(etree.Comment, etree.ProcessingInstruction), None) is not None


def everywhere(root: Element, name: str) -> Iterator[Element]:
    """All elements of that name, wherever they stand."""
    return root.iter(qualified(name))


def moment(given: str | None) -> datetime | None:
    """A time as SAML writes it, in UTC. Raises `ValueError` for a text that is none; None for no text."""
    if given is None:
        return None
    found = datetime.fromisoformat(given)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
