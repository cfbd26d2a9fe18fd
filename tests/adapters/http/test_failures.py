"""Failures below HTTP, in words: what happened, where, what to do."""

from __future__ import annotations

import socket
import ssl

import httpx
import pytest

from provisioner.adapters.http.body import Unbounded
from provisioner.adapters.http.failures import is_hopeless, network_error
from provisioner.adapters.http.redact import HIDDEN, shown_headers, shown_path, shown_text

URL = httpx.URL("https://user:secret@acme.okta.example:8443/api/v1/apps")


def caused(by: BaseException) -> httpx.ConnectError:
    error = httpx.ConnectError("failed")
    error.__cause__ = by
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "message", "hint", "hopeless"),
    [
        (
            caused(untrusted()),
            "certificate of acme.okta.example:8443 is not trusted: self-signed",
            "SSL_CERT_FILE",
            True,
        ),
        (caused(ssl.SSLError(1, "WRONG_VERSION_NUMBER")), "no TLS connection", "https", False),
        (caused(socket.gaierror(socket.EAI_NONAME, "unknown")), "name acme.okta.example cannot", "typing error", True),
        (caused(socket.gaierror(socket.EAI_AGAIN, "later")), "cannot be resolved", "DNS", False),
        (caused(ExceptionGroup("all", [ConnectionRefusedError()])), "refuses the connection", "running", False),
        (httpx.ConnectTimeout(""), "cannot be reached", "firewall", False),
        (httpx.ReadTimeout(""), "did not answer in time", "try again", False),
        (httpx.RemoteProtocolError("closed"), "broke off its answer", "try again", False),
        (httpx.DecodingError("not JSON"), "the answer of acme.okta.example:8443 cannot be read", "try again", False),
        (Unbounded("sends too much"), "acme.okta.example:8443 sends too much", "address", True),
        (httpx.LocalProtocolError("bad value b'SSWS secret'"), "cannot be sent as it is", "credentials", True),
        (httpx.ProxyError("407 for Basic dXNlcjpzZWNyZXQ="), "the proxy", "HTTPS_PROXY", False),
        (httpx.ReadError(""), "the connection to acme.okta.example:8443 failed: ReadError", "proxy", False),
        (httpx.UnsupportedProtocol("no scheme"), "no scheme", "", True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_failure_is_explained(error: httpx.RequestError, message: str, hint: str, hopeless: bool) -> None:
    """Each kind of failure names host, cause and remedy, and no credentials; some are not worth a second try."""
    explained = network_error(error, URL)

    assert message in explained.message
    assert hint in explained.hint
    assert not any(secret in explained.message for secret in ("secret", "dXNlcjpzZWNyZXQ="))
    assert is_hopeless(error) is hopeless


def test_headers_are_shown_by_name() -> None:
    """Only listed headers are shown, however they are spelt."""
    headers = {"X-Okta-Request-Id": "r", "Authorization": "SSWS t", "DPoP": "p", "Set-Cookie": "c", "Date": "d"}
    assert shown_headers(headers) == {"x-okta-request-id": "r", "date": "d"}


def test_people_are_hidden_in_paths() -> None:
    """A login in a path is hidden, encoded or not."""
    assert shown_path("/api/v1/users/ana@x.example/groups") == f"/api/v1/users/{HIDDEN}/groups"
    assert shown_path("/api/v1/users/ana%40x.example") == f"/api/v1/users/{HIDDEN}"


@pytest.mark.parametrize(
    "secret",
    [
        "SSWS 00abcdefghij",
        "DPoP eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.sig",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.sig",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_tokens_are_hidden_in_words(secret: str) -> None:
    """Whatever quotes a token, an assertion or a key is shown without it."""
    assert shown_text(f"bad: {secret} (see log)") == f"bad: {HIDDEN} (see log)"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("client_secret=s3cr3t-of-ours rejected", f"client_secret={HIDDEN} rejected"),
        ('{"password": "correct horse", "x": 1}', f'{{"password": "{HIDDEN}", "x": 1}}'),
        ('{\\"client_secret\\":\\"hunter\\"}', f'{{\\"client_secret\\":\\"{HIDDEN}\\"}}'),
        ("API token: 00aBcDeFgH, expired", f"API token: {HIDDEN}, expired"),
        ("password: Password requirements were not met", None),
        ("PasswordStrengthError: Password is too weak", None),
        ("Expired token: renew it 12345678 times", None),
        ("on property client_secret (must be a text)", None),
    ],
)
def test_what_stands_behind_the_name_of_a_secret_is_hidden(said: str, shown: str | None) -> None:
    """Quoted values all, bare ones that look like secrets; words about a secret stay."""
    assert shown_text(said) == (shown or said)
