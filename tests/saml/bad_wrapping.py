"""Responses in which what is signed is not what is read: XSW 1 to 8 of Somorovsky et al. (2012), and kin."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from tests.saml.battery import REFUSED, bad
from tests.saml.idp import (
    ATTRIBUTES,
    DS,
    SAML,
    SAMLP,
    Idp,
    Login,
    add,
    assertion,
    find,
    response,
    sign,
    signed_response,
    xml,
)


@bad(REFUSED)
def wrapped_response_in_signature(login: Login, idp: Idp) -> bytes:
    """XSW 1: the signed response lies inside the signature of the forged one."""
    forged, signature, original = _forged_response(login, idp)
    forged.insert(1, signature)
    signature.append(original)
    return xml(forged)


@bad(REFUSED)
def wrapped_response_beside_signature(login: Login, idp: Idp) -> bytes:
    """XSW 2: the signed response lies before the signature in the forged one."""
    forged, signature, original = _forged_response(login, idp)
    forged.insert(1, original)
    forged.insert(2, signature)
    return xml(forged)


@bad(REFUSED)
def wrapped_response_in_extensions(login: Login, idp: Idp) -> bytes:
    """The signed response, signature and all, lies in the extensions of the forged one."""
    original = signed_response(login, idp, assertion(login))
    forged = response(replace(login, response_id="_forged"), _forged_assertion(login))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(original)
    forged.insert(1, extensions)
    return xml(forged)


@bad(REFUSED)
def wrapped_assertion_first(login: Login, idp: Idp) -> bytes:
    """XSW 3: a forged assertion lies before the signed one."""
    return xml(response(login, _forged_assertion(login), sign(assertion(login), idp)))


@bad(REFUSED)
def wrapped_assertion_in_assertion(login: Login, idp: Idp) -> bytes:
    """XSW 4: the signed assertion lies in the forged one."""
    forged = _forged_assertion(login)
    forged.append(sign(assertion(login), idp))
    return xml(response(login, forged))


@bad(REFUSED)
def wrapped_assertion_last(login: Login, idp: Idp) -> bytes:
    """XSW 5: the forged assertion has the signature, and the signed one lies at the end."""
    forged, signature, original = _forged_signed_assertion(login, idp)
    forged.insert(1, signature)
    return xml(response(login, forged, original))


@bad(REFUSED)
def wrapped_assertion_in_signature(login: Login, idp: Idp) -> bytes:
    """XSW 6: the forged assertion has the signature, in which the signed one lies."""
    forged, signature, original = _forged_signed_assertion(login, idp)
    forged.insert(1, signature)
    signature.append(original)
    return xml(response(login, forged))


@bad(REFUSED)
def wrapped_assertion_in_extensions(login: Login, idp: Idp) -> bytes:
    """XSW 7: a forged assertion lies in the extensions."""
    root = response(login, sign(assertion(login), idp))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(_forged_assertion(login))
    root.insert(1, extensions)
    return xml(root)


@bad(REFUSED)
def wrapped_assertion_in_object(login: Login, idp: Idp) -> bytes:
    """XSW 8: the signed assertion lies in an object of the forged one's signature."""
    forged, signature, original = _forged_signed_assertion(login, idp)
    forged.insert(1, signature)
    add(signature, DS, "Object").append(original)
    return xml(response(login, forged))


@bad(REFUSED)
def two_assertions(login: Login, idp: Idp) -> bytes:
    """Both signed, and the whole, too."""
    second = sign(assertion(replace(login, assertion_id="_second")), idp)
    return xml(signed_response(login, idp, sign(assertion(login), idp), second))


@bad(REFUSED)
def no_assertion(login: Login, idp: Idp) -> bytes:
    return xml(signed_response(login, idp))


@bad(REFUSED)
def encrypted_assertion(login: Login, idp: Idp) -> bytes:
    """Flex gives nobody a key to encrypt for."""
    encrypted = etree.Element(f"{{{SAML}}}EncryptedAssertion")
    data = add(encrypted, "http://www.w3.org/2001/04/xmlenc#", "EncryptedData")
    add(add(data, "http://www.w3.org/2001/04/xmlenc#", "CipherData"), data.nsmap[data.prefix], "CipherValue", "AAAA")
    return xml(signed_response(login, idp, encrypted))


def _forged_assertion(login: Login) -> etree._Element:
    roles = {**ATTRIBUTES, "roles": ["admin"]}
    return assertion(replace(login, assertion_id="_forged", name_id="root@acme.example", attributes=roles))


def _forged_response(login: Login, idp: Idp) -> tuple[etree._Element, etree._Element, etree._Element]:
    """A forged response, a true signature, and what that signature is about."""
    original = signed_response(login, idp, assertion(login))
    signature = find(original, "ds:Signature")
    original.remove(signature)
    forged = response(replace(login, response_id="_forged_response"), _forged_assertion(login))
    return forged, signature, original


def _forged_signed_assertion(login: Login, idp: Idp) -> tuple[etree._Element, etree._Element, etree._Element]:
    """A forged assertion, a true signature, and what that signature is about."""
    original = sign(assertion(login), idp)
    signature = find(original, "ds:Signature")
    original.remove(signature)
    return _forged_assertion(login), signature, original
