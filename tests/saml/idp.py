"""A little identity provider of the tests' own: makes SAML responses as Flex wants them, and signs them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.signer import XMLSigner

SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NSMAP = {"samlp": SAMLP, "saml": SAML, "xs": XS, "xsi": XSI}
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"

JQ = "JQ0123456789abcdef0123456789abcdef"
ACS = f"https://login.flex.us1.twilio.com/login/callback?connection={JQ}"
AUDIENCE = f"urn:flex:{JQ}"
ISSUER = "https://idp.acme.example/saml"
ATTRIBUTES: Mapping[str, Sequence[str]] = {
    "full_name": ["Ana Diaz"],
    "email": ["ana@acme.example"],
    "roles": ["agent,supervisor"],
}


@dataclass(frozen=True)
class Idp:
    """Who signs."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate as people paste it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


@cache
def idp(name: str = "idp.acme.example") -> Idp:
    """The identity provider of this name, whose key is made once per run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return Idp(key, certificate)


@dataclass(frozen=True)
class Login:
    """What one response says; as it stands, Flex lets the person in who is expected at `issued` (epoch seconds)."""

    issued: float
    in_response_to: str | None = None
    acs: str = ACS
    audience: str = AUDIENCE
    issuer: str = ISSUER
    name_id: str = "ana@acme.example"
    attributes: Mapping[str, Sequence[str]] = field(default_factory=lambda: ATTRIBUTES)
    lifetime: float = 300
    response_id: str = field(default_factory=lambda: f"_r{secrets.token_hex(16)}")
    assertion_id: str = field(default_factory=lambda: f"_a{secrets.token_hex(16)}")


Maker = Callable[[Login, Idp], bytes]


def good(login: Login, idp: Idp) -> bytes:
    """A response that is signed as a whole, with an assertion that is signed, too: as Okta sends it."""
    return xml(signed_response(login, idp, sign(assertion(login), idp)))


def good_message_signed(login: Login, idp: Idp) -> bytes:
    """A response that is signed as a whole and not within: as Auth0 sends it."""
    return xml(signed_response(login, idp, assertion(login)))


def signed_response(login: Login, idp: Idp, *assertions: etree._Element) -> etree._Element:
    """A signed response around these assertions."""
    return sign(response(login, *assertions), idp)


def response(login: Login, *assertions: etree._Element) -> etree._Element:
    """An unsigned response around these assertions."""
    root = etree.Element(f"{{{SAMLP}}}Response", nsmap=NSMAP)
    _stamped(root, login.response_id, login.issued)
    root.set("Destination", login.acs)
    if login.in_response_to:
        root.set("InResponseTo", login.in_response_to)
    add(root, SAML, "Issuer", login.issuer)
    add(add(root, SAMLP, "Status"), SAMLP, "StatusCode", Value=SUCCESS)
    root.extend(assertions)
    return root


def assertion(login: Login) -> etree._Element:
    """An unsigned assertion."""
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap=NSMAP)
    _stamped(root, login.assertion_id, login.issued)
    add(root, SAML, "Issuer", login.issuer)
    _subject(root, login)
    until = stamp(login.issued + login.lifetime)
    conditions = add(root, SAML, "Conditions", NotBefore=stamp(login.issued), NotOnOrAfter=until)
    add(add(conditions, SAML, "AudienceRestriction"), SAML, "Audience", login.audience)
    statement = add(root, SAML, "AuthnStatement", AuthnInstant=stamp(login.issued), SessionIndex="_s1")
    add(add(statement, SAML, "AuthnContext"), SAML, "AuthnContextClassRef", PASSWORD)
    attributes = add(root, SAML, "AttributeStatement")
    for name, values in login.attributes.items():
        attribute = add(attributes, SAML, "Attribute", Name=name, NameFormat=BASIC)
        for value in values:
            add(attribute, SAML, "AttributeValue", value).set(f"{{{XSI}}}type", "xs:string")
    return root


def _stamped(root: etree._Element, identifier: str, issued: float) -> None:
    for name, value in {"ID": identifier, "Version": "2.0", "IssueInstant": stamp(issued)}.items():
        root.set(name, value)


def _subject(root: etree._Element, login: Login) -> None:
    subject = add(root, SAML, "Subject")
    add(subject, SAML, "NameID", login.name_id, Format=UNSPECIFIED)
    confirmation = add(subject, SAML, "SubjectConfirmation", Method=BEARER)
    data = add(confirmation, SAML, "SubjectConfirmationData", Recipient=login.acs)
    data.set("NotOnOrAfter", stamp(login.issued + login.lifetime))
    if login.in_response_to:
        data.set("InResponseTo", login.in_response_to)


class _AnyAlgorithm(XMLSigner):
    """Signs with SHA-1 as well, which the library refuses by itself."""

    def check_deprecated_methods(self) -> None:
        """Let everything pass."""


def sign(element: etree._Element, idp: Idp, *, algorithm: str = "rsa-sha256", digest: str = "sha256") -> etree._Element:
    """The element with an enveloped signature where the SAML schema wants it: right after the issuer."""
    placeholder = etree.Element(f"{{{DS}}}Signature", nsmap={"ds": DS})
    placeholder.set("Id", "placeholder")
    element.insert(1, placeholder)
    signer = _AnyAlgorithm(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=algorithm,
        digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(
        element, key=idp.key, cert=[idp.certificate], reference_uri=f"#{element.get('ID')}", id_attribute="ID"
    )


def add(
    parent: etree._Element, namespace: str, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """A new last child."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    child.text = text
    return child


def find(root: etree._Element, path: str) -> etree._Element:
    """The first element at an XPath with the prefixes samlp, saml and ds."""
    found = root.xpath(path, namespaces={"samlp": SAMLP, "saml": SAML, "ds": DS})
    assert isinstance(found, list)
    (first, *_) = found
    assert isinstance(first, etree._Element)
    return first


def xml(root: etree._Element) -> bytes:
    """The document as it goes into the form, before base64; never laid out, which would break the signature."""
    return etree.tostring(root)


def form_value(document: bytes) -> str:
    """The form field `SAMLResponse`."""
    return base64.b64encode(document).decode()


def stamp(at: float) -> str:
    """An epoch time as SAML writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
