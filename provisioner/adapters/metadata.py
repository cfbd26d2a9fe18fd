"""What an identity provider's SAML metadata says: issuer, SSO URL, certificate. Pure, the same for every vendor."""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree as Xml

from provisioner.core.adapter import IdpFacts
from provisioner.errors import NetworkError

_NAMES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_SERVICE = "md:IDPSSODescriptor/md:SingleSignOnService"
_CERTIFICATE = "md:IDPSSODescriptor/md:KeyDescriptor[@use='signing']//ds:X509Certificate"


def facts(xml: str, *, vendor: str, next_certificate: str = "") -> IdpFacts:
    """What the metadata says. Raises `NetworkError` for anything but SAML metadata of an identity provider."""
    try:
        return _facts(_root(xml), next_certificate)
    except ValueError as error:
        raise NetworkError(
            f"{vendor}'s SAML metadata cannot be used: {error}", hint="look at the application in the admin console"
        ) from None


def _facts(root: Xml.Element, next_certificate: str) -> IdpFacts:
    # Flex redirects the browser to the IdP, so that binding is the one to hand over; both are often at one address.
    service = root.find(f"{_SERVICE}[@Binding='{_REDIRECT}']", _NAMES)
    if service is None:
        service = root.find(_SERVICE, _NAMES)
    certificate = root.findtext(_CERTIFICATE, "", _NAMES)
    issuer = root.get("entityID")
    if service is None or not certificate or not issuer:
        raise ValueError("issuer, SSO URL or signing certificate is missing")
    return IdpFacts(issuer, service.get("Location", ""), pem(certificate), next_certificate)


def pem(base64: str) -> str:
    """A certificate in PEM form, 64 columns wide, however the base64 was folded."""
    lines = textwrap.wrap("".join(base64.split()), 64)
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))


def _root(xml: str) -> Xml.Element:
    # Without a document type there are no entities, and so nothing for a parser to expand or to fetch.
    if "<!DOCTYPE" in xml:
        raise ValueError("it has a document type")
    try:
        return Xml.fromstring(xml)  # noqa: S314 - see above
    except Xml.ParseError as error:
        raise ValueError(str(error)) from None
