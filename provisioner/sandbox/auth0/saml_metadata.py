"""The tenant as a SAML identity provider: each client's metadata, and the certificate in all its forms."""

from __future__ import annotations

import base64
from typing import Any
from xml.sax.saxutils import quoteattr

from cryptography.hazmat.primitives.serialization import Encoding

from provisioner.sandbox.auth0 import errors, keys
from provisioner.sandbox.auth0.wire import PEM, PUBLIC, XML, Answer, Call, Operation, domain
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_SAML = "urn:oasis:names:tc:SAML:2.0"
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_NAME_IDS = (
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    f"{_SAML}:nameid-format:persistent",
    f"{_SAML}:nameid-format:transient",
)
_ATTRIBUTES = {
    "emailaddress": "E-Mail Address",
    "givenname": "Given Name",
    "name": "Name",
    "surname": "Surname",
    "nameidentifier": "Name ID",
}


def issuer(visit: Visit, client: Body) -> str:
    """The entity ID: `urn:` and the domain, unless the client's add-on names another (recording 51)."""
    return str(((client.get("addons") or {}).get("samlp") or {}).get("issuer") or f"urn:{domain(visit)}")


def address(visit: Visit, client_id: str) -> str:
    """Where the client's users sign in (recording 51)."""
    return f"{visit.origin}/samlp/{client_id}"


def read(call: Call) -> Answer:
    """The client's metadata; anybody may read it, also before the add-on is enabled."""
    client = call.documents.get("client", call.path["client_id"])
    if client is None:
        raise errors.not_found("Not Found")
    return Answer(_document(call.visit, client), media=XML)


def _document(visit: Visit, client: Body) -> str:
    der = keys.certificate(keys.current(visit)).public_bytes(Encoding.DER)
    here = address(visit, client["client_id"])
    return "".join(
        (
            f'<EntityDescriptor entityID={quoteattr(issuer(visit, client))} xmlns="{_SAML}:metadata">',
            f'<IDPSSODescriptor protocolSupportEnumeration="{_SAML}:protocol">',
            '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>',
            f"<X509Certificate>{base64.b64encode(der).decode()}</X509Certificate>",
            "</X509Data></KeyInfo></KeyDescriptor>",
            _services("SingleLogoutService", f"{here}/logout"),
            *(f"<NameIDFormat>{name}</NameIDFormat>" for name in _NAME_IDS),
            _services("SingleSignOnService", here),
            *(_attribute(name, title) for name, title in _ATTRIBUTES.items()),
            "</IDPSSODescriptor></EntityDescriptor>",
        )
    )


def _services(element: str, location: str) -> str:
    return "".join(
        f'<{element} Binding="{_SAML}:bindings:{binding}" Location={quoteattr(location)}/>'
        for binding in ("HTTP-Redirect", "HTTP-POST")
    )


def _attribute(name: str, title: str) -> str:
    return (
        f'<Attribute Name="{_CLAIMS}/{name}" NameFormat="{_SAML}:attrname-format:uri"'
        f' FriendlyName="{title}" xmlns="{_SAML}:assertion"/>'
    )


def pem(call: Call) -> Answer:
    """The signing certificate in PEM."""
    return Answer(keys.current(call.visit)["cert"].replace("\r\n", "\n"), media=PEM)


def der(call: Call) -> Answer:
    """The signing certificate in DER."""
    certificate = keys.certificate(keys.current(call.visit))
    return Answer(certificate.public_bytes(Encoding.DER), media="application/pkix-cert")


def raw(call: Call) -> Answer:
    """The signing certificate's base64 without the lines around it."""
    body = base64.b64encode(keys.certificate(keys.current(call.visit)).public_bytes(Encoding.DER))
    return Answer(body, media="text/plain; charset=utf-8")


def fingerprint(call: Call) -> Answer:
    """The signing certificate's SHA-1 fingerprint."""
    return Answer(keys.fingerprint(keys.current(call.visit)), media="text/plain; charset=utf-8")


OPERATIONS = (
    Operation("GET", "/samlp/metadata/{client_id}", read, PUBLIC),
    Operation("GET", "/pem", pem, PUBLIC),
    Operation("GET", "/cer", der, PUBLIC),
    Operation("GET", "/rawpem", raw, PUBLIC),
    Operation("GET", "/fingerprint", fingerprint, PUBLIC),
)
