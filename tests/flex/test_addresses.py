from dataclasses import dataclass
from typing import Literal

from provisioner.flex.addresses import acs_url, audience, login_link

JQ = "JQ0123456789abcdef0123456789abcdef"
AC = "AC0123456789abcdef0123456789abcdef"


@dataclass
class Section:
    sso: Literal["enhanced", "legacy"]
    connection_sid: str | None = None
    account_sid: str | None = None


def test_the_addresses_of_enhanced_sso() -> None:
    """As the guide "Configure Okta IdP with Flex" shows them."""
    flex = Section("enhanced", connection_sid=JQ)
    assert acs_url(flex) == f"https://login.flex.us1.twilio.com/login/callback?connection={JQ}"
    assert audience(flex) == f"urn:flex:{JQ}"


def test_the_addresses_of_legacy_sso() -> None:
    """As the guide "Configure Okta IdP with Flex" shows them."""
    flex = Section("legacy", account_sid=AC)
    assert acs_url(flex) == f"https://iam.twilio.com/v1/Accounts/{AC}/saml2"
    assert audience(flex) == f"https://iam.twilio.com/v1/Accounts/{AC}/saml2/metadata"


def test_the_login_link_of_a_hosted_ui() -> None:
    """The guide "SSO configuration": the runtime domain behind flex.twilio.com."""
    assert login_link("acme-1234") == "https://flex.twilio.com/acme-1234"
