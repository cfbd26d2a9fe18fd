"""Twilio Console's page for single sign-on: where it is, and what people should know of its fields. Pure."""

from __future__ import annotations

from typing import NamedTuple

# Twilio guide "Configure Okta IdP with Flex", step "Configure Flex with your new SAML credentials".
PAGE = "https://console.twilio.com/us1/develop/flex/users-and-access/single-sign-on"
WHERE = ("Twilio Console", "Flex", "Users and access", "Single sign-on (SSO)")


class Notes(NamedTuple):
    """What differs from one identity provider to the next, in sentences: two fields of the form, and what may happen.

    `refusal` is how the provider itself turns somebody away, `remedy` what helps then.
    """

    trusted_urls: str
    login_popup: str
    rotation: str
    refusal: str
    remedy: str
