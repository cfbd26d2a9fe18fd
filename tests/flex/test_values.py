import base64
import hashlib
import textwrap
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioner.core.adapter import IdpFacts
from provisioner.errors import VendorError
from provisioner.flex.values import values

JQ = "JQ0123456789abcdef0123456789abcdef"
ENDS = datetime(2036, 11, 21, 20, 33, 5, tzinfo=UTC)


@dataclass
class Section:
    sso: Literal["enhanced", "legacy"] = "enhanced"
    connection_sid: str | None = JQ
    account_sid: str | None = None
    friendly_name: str | None = None
    runtime_domain: str | None = None
    default_redirect_url: str | None = None
    trusted_urls: list[str] = field(default_factory=list)
    login_popup: bool | None = None
    login_url: str | None = None


def make_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, ENDS - timedelta(days=3650), ENDS)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def folded(der: bytes, width: int) -> str:
    body = textwrap.fill(base64.b64encode(der).decode(), width)
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


DER = make_certificate()
FACTS = IdpFacts(
    issuer="http://www.okta.com/exk1", sso_url="https://acme.okta.com/app/x/exk1/sso/saml", certificate=folded(DER, 76)
)


def test_everything_that_the_console_asks_for() -> None:
    """The names are a promise to scripts; the certificate is folded at 64 columns whatever the vendor does."""
    assert values(Section(), FACTS, application="Twilio Flex").as_json() == {
        "certificate_pem": folded(DER, 64),
        "certificate_sha256": hashlib.sha256(DER).hexdigest(),
        "certificate_not_after": "2036-11-21T20:33:05Z",
        "next_certificate_pem": None,
        "issuer": "http://www.okta.com/exk1",
        "sso_url": "https://acme.okta.com/app/x/exk1/sso/saml",
        "acs_url": f"https://login.flex.us1.twilio.com/login/callback?connection={JQ}",
        "audience": f"urn:flex:{JQ}",
        "friendly_name": "Twilio Flex",
        "default_redirect_url": None,
        "trusted_urls": [],
        "login_popup": False,
        "login_url": None,
    }


def test_a_hosted_ui_is_where_logins_start_and_end() -> None:
    """The runtime domain stands in for both addresses, and each of them may be given instead."""
    hosted = values(Section(runtime_domain="acme-1234"), FACTS, application="Flex")
    assert hosted.login_url == hosted.default_redirect_url == "https://flex.twilio.com/acme-1234"
    own = values(Section(runtime_domain="acme-1234", login_url="https://flex.acme.example"), FACTS, application="Flex")
    assert (own.login_url, own.default_redirect_url) == (
        "https://flex.acme.example",
        "https://flex.twilio.com/acme-1234",
    )


def test_the_plan_has_the_last_word() -> None:
    """Name and popup are the provider's only where the plan says nothing."""
    section = Section(friendly_name="Acme", login_popup=False, trusted_urls=["https://flex.acme.example"])
    found = values(section, FACTS, application="Flex", login_popup=True)
    assert (found.friendly_name, found.login_popup, found.trusted_urls) == (
        "Acme",
        False,
        ("https://flex.acme.example",),
    )


def test_the_form_shows_only_what_there_is_to_fill_in() -> None:
    """Under the names of the Console, without empty lines and without the certificate, which is a block of its own."""
    names = [name for name, _ in values(Section(), FACTS, application="Flex").pairs()]
    assert names[:4] == ["Friendly name", "Identity Provider Issuer", "Single Sign-on URL", "Login using popup"]
    assert "Default redirect URL" not in names


def test_a_certificate_that_waits_is_told() -> None:
    """Flex must have it before the identity provider switches; people see that there is one, scripts get it whole."""
    waits = make_certificate()
    found = values(Section(), replace(FACTS, next_certificate=folded(waits, 64)), application="Flex")
    assert found.pairs()[-2:] == [
        ("Next certificate SHA-256", hashlib.sha256(waits).hexdigest()),
        ("Next certificate ends", "2036-11-21T20:33:05Z"),
    ]


@pytest.mark.parametrize("text", ["", "MIIB", folded(DER, 64) * 2, folded(b"none", 64)])
def test_what_is_not_one_certificate_is_refused(text: str) -> None:
    """Better no values than ones that lock everybody out."""
    with pytest.raises(VendorError, match="certificate cannot be read"):
        values(Section(), IdpFacts("i", "s", text), application="Flex")
