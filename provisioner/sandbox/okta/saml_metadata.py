"""The metadata of a SAML app as an identity provider: one XML document, shaped as recordings 11 and 12."""

from __future__ import annotations

import base64
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from provisioner.sandbox.okta import app_keys, apps, errors
from provisioner.sandbox.okta.wire import XML, Answer, Call, Operation

Body = dict[str, Any]

_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_SAML = "urn:oasis:names:tc:SAML:2.0"


def issuer(app: Body) -> str:
    """The entity ID: the app's issuer template with the app's external key put in (recordings 01 and 11)."""
    template = str(app["settings"].get("signOn", {}).get("idpIssuer") or "http://www.okta.com/${org.externalKey}")
    return template.replace("${org.externalKey}", app["key"])


def address(origin: str, app: Body, service: str = "sso") -> str:
    """Where the app's users sign on, or off with `slo` (recording 12)."""
    return f"{origin}/app/{app['name']}/{app['key']}/{service}/saml"


def read(call: Call) -> Answer:
    """The metadata with the key that `kid` names, or else the one in use; only for SAML apps."""
    app = apps.require(call)
    if app["signOnMode"] not in {"SAML_2_0", "SAML_1_1"}:
        raise errors.not_found(app["id"], "AppInstance")
    key = app_keys.require(call, app["id"], call.query.get("kid") or app["kid"])
    return Answer(_document(call.visit.origin, app, key), media=f"{XML};charset=ISO-8859-1")


def _document(origin: str, app: Body, key: Body) -> str:
    lines = base64.encodebytes(base64.b64decode(key["certificate"])).decode().rstrip("\n")
    sign_on = app["settings"]["signOn"]
    chosen = sign_on.get("subjectNameIdFormat") or _UNSPECIFIED
    # The e-mail format is always offered, the unspecified one before it (recordings 11 and 12; replay: Issue2021).
    formats = [name for name in (_UNSPECIFIED, _EMAIL) if name in {chosen, _EMAIL}]
    formats += [chosen] if chosen not in formats else []
    logout = _services("SingleLogoutService", address(origin, app, "slo"))
    signed = str(bool(sign_on.get("samlSignedRequestEnabled"))).lower()
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<md:EntityDescriptor entityID={quoteattr(issuer(app))} xmlns:md="{_SAML}:metadata">',
            f'<md:IDPSSODescriptor WantAuthnRequestsSigned="{signed}" protocolSupportEnumeration="{_SAML}:protocol">',
            '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
            f"<ds:X509Data><ds:X509Certificate>{lines}</ds:X509Certificate></ds:X509Data>",
            "</ds:KeyInfo></md:KeyDescriptor>",
            logout if (sign_on.get("slo") or {}).get("enabled") else "",
            *(f"<md:NameIDFormat>{escape(name)}</md:NameIDFormat>" for name in formats),
            _services("SingleSignOnService", address(origin, app)),
            "</md:IDPSSODescriptor></md:EntityDescriptor>",
        )
    )


def _services(element: str, location: str) -> str:
    return "".join(
        f'<md:{element} Binding="{_SAML}:bindings:{binding}" Location={quoteattr(location)}/>'
        for binding in ("HTTP-POST", "HTTP-Redirect")
    )


OPERATIONS = (Operation("GET", "/api/v1/apps/{appId}/sso/saml/metadata", read, "apps", gives=XML),)
