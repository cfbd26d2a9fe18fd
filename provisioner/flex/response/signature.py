"""Whether the response is signed, as a whole, by the key that Flex was given; and what exactly was signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from provisioner.core.finding import Finding
from provisioner.flex import values
from provisioner.flex.response.codes import finding
from provisioner.flex.response.document import Element, everywhere, first, parser, qualified, text
from provisioner.flex.response.trusted import Trusted, embedded, in_words

# Nothing but the key of a certificate counts: with an HMAC whoever reads the certificate could sign.
_METHODS = frozenset(method for method in SignatureMethod if not method.name.startswith("HMAC"))
_BROKEN = (SignXMLException, UnsupportedAlgorithm, etree.LxmlError, ValueError, TypeError, KeyError, AssertionError)
_MOST_TRANSFORMS = 2


class Signed(NamedTuple):
    """What the pinned key was found to have signed, each as it was signed; None where that is not so."""

    response: Element | None
    assertion: Element | None
    findings: tuple[Finding, ...]

    @property
    def what(self) -> tuple[str, ...]:
        """The names of what is signed."""
        return tuple(name for name in ("response", "assertion") if getattr(self, name) is not None)


def examine(root: Element, trusted: Trusted, now: datetime) -> Signed:
    """Checks both signatures with the pinned certificate; the one that a signature carries is never believed."""
    strays = list(_strays(root))
    found = {"FLEX368": finding("FLEX368", "signature", reason="; ".join(strays))} if strays else {}
    signed = {}
    for what, element in (("response", root), ("assertion", first(root, "saml:Assertion"))):
        signature = first(element, "ds:Signature")
        if element is None or signature is None:
            continue
        signed[what], findings = _one(root, element, signature, _Pinned(what, trusted, now))
        # What is wrong with both signatures has one cause and one remedy.
        found = {each.code: each for each in findings} | found
    if first(root, "ds:Signature") is None and "FLEX368" not in found:
        found["FLEX364"] = finding("FLEX365" if "assertion" in signed else "FLEX364", "signature")
    return Signed(signed.get("response"), signed.get("assertion"), tuple(found[code] for code in sorted(found)))


class _Pinned(NamedTuple):
    what: str
    trusted: Trusted
    now: datetime


def _strays(root: Element) -> Iterator[str]:
    """Signatures and assertions in odd places, and ids that name two things: the means of wrapping."""
    places = {root, *root.iterchildren(qualified("saml:Assertion"))}
    if any(each not in places for each in everywhere(root, "saml:Assertion")):
        yield "an assertion stands where none belongs"
    if next(root.iterdescendants(qualified("samlp:Response")), None) is not None:
        yield "a response stands inside the response"
    parents = [each.getparent() for each in everywhere(root, "ds:Signature")]
    if any(parent not in places for parent in parents):
        yield "a signature stands where none belongs"
    if any(len(place.findall(qualified("ds:Signature"))) > 1 for place in places):
        yield "one element has two signatures"
    ids = [value for each in root.iter("*") for name, value in each.attrib.items() if _is_id(str(name))]
    if len(set(ids)) != len(ids):
        yield "two elements have the same ID"


def _is_id(name: str) -> bool:
    return name.rpartition("}")[2].lower() == "id"


def _one(
    root: Element, element: Element, signature: Element, pinned: _Pinned
) -> tuple[Element | None, tuple[Finding, ...]]:
    """What this signature proves to be signed, and what is wrong with it."""
    if reason := _not_about(element, signature):
        return None, (finding("FLEX368", "signature", reason=reason),)
    carried = embedded(text(first(signature, "ds:KeyInfo/ds:X509Data/ds:X509Certificate")))
    weak = tuple(_weak(signature, pinned.what))
    try:
        signed = _verified(root, element, pinned.trusted.certificate_pem)
    except InvalidDigest:
        return None, (finding("FLEX367", "signature", what=pinned.what, reason="something in it was changed"), *weak)
    except _BROKEN:
        return None, (_unverified(root, element, carried, pinned), *weak)
    return signed, (*_renewed(carried, pinned), *weak)


def _not_about(element: Element, signature: Element) -> str:
    """Why the signature is not one about the element around it; "" where it is."""
    references = list(everywhere(signature, "ds:Reference"))
    if len(references) != 1:
        return f"the signature has {len(references)} references"
    if references[0].get("URI") != f"#{element.get('ID')}":
        return "the signature is about another element than the one it stands in"
    if len(list(everywhere(signature, "ds:Transform"))) > _MOST_TRANSFORMS:
        return "the signature rewrites what it is about"
    if next(everywhere(signature, "ds:Object"), None) is not None:
        return "there is something inside the signature"
    return ""


def _verified(root: Element, element: Element, pem: str) -> Element:
    """The element as it was signed. Raises one of `_BROKEN` unless this certificate's key signed it."""
    certificate = load_pem_x509_certificate(pem.encode())
    config = SignatureConfiguration(
        location="./" if element is root else f"./{qualified('saml:Assertion')}/",
        signature_methods=_METHODS,
        digest_algorithms=frozenset(DigestAlgorithm),
        ignore_ambiguous_key_info=True,
        # Expiry is judged apart: it says nothing about who signed.
        verification_time=certificate.not_valid_before_utc,
    )
    result = XMLVerifier().verify(root, x509_cert=certificate, id_attribute="ID", expect_config=config, parser=parser())
    signed = None if isinstance(result, list) else result.signed_xml
    if signed is None or (signed.tag, signed.get("ID")) != (element.tag, element.get("ID")):
        raise ValueError("something else is signed")
    return signed


