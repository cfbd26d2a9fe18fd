"""The Flex values: what an administrator pastes into Twilio Console, from the plan and the live identity provider."""

from __future__ import annotations

import base64
import hashlib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from provisioner.core.adapter import IdpFacts
from provisioner.errors import VendorError
from provisioner.flex.addresses import Sso, acs_url, audience, login_link

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(?P<body>[A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


class Console(Sso, Protocol):
    """The `flex` section of a plan: the SSO connection and what the Console form asks for."""

    @property
    def friendly_name(self) -> str | None:
        """Name of the connection."""

    @property
    def runtime_domain(self) -> str | None:
        """Last part of https://flex.twilio.com/RUNTIME-DOMAIN."""

    @property
    def default_redirect_url(self) -> str | None:
        """Where a login that the IdP starts ends up."""

    @property
    def trusted_urls(self) -> list[str]:
        """Origins of a self-hosted Flex UI."""

    @property
    def login_popup(self) -> bool | None:
        """The switch "Login using popup"."""

    @property
    def login_url(self) -> str | None:
        """Where agents sign in."""


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of the Console form and what belongs to them; None: nothing to fill in."""

    certificate_pem: str
    certificate_sha256: str
    certificate_not_after: str
    next_certificate_pem: str | None
    issuer: str
    sso_url: str
    acs_url: str
    audience: str
    friendly_name: str
    default_redirect_url: str | None
    trusted_urls: tuple[str, ...]
    login_popup: bool
    login_url: str | None

    def as_json(self) -> dict[str, Any]:
        """The same for `json.dumps`; these names are a promise to scripts."""
        return asdict(self) | {"trusted_urls": list(self.trusted_urls)}

    def form(self) -> list[tuple[str, str]]:
        """The fields of the Console's form beside the certificate, under its names and in its order."""
        fields = [
            ("Friendly name", self.friendly_name),
            ("Identity Provider Issuer", self.issuer),
            ("Single Sign-on URL", self.sso_url),
            ("Default redirect URL", self.default_redirect_url),
            ("Trusted URLs", ", ".join(self.trusted_urls)),
            ("Login using popup", "on" if self.login_popup else "off"),
        ]
        return [(name, text) for name, text in fields if text]

    def beside(self) -> list[tuple[str, str]]:
        """What to compare and to know: the login link, Flex's own addresses, the certificates."""
        fields = [
            ("Login URL", self.login_url),
            ("ACS URL", self.acs_url),
            ("Audience URI", self.audience),
            ("Certificate SHA-256", self.certificate_sha256),
            ("Certificate ends", self.certificate_not_after),
            *self._next_certificate(),
        ]
        return [(name, text) for name, text in fields if text]

    def pairs(self) -> list[tuple[str, str]]:
        """All of it beside the certificate itself."""
        return [*self.form(), *self.beside()]

    def _next_certificate(self) -> list[tuple[str, str]]:
        """One that waits: Flex must have it before the identity provider signs with it. JSON has it whole."""
        if not (waits := self.next_certificate_pem):
            return []
        return [("Next certificate SHA-256", fingerprint(waits)), ("Next certificate ends", _ending(waits))]


def values(
    flex: Console, facts: IdpFacts, *, application: str, login_popup: bool = False, trusted_urls: Sequence[str] = ()
) -> Values:
    """What to paste. `application` names the connection and `login_popup` sets the switch where the plan does neither.

    `trusted_urls` are those that the provider's own guide asks for; they come after the plan's.

    A hosted Flex UI is its own redirect URL and login URL (Twilio guide "Configure Google Workspace", Console fields).

    Raises `VendorError` where a certificate cannot be read: better no values than ones that lock everybody out.
    """
    _check(facts)
    hosted = login_link(flex.runtime_domain) if flex.runtime_domain else None
    return Values(
        certificate_pem=pem(der(facts.certificate)),
        certificate_sha256=fingerprint(facts.certificate),
        certificate_not_after=_ending(facts.certificate),
        next_certificate_pem=pem(der(facts.next_certificate)) if facts.next_certificate else None,
        issuer=facts.issuer,
        sso_url=facts.sso_url,
        acs_url=acs_url(flex),
        audience=audience(flex),
        friendly_name=flex.friendly_name or application,
        default_redirect_url=flex.default_redirect_url or hosted,
        trusted_urls=tuple(dict.fromkeys([*flex.trusted_urls, *trusted_urls])),
        login_popup=login_popup if flex.login_popup is None else flex.login_popup,
        login_url=flex.login_url or hosted,
    )


def _check(facts: IdpFacts) -> None:
    try:
        not_after(facts.certificate)
        if facts.next_certificate:
            not_after(facts.next_certificate)
    except ValueError as error:
        raise VendorError(
            f"the identity provider's certificate cannot be read: {error}",
            status=200,
            hint="look at the application's signing certificates in the admin console",
        ) from None


def der(certificate: str) -> bytes:
    """The certificate's bytes. Raises `ValueError` where the text is not one certificate in PEM."""
    found = _PEM.fullmatch(certificate.strip())
    if not found:
        raise ValueError("not one certificate in PEM")
    return base64.b64decode("".join(found["body"].split()), validate=True)


def pem(certificate: bytes) -> str:
    """PEM with lines of 64 columns: vendors fold at 64 or 76, and the Console takes the whole block."""
    body = textwrap.fill(base64.b64encode(certificate).decode(), 64)
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def fingerprint(certificate: str) -> str:
    """SHA-256 of a PEM certificate, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(der(certificate)).hexdigest()


def _ending(certificate: str) -> str:
    return not_after(certificate).strftime("%Y-%m-%dT%H:%M:%SZ")


def not_after(certificate: str) -> datetime:
    """When a PEM certificate ends, in UTC. Raises `ValueError` where it cannot be understood."""
    # Imported late: it is slow to load, and only this needs it.
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(der(certificate)).not_valid_after_utc
