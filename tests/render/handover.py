"""Flex values such as a live tenant gives them, and what is told beside them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioner.flex.console import Notes
from provisioner.flex.values import Values, fingerprint

ENDS = datetime(2036, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NOTES = Notes("each origin", "as the guide says", "It is rotated by hand.", "The door is shut", "Open it.")


@cache
def certificate(name: str) -> str:
    """One in PEM that ends at `ENDS`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, ENDS - timedelta(days=3650), ENDS)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def make_values() -> Values:
    """Values of every kind, two trusted URLs and a next certificate among them."""
    return Values(
        certificate_pem=certificate("now"),
        certificate_sha256=fingerprint(certificate("now")),
        certificate_not_after="2036-11-21T00:00:00Z",
        next_certificate_pem=certificate("next"),
        issuer="urn:acme.us.auth0.com",
        sso_url="https://acme.us.auth0.com/samlp/abc?connection=Username-Password-Authentication&x=1",
        acs_url="https://login.flex.us1.twilio.com/login/callback?connection=JQ0123456789abcdef0123456789abcdef",
        audience="urn:flex:JQ0123456789abcdef0123456789abcdef",
        friendly_name="Flex & Söhne",
        default_redirect_url="https://flex.twilio.com/acme-1234",
        trusted_urls=("https://acme.us.auth0.com", "https://login.acme.example"),
        login_popup=True,
        login_url="https://flex.twilio.com/acme-1234",
    )
