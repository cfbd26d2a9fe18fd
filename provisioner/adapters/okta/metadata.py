"""What a SAML application's metadata and keys say: issuer, SSO URL, certificates. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as Xml

from provisioner.core.adapter import IdpFacts
from provisioner.errors import NetworkError

Json = dict[str, Any]

_NAMES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_SERVICE = "md:IDPSSODescriptor/md:SingleSignOnService"
_CERTIFICATE = "md:IDPSSODescriptor/md:KeyDescriptor[@use='signing']//ds:X509Certificate"


def facts(xml: str, next_certificate: str = "") -> IdpFacts:
    """What the metadata says. Raises `NetworkError` for anything but SAML metadata of an identity provider."""
    root = _root(xml)
    # Flex redirects the browser to the IdP, so that binding is the one to hand over; Okta has both at one address.
    service = root.find(f"{_SERVICE}[@Binding='{_REDIRECT}']", _NAMES)
    if service is None:
        service = root.find(_SERVICE, _NAMES)
    certificate = root.findtext(_CERTIFICATE, "", _NAMES)
    issuer = root.get("entityID")
    if service is None or not certificate or not issuer:
        raise _unusable("issuer, SSO URL or signing certificate is missing")
    return IdpFacts(issuer, service.get("Location", ""), pem(certificate), next_certificate)


def pem(base64: str) -> str:
    """A certificate in PEM form, 64 columns wide, however the base64 was folded."""
    lines = textwrap.wrap("".join(base64.split()), 64)
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))


def next_certificate(keys: Iterable[Json], active: str) -> str:
    """The newest key's certificate, where that key is newer than the active one; else "".

    A generated key signs nothing before the application names it (OpenAPI: generateApplicationKey).
    """
    by_age = sorted(keys, key=lambda key: str(key.get("created", "")))
    if not by_age or by_age[-1]["kid"] == active:
        return ""
    return pem(by_age[-1]["x5c"][0])


def _root(xml: str) -> Xml.Element:
    # Without a document type there are no entities, and so nothing for a parser to expand or to fetch.
    if "<!DOCTYPE" in xml:
        raise _unusable("it has a document type")
    try:
        return Xml.fromstring(xml)  # noqa: S314 - see above
    except Xml.ParseError as error:
        raise _unusable(str(error)) from None


def _unusable(why: str) -> NetworkError:
    return NetworkError(
        f"Okta's SAML metadata cannot be used: {why}", hint="look at the application in the admin console"
    )
