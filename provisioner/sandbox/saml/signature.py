"""Signatures: of the XML that the sandbox sends, and of the requests that service providers send."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidSignature as InvalidXmlSignature
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from provisioner.sandbox.saml.names import EXCLUSIVE, SIGNATURE, BadRequest, parse

_HASHES: dict[str, hashes.HashAlgorithm] = {
    f"{SIGNATURE}rsa-sha1": hashes.SHA1(),  # noqa: S303 - both vendors still take it
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256(),
}


def placeholder() -> etree._Element:
    """Give the element that marks where the signature goes: after the issuer, where the schema wants it."""
    return etree.Element(f"{{{SIGNATURE}}}Signature", Id="placeholder", nsmap={"ds": SIGNATURE})


class _XMLSigner(XMLSigner):
    """Signs with SHA-1 too, which both vendors offer."""

    def check_deprecated_methods(self) -> None:
        """Take every method."""


@dataclass(frozen=True)
class Signer:
    """A private key in PEM, its certificate (DER), and algorithms: "rsa-sha256" or "rsa-sha1", "sha256" or "sha1"."""

    private_key: str
    certificate: bytes
    signature_algorithm: str = "rsa-sha256"
    digest_algorithm: str = "sha256"

    def sign(self, element: etree._Element) -> etree._Element:
        """Give the element with its signature at the placeholder; it must not be changed afterwards."""
        signer = _XMLSigner(
            signature_algorithm=self.signature_algorithm,
            digest_algorithm=self.digest_algorithm,
            c14n_algorithm=EXCLUSIVE,
        )
        certificate = x509.load_der_x509_certificate(self.certificate)
        reference = f"#{element.get('ID')}"
        return signer.sign(
            element,
            key=self.private_key.encode(),
            cert=[certificate],
            reference_uri=reference,
            id_attribute="ID",
        )


def check_redirect(raw_query: str, certificate: bytes) -> None:
    """Check the signature of a redirect, which is over the query's own octets (SAML bindings 3.4.4.1).

    Raises BadRequest where there is none or it does not hold.
    """
    fields = dict(part.partition("=")[::2] for part in raw_query.split("&"))
    if "Signature" not in fields or "SigAlg" not in fields:
        raise BadRequest("The AuthnRequest is not signed.")
    text = "&".join(f"{name}={fields[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in fields)
    method = _HASHES.get(unquote_plus(fields["SigAlg"]))
    if method is None:
        raise BadRequest("The AuthnRequest is signed with an unknown algorithm.")
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            signature = base64.b64decode(unquote_plus(fields["Signature"]))
            return key.verify(signature, text.encode(), padding.PKCS1v15(), method)
    except (ValueError, InvalidSignature) as error:
        raise BadRequest("The signature of the AuthnRequest does not hold.") from error
    raise BadRequest("The service provider's certificate has no RSA key.")


def check_enveloped(document: bytes, certificate: bytes) -> None:
    """Check the signature inside a posted request. Raises BadRequest where there is none or it does not hold."""
    root = parse(document)
    if root.find(f"{{{SIGNATURE}}}Signature") is None:
        raise BadRequest("The AuthnRequest is not signed.")
    loaded = x509.load_der_x509_certificate(certificate)
    # A pinned certificate is not judged by its dates.
    config = SignatureConfiguration(
        location="./",
        signature_methods=frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA1}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA1}),
        verification_time=loaded.not_valid_before_utc,
    )
    try:
        results = XMLVerifier().verify(root, x509_cert=loaded, id_attribute="ID", expect_config=config)
    except (InvalidXmlSignature, SignXMLException, ValueError) as error:
        raise BadRequest("The signature of the AuthnRequest does not hold.") from error
    covered = results if isinstance(results, Sequence) else [results]
    if any(each.signed_xml is None or each.signed_xml.get("ID") != root.get("ID") for each in covered):
        raise BadRequest("The signature of the AuthnRequest covers something else.")
