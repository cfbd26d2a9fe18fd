"""A certificate authority of this sandbox alone, and certificates of it for whatever local name a client asks for."""

import ipaddress
import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioner.sandbox.hosts import UnknownHostError, tenant_of

LIFETIME = timedelta(days=825)
"""Longer ones are refused by Apple's clients."""

_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class Authority:
    """The local authority: its certificate in `sandbox-ca.pem` under `home`, its key beside it for the owner only.

    It can vouch for localhost, names below it and loopback addresses alone, so trusting it opens nothing else.
    """

    def __init__(self, home: Path) -> None:
        self.file = home / "sandbox-ca.pem"
        key_file = home / "sandbox-ca.key"
        if not (self.file.exists() and key_file.exists()):
            home.mkdir(parents=True, exist_ok=True)
            self._create(key_file)
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key_file} holds another kind of key; delete it and {self.file}.")
        self._key = key
        self._certificate = x509.load_pem_x509_certificate(self.file.read_bytes())

    def _create(self, key_file: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provisioner sandbox (this machine only)")])
        permitted = [x509.DNSName("localhost"), *(x509.IPAddress(network) for network in _LOOPBACK)]
        certificate = (
            _builder(name, name, key.public_key(), key.public_key(), timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_private(key_file, key)
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def context(self) -> ssl.SSLContext:
        """Give a server's TLS context that has a certificate for every name of the sandbox.

        Wildcards would not do: OpenSSL does not match `*.localhost`, and no wildcard covers `acme.okta.localhost`.
        """
        contexts: dict[str, ssl.SSLContext] = {}

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            try:
                tenant_of(name or "localhost")
            except UnknownHostError:
                return  # the default certificate, which the client then refuses
            if name and name not in contexts:
                contexts[name] = self._context_for(name)
            if name:
                connection.context = contexts[name]

        default = self._context_for("localhost")
        default.sni_callback = choose
        return default

    def _context_for(self, name: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provisioner sandbox")])
        names = [x509.DNSName(name), *(x509.IPAddress(network.network_address + n) for network, n in _ADDRESSES)]
        certificate = (
            _builder(subject, self._certificate.subject, key.public_key(), self._key.public_key(), LIFETIME)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The ssl module reads keys from files only.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "leaf.pem"
            _write_private(file, key)
            with file.open("ab") as stream:
                stream.write(certificate.public_bytes(Encoding.PEM))
            context.load_cert_chain(file)
        return context


_ADDRESSES = ((_LOOPBACK[0], 1), (_LOOPBACK[1], 0))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    """Give what authority and leaf have in common. Real time: the clients hold it against theirs."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
