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

# A person with hundreds of groups in a claim has a few thousand elements, each with up to three attributes.
MOST_ELEMENTS = 10_000
MOST_ATTRIBUTES = 30_000
# What canonicalization does with those of one element, and with namespaces, takes the square of their number.
MOST_ATTRIBUTES_OF_ONE = 50
MOST_PREFIXES = 30
# Each is judged, and may be told of.
MOST_CLAIMS = 500


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
        if _ends_early(xml):
            raise _unusable("it ends in the middle", "capture all of it: some terminals cut long lines") from None
        where = getattr(error, "lineno", None)
        raise _unusable(f"it is not well-formed XML{f' (line {where})' if where else ''}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unusable("it has a document type, which SAML forbids and attackers use")
    if root.tag != qualified("samlp:Response"):
        local = etree.QName(root).localname
        raise _unusable(f"it is a `{shortened(local)}`, not a SAML 2.0 Response", _OTHERS.get(local, ""))
    if beyond := _beyond(root):
        raise _unusable(f"it has {beyond}", "no identity provider sends such a response")
    return root


def _ends_early(xml: bytes) -> bool:
    """Whether nothing is wrong with what there is of it."""
    try:
        parser().feed(xml)
    except etree.XMLSyntaxError:
        return False
    return bool(xml)


def _beyond(root: Element) -> str:
    """What there is more of than any real response has, in words; "" where all is within bounds."""
    elements = attributes = 0
    prefixes: set[str] = set()
    for event, what in etree.iterwalk(root, events=("start", "start-ns", "comment", "pi")):
        if event == "start-ns":
            prefixes.add(what[0])
            attributes += 1
            continue
        elements += 1
        attributes += len(what.attrib)
        if len(what.attrib) > MOST_ATTRIBUTES_OF_ONE:
            return f"more than {MOST_ATTRIBUTES_OF_ONE} attributes in one element"
        if elements > MOST_ELEMENTS:
            return f"more than {MOST_ELEMENTS:,} elements"
        if attributes > MOST_ATTRIBUTES:
            return f"more than {MOST_ATTRIBUTES:,} attributes and namespace declarations"
        # Each that a signature lists is looked up for each element that it covers.
        if max(len(prefixes), len((what.get("PrefixList") or "").split(" "))) > MOST_PREFIXES:
            return f"more than {MOST_PREFIXES} namespace prefixes"
    claims = sum(1 for _ in root.iter("{*}Attribute"))
    return f"more than {MOST_CLAIMS} claims" if claims > MOST_CLAIMS else ""


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


def comment(element: Element) -> str:
    """Which of the two stands first in it, `comment` or `processing instruction`; "" where none does."""
    found = next(element.iter(etree.Comment, etree.ProcessingInstruction), None)
    if found is None:
        return ""
    return "comment" if isinstance(found, etree._Comment) else "processing instruction"


def everywhere(root: Element, name: str) -> Iterator[Element]:
    """All elements of that name, wherever they stand."""
    return root.iter(qualified(name))


def moment(given: str | None) -> datetime | None:
    """A time as SAML writes it, in UTC. Raises `ValueError` for a text that is none; None for no text."""
    if given is None:
        return None
    found = datetime.fromisoformat(given)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
