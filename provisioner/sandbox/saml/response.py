"""Responses of an identity provider: one assertion about one person, as XML, signed and encoded; no vendor's rules."""

import base64
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from provisioner.sandbox.clock import iso
from provisioner.sandbox.saml.names import ASSERTION, INSTANCE, PROTOCOL, SCHEMA
from provisioner.sandbox.saml.signature import Signer, placeholder

ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, production 2: Char."""


class Unwritable(Exception):
    """No XML says what the assertion should; the words tell what and why."""


@dataclass(frozen=True)
class Attribute:
    """One attribute with as many values as it has; an empty value is an empty element."""

    name: str
    name_format: str | None
    """A full URN; None leaves the format out."""
    values: Sequence[str]
    xsi_type: str | None = "xs:string"
    """The type that every value is marked with; None leaves it out."""


@dataclass(frozen=True)
class Assertion:
    """What is said about a person; times are seconds since the epoch or seconds."""

    issuer: str
    audience: str
    recipient: str
    in_response_to: str | None
    """The id of the request; None where the identity provider began."""
    name_id: str
    name_id_format: str
    attributes: Sequence[Attribute]
    issued: float
    lifetime: float
    session_index: str
    authn_context: str
    early: float = 0.0
    """So long before it was issued the assertion already holds."""
    signed_in: float | None = None
    """When the person signed in; by default when the assertion was issued."""
    session_lifetime: float | None = None
    """What SessionNotOnOrAfter says, where it is said."""


def _underscored() -> str:
    return f"_{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Style:
    """How a vendor writes XML, where SAML leaves it free."""

    protocol: str = "samlp"
    """The prefix of the protocol's elements."""
    assertion: str = "saml"
    """The prefix of the assertion's elements."""
    entity_format: bool = False
    """Whether issuers are marked as entities."""
    new_id: Callable[[], str] = _underscored


def signed(
    assertion: Assertion,
    signer: Signer,
    *,
    destination: str,
    sign_response: bool,
    sign_assertion: bool,
    style: Style = Style(),
) -> str:
    """Give the response with this assertion in base64, with what is to be signed signed.

    Raises Unwritable.
    """
    for part, text in _texts(assertion, destination):
        _check(part, text)
    _check_times(assertion)
    writer = _Writer(style)
    inner = writer.assertion(assertion, placed=sign_assertion)
    if sign_assertion:
        inner = signer.sign(inner)
    outer = writer.response(assertion, destination, placed=sign_response)
    outer.append(inner)
    if sign_response:
        outer = signer.sign(outer)
    return base64.b64encode(etree.tostring(outer, encoding="UTF-8", xml_declaration=True)).decode()


def _texts(about: Assertion, destination: str) -> Iterator[tuple[str, object]]:
    """Everything that comes from a person's data or from settings, by where it goes."""
    yield from (("Issuer", about.issuer), ("Audience", about.audience), ("Recipient", about.recipient))
    yield from (("Destination", destination), ("NameID", about.name_id), ("NameID's format", about.name_id_format))
    yield "AuthnContextClassRef", about.authn_context
    for each in about.attributes:
        yield from (("an attribute's name", each.name), ("an attribute's format", each.name_format or ""))
        yield from ((f"attribute {each.name}", text) for text in each.values)


def _check(part: str, text: object) -> None:
    if not isinstance(text, str):
        raise Unwritable(f"{part} would be {text!r}, which is no text.")
    if found := _NO_CHARACTER.search(text):
        raise Unwritable(f"{part} would hold the character U+{ord(found[0]):04X}, for which XML has no place.")


def _check_times(about: Assertion) -> None:
    try:
        iso(about.issued + max(about.lifetime, about.session_lifetime or 0))
    except (OverflowError, ValueError):
        raise Unwritable("It would hold beyond the year 9999.") from None


