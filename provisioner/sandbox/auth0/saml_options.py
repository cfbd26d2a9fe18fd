"""How a client's SAML responses are to be: the add-on's settings with their defaults, and what Actions changed."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from provisioner.sandbox.auth0 import keys
from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.saml.signature import Signer
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_DEFAULTS: Body = {
    "mappings": {},
    "createUpnClaim": True,
    "passthroughClaimsWithNoMapping": True,
    "mapUnknownClaimsAsIs": False,
    "mapIdentities": True,
    "signatureAlgorithm": "rsa-sha1",
    "digestAlgorithm": "sha1",
    "lifetimeInSeconds": 3_600,
    "signResponse": False,
    "nameIdentifierFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "nameIdentifierProbes": [f"{CLAIMS}/nameidentifier", f"{CLAIMS}/emailaddress", f"{CLAIMS}/name"],
    "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    "typedAttributes": True,
    "includeAttributeNameFormat": True,
}
"""Vendor's page "Customize SAML assertions". Its page on the API of Actions says SHA-256 instead."""
_ALGORITHMS = {"signatureAlgorithm": ("rsa-sha1", "rsa-sha256"), "digestAlgorithm": ("sha1", "sha256")}


def addon(client: Body) -> Body | None:
    """The client's SAML add-on, which is enabled by being there, if only empty."""
    found: Body | None = (client.get("addons") or {}).get("samlp")
    return found


def effective(client: Body, changed: Body) -> Body:
    """The settings that count, by the add-on's names. `changed` is what Actions set, by what stands behind `set`.

    Raises Misled where a value cannot be used, in the sandbox's words: the vendor's are not public.
    """
    named = {name[0].lower() + name[1:]: value for name, value in changed.items() if value is not None}
    settings = _DEFAULTS | (addon(client) or {}) | named
    for name, default in _DEFAULTS.items():
        if type(settings[name]) is not type(default):
            raise Misled(f"{name} is {settings[name]!r}")
    names = [
        each for value in settings["mappings"].values() for each in (value if isinstance(value, list) else [value])
    ]
    if not all(isinstance(name, str) for name in names + settings["nameIdentifierProbes"]):
        raise Misled("mappings and nameIdentifierProbes must name claims")
    for name, known in _ALGORITHMS.items():
        if settings[name] not in known:
            raise Misled(f"{name} is {settings[name]!r}, which is none of {' and '.join(known)}")
    if "encryptionCert" in settings or "encryptionPublicKey" in settings:
        raise Misled("this sandbox does not encrypt assertions", "not_played")
    return settings


def signer(visit: Visit, settings: Body) -> Signer:
    """What signs: the tenant's current key, or the certificate and key that an Action set together.

    Raises Misled where those two cannot be used.
    """
    key = keys.current(visit)
    private, certificate = str(settings.get("key", key["private"])), str(settings.get("cert", key["cert"]))
    if ("key" in settings) is not ("cert" in settings):
        raise Misled("the certificate and the private key must both be specified")
    try:
        loaded = x509.load_pem_x509_certificate(certificate.encode())
        public = load_pem_private_key(private.encode(), None).public_key()
    except (AttributeError, TypeError, ValueError) as error:
        raise Misled("the certificate or the private key cannot be read") from error
    if public != loaded.public_key():
        raise Misled("the certificate is not that of the private key")
    return Signer(
        private, loaded.public_bytes(Encoding.DER), settings["signatureAlgorithm"], settings["digestAlgorithm"]
    )
