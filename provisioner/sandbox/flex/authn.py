"""What Flex sends to the identity provider: an unsigned AuthnRequest by HTTP-Redirect, which it remembers."""

import base64
import secrets
import uuid
import zlib
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape, quoteattr

from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.saml.names import ASSERTION, POST, PROTOCOL
from provisioner.sandbox.world import Visit

LIFETIME = 3600
"""Seconds in which an answer may come; the sandbox's own figure."""

_ENHANCED = (
    '<samlp:AuthnRequest xmlns:samlp="{protocol}" AssertionConsumerServiceURL={acs} Destination={destination} '
    'ID="{id}" IssueInstant="{issued}" ProtocolBinding="{binding}" Version="2.0">'
    '<saml:Issuer xmlns:saml="{assertion}">{issuer}</saml:Issuer></samlp:AuthnRequest>'
)
_LEGACY = (
    '<samlp:AuthnRequest xmlns:samlp="{protocol}" xmlns:saml="{assertion}" ID="{id}" Version="2.0" '
    'IssueInstant="{issued}" ProviderName="Twilio" Destination={destination} ProtocolBinding="{binding}" '
    "AssertionConsumerServiceURL={acs}><saml:Issuer>{issuer}</saml:Issuer>"
    '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" AllowCreate="true"/>'
    '<samlp:RequestedAuthnContext Comparison="exact">'
    "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
    "</samlp:RequestedAuthnContext></samlp:AuthnRequest>"
)


def start(visit: Visit, connection: Connection) -> str:
    """Give the address that begins a login at the identity provider, and remember the request."""
    now = visit.world.clock.now()
    identifier = f"ONELOGIN_{uuid.uuid4()}" if connection.legacy else f"_{secrets.token_hex(10)}"
    relay_state = secrets.token_urlsafe(24)
    sent = {"id": identifier, "sid": connection.sid, "relay_state": relay_state, "sent": now}
    visit.documents.put("request", identifier, sent)
    return _redirect(connection.sso_url, _document(connection, identifier, now), relay_state)


def _document(connection: Connection, identifier: str, now: float) -> str:
    """Enhanced: as passport-wsfed-saml2, Auth0's library, writes it; legacy: a real request of Twilio's, decoded."""
    return (_LEGACY if connection.legacy else _ENHANCED).format(
        protocol=PROTOCOL,
        assertion=ASSERTION,
        binding=POST,
        id=identifier,
        issued=datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        acs=quoteattr(connection.acs_url),
        destination=quoteattr(connection.sso_url),
        issuer=escape(connection.audience),
    )


def _redirect(sso_url: str, document: str, relay_state: str) -> str:
    """The address keeps its own query, such as Auth0's ?connection= (passport-wsfed-saml2: getSamlRequestUrl)."""
    deflated = zlib.compress(document.encode(), wbits=-zlib.MAX_WBITS)
    parts = urlsplit(sso_url)
    message = {"SAMLRequest": base64.b64encode(deflated).decode(), "RelayState": relay_state}
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *message.items()])
    return urlunsplit(parts._replace(query=query))
