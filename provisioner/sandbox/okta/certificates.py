"""RSA keys and the self-signed certificates around them, shaped as Okta's (recording 14)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from provisioner.sandbox import rsa_keys


@dataclass(frozen=True)
class Certified:
    """A private key in PEM and the certificate of its public half in DER."""

    private_key: str
    certificate: bytes


def certify(common_name: str, made: float, expires: float) -> Certified:
    """A key with a certificate of these times; it starts a minute early, and its number is the time in milliseconds."""
    key = rsa_keys.deal()
    name = _name(common_name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int(made * 1000))
        .not_valid_before(datetime.fromtimestamp(int(made), UTC) - timedelta(minutes=1))
        .not_valid_after(datetime.fromtimestamp(int(expires), UTC))
        .sign(key, hashes.SHA256())
    )
    return Certified(rsa_keys.private_pem(key), certificate.public_bytes(serialization.Encoding.DER))


def _name(common_name: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "US"),
        (NameOID.STATE_OR_PROVINCE_NAME, "California"),
        (NameOID.LOCALITY_NAME, "San Francisco"),
        (NameOID.ORGANIZATION_NAME, "Okta"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "SSOProvider"),
        (NameOID.COMMON_NAME, common_name),
        (NameOID.EMAIL_ADDRESS, "info@okta.com"),
    )
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def jwk(certificate: bytes) -> dict[str, object]:
    """The public parts of a JWK for the certificate; `x5t#S256` is its SHA-256 (recomputed from recording 14)."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise TypeError("The sandbox makes RSA certificates only.")
    numbers = public.public_numbers()
    return {
        "x5c": [base64.b64encode(certificate).decode()],
        "x5t#S256": _text(hashlib.sha256(certificate).digest()),
        "e": _text(numbers.e.to_bytes(3, "big")),
        "n": _text(numbers.n.to_bytes(256, "big")),
    }


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
