"""Authentication requests of service providers, read from the redirect and the POST binding; not judged here."""

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from provisioner.sandbox.saml.names import ASSERTION, PROTOCOL, BadRequest, parse

__all__ = ["AuthnRequest", "BadRequest", "read", "read_post"]

LONGEST = 128 * 1024
"""Bytes of a request; one with a signature and a certificate in it takes about 5,000."""
_ID = re.compile(r"[A-Za-z_][\w.-]*")
_TRUE = frozenset({"true", "1"})


@dataclass(frozen=True)
class AuthnRequest:
    """What a service provider asks for; an attribute that the request does not have is empty."""

    id: str
    issuer: str
    acs_url: str
    destination: str
    name_id_format: str
    force_authn: bool
    is_passive: bool
    issued: float
    acs_index: int | None
    document: bytes
    """The request as XML, for those who check a signature inside."""


def read(query: Mapping[str, str]) -> tuple[AuthnRequest, str]:
    """Give request and relay state of the HTTP-Redirect binding (SAML bindings 3.4). Raises BadRequest."""
    encoding = query.get("SAMLEncoding", "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
    if not encoding.endswith(":DEFLATE"):
        raise BadRequest("SAMLEncoding is not DEFLATE.")
    return _request(_inflated(_decoded(query))), query.get("RelayState", "")


def read_post(form: Mapping[str, str]) -> tuple[AuthnRequest, str]:
    """Give request and relay state of the HTTP-POST binding (SAML bindings 3.5). Raises BadRequest."""
    return _request(_decoded(form)), form.get("RelayState", "")


def _decoded(fields: Mapping[str, str]) -> bytes:
    text = fields.get("SAMLRequest", "")
    if len(text) > 2 * LONGEST:
        raise BadRequest("SAMLRequest is too long.")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise BadRequest("SAMLRequest is not base64.") from error


def _inflated(packed: bytes) -> bytes:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        document = engine.decompress(packed, LONGEST + 1)
    except zlib.error as error:
        raise BadRequest("SAMLRequest is not deflated.") from error
    if len(document) > LONGEST:
        raise BadRequest("SAMLRequest is too long.")
    if not engine.eof:
        raise BadRequest("SAMLRequest is not deflated.")
    return document


def _request(document: bytes) -> AuthnRequest:
    root = parse(document)
    if root.tag != f"{{{PROTOCOL}}}AuthnRequest":
        raise BadRequest("SAMLRequest is no AuthnRequest.")
    if root.get("Version") != "2.0":
        raise BadRequest("The AuthnRequest is not of version 2.0.")
    if not _ID.fullmatch(root.get("ID", "")):
        raise BadRequest("The AuthnRequest has no valid ID.")
    policy = root.find(f"{{{PROTOCOL}}}NameIDPolicy")
    return AuthnRequest(
        id=root.get("ID", ""),
        issuer=_text(root, "Issuer"),
        acs_url=root.get("AssertionConsumerServiceURL", ""),
        destination=root.get("Destination", ""),
        name_id_format="" if policy is None else policy.get("Format", ""),
        force_authn=root.get("ForceAuthn") in _TRUE,
        is_passive=root.get("IsPassive") in _TRUE,
        issued=_moment(root.get("IssueInstant", "")),
        acs_index=_index(root.get("AssertionConsumerServiceIndex")),
        document=document,
    )


def _text(root: etree._Element, name: str) -> str:
    """The whole text of a child, around any comment: one must not cut it short."""
    child = root.find(f"{{{ASSERTION}}}{name}")
    return "" if child is None else "".join(str(part) for part in child.itertext()).strip()


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("The AuthnRequest has no valid IssueInstant.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _index(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 5:
        raise BadRequest("The AuthnRequest has no valid AssertionConsumerServiceIndex.")
    return int(text)