def _unverified(root: Element, element: Element, carried: str, pinned: _Pinned) -> Finding:
    """Another key, where the signature carries its certificate and agrees with it; else a broken signature."""
    ours = pinned.trusted.certificate_pem
    if carried and values.fingerprint(carried) != values.fingerprint(ours) and _holds(root, element, carried):
        words = {"theirs": in_words(carried, pinned.now), "ours": in_words(ours, pinned.now)}
        return finding("FLEX366", "signature", what=pinned.what, fix=_rotated(carried, pinned.trusted), **words)
    reason = "it was changed after it was signed, or signed with a key that nobody told Flex of"
    return finding("FLEX367", "signature", what=pinned.what, reason=reason)


def _rotated(carried: str, trusted: Trusted) -> str:
    waiting = trusted.next_certificate_pem
    if waiting and values.fingerprint(carried) == values.fingerprint(waiting):
        return "the identity provider signs with its next certificate by now: paste that one into Twilio Console"
    return (
        "the key was rotated: paste the certificate that `provisioner outputs` prints into Twilio Console again;"
        " or the response is another application's"
    )


def _holds(root: Element, element: Element, pem: str) -> bool:
    try:
        _verified(root, element, pem)
    except _BROKEN:
        return False
    return True


def _renewed(carried: str, pinned: _Pinned) -> Iterator[Finding]:
    ours = pinned.trusted.certificate_pem
    if carried and values.fingerprint(carried) != values.fingerprint(ours):
        words = {"theirs": in_words(carried, pinned.now), "ours": in_words(ours, pinned.now)}
        yield finding("FLEX371", "signature", what=pinned.what, **words)


def _weak(signature: Element, what: str) -> Iterator[Finding]:
    """SHA-1, in the signature or the digest; Flex's libraries take it still."""
    for name in ("ds:SignatureMethod", "ds:DigestMethod"):
        algorithm = next((each.get("Algorithm", "") for each in everywhere(signature, name)), "")
        if algorithm.endswith("sha1"):
            yield finding("FLEX369", "signature", what=what, algorithm=algorithm.rpartition("#")[2])
            return
