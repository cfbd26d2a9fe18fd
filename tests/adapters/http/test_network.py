"""The system's own network, on loopback: certificates, refused and broken connections, proxies."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from provisioner.adapters.http import Network
from provisioner.adapters.http.clock import LoopClock
from provisioner.errors import NetworkError

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Hurry(LoopClock):
    """Waits for nothing."""

    async def sleep(self, delay: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def fetch(
    answer: bytes = ANSWER, *, scheme: str = "http", tls: ssl.SSLContext | None = None, url: str = ""
) -> list[bytes]:
    """Get something from a server that says `answer` and hangs up; returns the first line of each request."""

    async def main() -> list[bytes]:
        lines: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            lines.append((await reader.read(65536)).partition(b"\r\n")[0])
            writer.write(answer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
            port = server.sockets[0].getsockname()[1]
            address = url.replace("PORT", str(port)) or f"{scheme}://127.0.0.1:{port}"
            async with Network(clock=Hurry()).open_client(address, bucket_of=lambda _, path: path) as tenant:
                await tenant.client.get("/api")
        return lines

    return asyncio.run(main())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_untrusted_certificate(certificate: Path) -> None:
    """An unknown authority is named as such, with what to set."""
    with pytest.raises(NetworkError, match=r"certificate of 127\.0\.0\.1:\d+ is not trusted") as caught:
        fetch(scheme="https", tls=server_context(certificate))
    assert "SSL_CERT_FILE" in caught.value.hint


def test_ssl_cert_file_is_honoured(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE adds an authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(scheme="https", tls=server_context(certificate)) == [b"GET /api HTTP/1.1"]


def test_truncated_answer() -> None:
    """A body shorter than announced is never taken for an answer."""
    with pytest.raises(NetworkError, match="broke off its answer"):
        fetch(ANSWER.replace(b"length: 2", b"length: 99"))


def test_names_below_localhost(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are this machine, whatever the resolver says; the certificate must be for the name."""
    assert fetch(url="http://acme.localhost:PORT") == [b"GET /api HTTP/1.1"]

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(NetworkError, match=r"certificate of acme\.localhost:\d+ is not trusted: Hostname mismatch"):
        fetch(url="https://acme.localhost:PORT", tls=server_context(certificate))


def test_refused_connection() -> None:
    """Nobody listening is said as it is."""
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:1 refuses the connection"):
        fetch(url="http://127.0.0.1:1")


def test_plain_server_behind_https() -> None:
    """https spoken to a server that does not speak it is explained, too."""
    with pytest.raises(NetworkError, match="TLS"):
        fetch(scheme="https")


def test_proxies_of_the_system_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY carries the request, NO_PROXY exempts a host from it, and this machine needs no exemption."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert fetch() == [b"GET /api HTTP/1.1"]
    with pytest.raises(NetworkError, match="refuses the connection"):
        fetch(url="http://0.0.0.0:PORT")

    monkeypatch.setenv("NO_PROXY", "0.0.0.0")
    assert fetch(url="http://0.0.0.0:PORT") == [b"GET /api HTTP/1.1"]


@pytest.mark.parametrize("proxy", ["hush", "socks9://me:hush@127.0.0.1"])
def test_a_proxy_that_is_none(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that makes no sense is not repeated: it may hold a password."""
    monkeypatch.setenv("HTTP_PROXY", proxy)

    with pytest.raises(NetworkError, match="proxy that the environment names cannot be used") as caught:
        fetch(url="http://acme.example")
    assert "HTTP_PROXY" in caught.value.hint


def test_authorities_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE is named where it names nothing."""
    monkeypatch.setenv("SSL_CERT_FILE", "nosuch.pem")

    with pytest.raises(NetworkError, match="authorities cannot be read") as caught:
        fetch(scheme="https")
    assert "SSL_CERT_FILE" in caught.value.hint
