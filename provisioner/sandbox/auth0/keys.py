"""The tenant's signing keys: the current one, the next and the previous ones; rotation and revocation."""

from __future__ import annotations

import functools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from provisioner.sandbox import rsa_keys
from provisioner.sandbox.auth0 import errors, ids
from provisioner.sandbox.auth0.wire import Answer, Call, Operation, domain
from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

LIFE = timedelta(days=5_000)
"""How long a certificate is good (recording 51: from 2023-06-26 to 2037-03-04)."""

_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def of(visit: Visit) -> list[Body]:
    """All keys with their private halves, oldest first; the first two are made when somebody needs one."""
    if not visit.documents.count("signingKey"):
        with visit.documents.transaction():
            if not visit.documents.count("signingKey"):
                _save(visit, _made(visit) | {"current": True, "current_since": iso(visit.world.clock.now())})
                _save(visit, _made(visit) | {"next": True})
    return visit.documents.find("signingKey")


def current(visit: Visit) -> Body:
    """The key that signs now."""
    return next(key for key in of(visit) if key.get("current"))


def subject(visit: Visit) -> str:
    """The certificate's subject as clients' `signing_keys` write it (recording 10)."""
    return f"/CN={domain(visit)}"


def certificate(key: Body) -> x509.Certificate:
    """The key's certificate."""
    return x509.load_pem_x509_certificate(key["cert"].encode())


def fingerprint(key: Body) -> str:
    """SHA-1 of the certificate with colons, as `/fingerprint` and the key list give it (OpenAPI: getSigningKeys)."""
    return certificate(key).fingerprint(hashes.SHA1()).hex(":").upper()  # noqa: S303 - the vendor's own choice


def find(visit: Visit, kid: str) -> Body | None:
    """The key of this id, or None."""
    of(visit)
    return visit.documents.get("signingKey", kid)


def _save(visit: Visit, key: Body) -> None:
    visit.documents.put("signingKey", key["kid"], key)


def _made(visit: Visit) -> Body:
    from cryptography.hazmat.primitives.serialization import pkcs7  # slow, for it brings along an e-mail parser

    private = rsa_keys.deal()
    signed = _certified(visit, private)
    return {
        "kid": ids.key(),
        "cert": _pem(signed.public_bytes(serialization.Encoding.PEM)),
        "pkcs7": _pem(pkcs7.serialize_certificates([signed], serialization.Encoding.PEM)),
        "private": rsa_keys.private_pem(private),
    }


def _certified(visit: Visit, private: rsa.RSAPrivateKey) -> x509.Certificate:
    """A self-signed certificate with these three extensions and no others (recording 51, decoded)."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain(visit))])
    now = datetime.fromtimestamp(int(visit.world.clock.now()), UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(int.from_bytes(secrets.token_bytes(9)) >> 1)
        .not_valid_before(now)
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(_USAGE, critical=True)
        .sign(private, hashes.SHA256())
    )


def _pem(text: bytes) -> str:
    return text.decode().replace("\n", "\r\n")


def shown(key: Body) -> Body:
    """The key as answers hold it, without its private half (OpenAPI: getSigningKeys)."""
    facts = {name: value for name, value in key.items() if name != "private"}
    print_ = fingerprint(key)
    return facts | {"fingerprint": print_, "thumbprint": print_.replace(":", ""), "revoked": bool(key.get("revoked"))}


def list_keys(call: Call) -> Answer:
    """Every key that is or was in use, and the next one."""
    return Answer([shown(key) for key in of(call.visit)])


def read(call: Call) -> Answer:
    """One key."""
    return Answer(shown(_require(call)))


def _require(call: Call) -> Body:
    key = find(call.visit, call.path["kid"])
    if key is None:
        raise errors.not_found("Signing key not found.")
    return key


def rotate(call: Call) -> Answer:
    """The next key becomes the current one, and the current one a previous one (OpenAPI: rotateSigningKeys)."""
    call.need("create:signing_keys", "update:signing_keys")
    for key in of(call.visit):
        if key.pop("current", False):
            _save(call.visit, key | {"previous": True, "current_until": call.now})
        elif key.pop("next", False):
            turned = key | {"current": True, "current_since": call.now}
            _save(call.visit, turned)
    _save(call.visit, _made(call.visit) | {"next": True})
    return Answer({"cert": turned["cert"], "kid": turned["kid"]}, 201)


def revoke(call: Call) -> Answer:
    """A previous key is not to be trusted any more; the wording for other keys is a guess."""
    key = _require(call)
    if not key.get("previous"):
        raise errors.bad_request("Only a previously used signing key can be revoked.", "invalid_signing_key")
    _save(call.visit, key | {"revoked": True, "revoked_at": call.now})
    return Answer({"cert": key["cert"], "kid": key["kid"]})


@functools.lru_cache(maxsize=64)
def private_key(pem: str) -> Any:
    """The private key of a PEM, parsed once."""
    return serialization.load_pem_private_key(pem.encode(), None)


OPERATIONS = (
    Operation("GET", "/api/v2/keys/signing", list_keys, ("read:signing_keys",)),
    Operation("GET", "/api/v2/keys/signing/{kid}", read, ("read:signing_keys",)),
    Operation("POST", "/api/v2/keys/signing/rotate", rotate, ("create:signing_keys",)),
    Operation("PUT", "/api/v2/keys/signing/{kid}/revoke", revoke, ("update:signing_keys",)),
)