class _Writer:
    """Makes elements with a vendor's prefixes."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._outer = {style.protocol: PROTOCOL}
        self._inner = {style.assertion: ASSERTION}

    def response(self, about: Assertion, destination: str, *, placed: bool) -> etree._Element:
        """The response without its assertion; `placed` leaves a place for a signature."""
        root = etree.Element(f"{{{PROTOCOL}}}Response", nsmap=self._outer)
        self._identify(root, about.issued)
        root.set("Destination", destination)
        if about.in_response_to:
            root.set("InResponseTo", about.in_response_to)
        self._issuer(root, about.issuer)
        if placed:
            root.append(placeholder())
        status = etree.SubElement(root, f"{{{PROTOCOL}}}Status")
        code = "urn:oasis:names:tc:SAML:2.0:status:Success"
        etree.SubElement(status, f"{{{PROTOCOL}}}StatusCode", Value=code)
        return root

    def assertion(self, about: Assertion, *, placed: bool) -> etree._Element:
        """The assertion; `placed` leaves a place for a signature."""
        root = etree.Element(f"{{{ASSERTION}}}Assertion", nsmap=self._inner)
        self._identify(root, about.issued)
        self._issuer(root, about.issuer)
        if placed:
            root.append(placeholder())
        self._subject(root, about)
        ends = iso(about.issued + about.lifetime)
        conditions = self._add(root, "Conditions", NotBefore=iso(about.issued - about.early), NotOnOrAfter=ends)
        self._add(self._add(conditions, "AudienceRestriction"), "Audience").text = about.audience
        self._session(root, about)
        if about.attributes:
            self._attributes(self._add(root, "AttributeStatement"), about.attributes)
        return root

    def _add(self, parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        element = etree.SubElement(parent, f"{{{ASSERTION}}}{name}", nsmap=self._inner)
        for key, text in attributes.items():
            element.set(key, text)
        return element

    def _identify(self, root: etree._Element, issued: float) -> None:
        root.set("ID", self._style.new_id())
        root.set("IssueInstant", iso(issued))
        root.set("Version", "2.0")

    def _issuer(self, root: etree._Element, name: str) -> None:
        issuer = self._add(root, "Issuer", **({"Format": ENTITY} if self._style.entity_format else {}))
        issuer.text = name

    def _subject(self, root: etree._Element, about: Assertion) -> None:
        subject = self._add(root, "Subject")
        self._add(subject, "NameID", Format=about.name_id_format).text = about.name_id
        bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
        confirmation = self._add(subject, "SubjectConfirmation", Method=bearer)
        data = self._add(
            confirmation,
            "SubjectConfirmationData",
            NotOnOrAfter=iso(about.issued + about.lifetime),
            Recipient=about.recipient,
        )
        if about.in_response_to:
            data.set("InResponseTo", about.in_response_to)

    def _session(self, root: etree._Element, about: Assertion) -> None:
        began = about.issued if about.signed_in is None else about.signed_in
        statement = self._add(root, "AuthnStatement", AuthnInstant=iso(began), SessionIndex=about.session_index)
        if about.session_lifetime is not None:
            statement.set("SessionNotOnOrAfter", iso(about.issued + about.session_lifetime))
        context = self._add(statement, "AuthnContext")
        self._add(context, "AuthnContextClassRef").text = about.authn_context

    def _attributes(self, statement: etree._Element, attributes: Sequence[Attribute]) -> None:
        for each in attributes:
            element = self._add(statement, "Attribute", Name=each.name)
            if each.name_format:
                element.set("NameFormat", each.name_format)
            for text in each.values:
                # The prefix of the type stands in a value, which lxml does not see: it is declared where it is used.
                value = etree.SubElement(
                    element,
                    f"{{{ASSERTION}}}AttributeValue",
                    nsmap=self._inner | ({"xs": SCHEMA, "xsi": INSTANCE} if each.xsi_type else {}),
                )
                if each.xsi_type:
                    value.set(f"{{{INSTANCE}}}type", each.xsi_type)
                value.text = text or None
