"""The addresses by which Flex receives a SAML response, derived from the SIDs of a plan."""

from __future__ import annotations

from typing import Literal, Protocol

# Twilio's guides know this host alone. `us1` is a region label, so what is only compared uses `rules`' pattern instead.
_ENHANCED = "https://login.flex.us1.twilio.com/login/callback?connection={sid}"
_ENHANCED_AUDIENCE = "urn:flex:{sid}"
_LEGACY = "https://iam.twilio.com/v1/Accounts/{sid}/saml2"
_UI = "https://flex.twilio.com/{runtime_domain}"


class Sso(Protocol):
    """What the addresses are made from: the `flex` section of a plan."""

    @property
    def sso(self) -> Literal["enhanced", "legacy"]:
        """Which of Twilio's two kinds of SSO."""

    @property
    def connection_sid(self) -> str | None:
        """The SID of the SSO connection (JQ…), there with enhanced SSO."""

    @property
    def account_sid(self) -> str | None:
        """The SID of the account (AC…), there with legacy SSO."""


def acs_url(flex: Sso) -> str:
    """The URL to which the IdP posts its response (Twilio guide "Configure Okta IdP with Flex", Single sign on URL)."""
    return _LEGACY.format(sid=flex.account_sid) if flex.sso == "legacy" else _ENHANCED.format(sid=flex.connection_sid)


def audience(flex: Sso) -> str:
    """The SP entity ID (Twilio guide "Configure Okta IdP with Flex", Audience URI)."""
    if flex.sso == "legacy":
        return f"{acs_url(flex)}/metadata"
    return _ENHANCED_AUDIENCE.format(sid=flex.connection_sid)


def login_link(runtime_domain: str) -> str:
    """Where agents of a hosted Flex UI sign in (Twilio guide "SSO configuration")."""
    return _UI.format(runtime_domain=runtime_domain)
