"""The response's signature and schema, held by python3-saml, the sister of legacy Flex's java-saml."""

from hashlib import sha256
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from onelogin.saml2 import response as library  # type: ignore[import-untyped]
from onelogin.saml2.settings import OneLogin_Saml2_Settings  # type: ignore[import-untyped]
from onelogin.saml2.utils import OneLogin_Saml2_Utils, OneLogin_Saml2_ValidationError  # type: ignore[import-untyped]

from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.flex.document import Document, text
from provisioner.sandbox.flex.refusal import NOT_VALID, RefusedError
from provisioner.sandbox.saml.names import EXCLUSIVE, POST, REDIRECT, SIGNATURE

# Why so strict: a configuration shall pass whichever of the two libraries Flex runs, so the stricter holds.
# Messages are signed: every guide that speaks of signing asks for it, and Twilio requires it of its own Console.
# The assertion need not be: Auth0 signs the response instead. SHA-1 passes both libraries as they come, but with which
# options Twilio runs them nobody outside knows, and python3-saml can refuse it: what the sandbox takes is safe to use.
_SECURITY = {
    "wantMessagesSigned": True,
    "wantAssertionsSigned": False,
    "rejectDeprecatedAlgorithm": True,
    "wantAttributeStatement": False,
    "wantNameId": True,
}

_TRANSFORMS = frozenset({f"{SIGNATURE}enveloped-signature", EXCLUSIVE, f"{EXCLUSIVE}WithComments"})


def check(value: str, document: Document, connection: Connection, now: float) -> None:
    """Hold the form field against the pasted certificate; the certificate inside it proves nothing.

    Raises RefusedError with the library's reason. It compares addresses without their query, which
    `conditions` makes up for.
    """
    _check_references(document)
    try:
        response = _library(now).OneLogin_Saml2_Response(_settings(connection), value)
        response.is_valid(_request(connection), raise_exceptions=True)
        response.get_nameid()
        response.get_attributes()
    # The library raises a bare Exception, too, for a time that it cannot read.
    except Exception as error:
        raise RefusedError(NOT_VALID, _words(error, document, connection), str(error)) from error


def _library(now: float) -> Any:
    """A copy of the library's module of responses that nobody else uses: it takes no time from its callers."""

    class Utils(OneLogin_Saml2_Utils):  # type: ignore[misc]
        @staticmethod
        def now() -> int:
            return int(now)

    module = ModuleType(library.__name__)
    SourceFileLoader(library.__name__, library.__file__).exec_module(module)
    vars(module)["OneLogin_Saml2_Utils"] = Utils
    return module


def _check_references(document: Document) -> None:
    """Each signature is about the element that it stands in, about nothing else, and in no other form.

    Two transforms are enough (SAML core 5.4.4); thousands of them, or an XPath, would keep the library for minutes.
    """
    for signature in document.response("//ds:Signature"):
        parent = signature.getparent()
        references = [each.get("URI") for each in signature.findall("{*}SignedInfo/{*}Reference")]
        if parent is None or parent not in (document.root, document.assertion):
            raise RefusedError(NOT_VALID, "A signature stands where none belongs.", "Found an unexpected Signature")
        if references != [f"#{parent.get('ID')}"]:
            raise RefusedError(
                NOT_VALID,
                "A signature is about another element than the one it stands in.",
                "Found an invalid Signed Element",
            )
        transforms = [each.get("Algorithm") for each in signature.iterfind("{*}SignedInfo//{*}Transform")]
        if len(transforms) > 2 or not _TRANSFORMS.issuperset(transforms):
            raise RefusedError(NOT_VALID, "A signature transforms its element in a way that SAML does not allow.")


def _settings(connection: Connection) -> Any:
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": connection.audience,
                "assertionConsumerService": {"url": connection.acs_url, "binding": POST},
            },
            "idp": {
                "entityId": connection.issuer,
                "singleSignOnService": {"url": connection.sso_url, "binding": REDIRECT},
                "x509cert": connection.certificate_pem,
            },
            "security": _SECURITY,
        },
        sp_validation_only=True,
    )


def _request(connection: Connection) -> dict[str, Any]:
    """The request as it would have come to Twilio's address."""
    address = urlsplit(connection.acs_url)
    return {"https": "on", "http_host": address.netloc, "script_name": address.path, "get_data": {}, "post_data": {}}


def _words(error: Exception, document: Document, connection: Connection) -> str:
    code = getattr(error, "code", None)
    if code == OneLogin_Saml2_ValidationError.INVALID_SIGNATURE:
        return _about_certificates(document, connection)
    if code == OneLogin_Saml2_ValidationError.NO_SIGNED_MESSAGE:
        return "The response is not signed as a whole, which Flex needs; a signed assertion within does not replace it."
    if code in _DEPRECATED:
        return (
            "The response is signed with SHA-1, Auth0's default: set rsa-sha256 and sha256 at the identity provider. "
            "Twilio may still take SHA-1; the sandbox does not, because that may end any day."
        )
    if code == OneLogin_Saml2_ValidationError.INVALID_XML_FORMAT:
        return "An element or a value of the response is not in its place, or not in its form, as SAML's schema has it."
    if code is None:
        return "A time of the response is not in UTC, or not written as 2026-01-31T08:00:00Z."
    return f"{error}"


_DEPRECATED = (
    OneLogin_Saml2_ValidationError.DEPRECATED_SIGNATURE_METHOD,
    OneLogin_Saml2_ValidationError.DEPRECATED_DIGEST_METHOD,
)


def _about_certificates(document: Document, connection: Connection) -> str:
    """A changed key is by far the most common cause, so say whether it is this one."""
    pasted = x509.load_pem_x509_certificate(connection.certificate_pem.encode()).public_bytes(Encoding.DER)
    within = {_thumbprint_of(text(each)) for each in document.response("//ds:X509Certificate")} - {_thumbprint(pasted)}
    if within:
        return (
            "The signature does not fit the pasted certificate. The response names another one: SHA-256 "
            f"{', '.join(sorted(within))} in place of {_thumbprint(pasted)}. Paste the certificate that the identity "
            "provider signs with now."
        )
    return "The signature does not fit the response: it was changed after signing, or another key signed it."


def _thumbprint(der: bytes) -> str:
    return sha256(der).hexdigest()


def _thumbprint_of(base64_text: str) -> str:
    try:
        pem = f"-----BEGIN CERTIFICATE-----\n{base64_text.strip()}\n-----END CERTIFICATE-----\n"
        return _thumbprint(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER))
    except ValueError:
        return "unreadable"
