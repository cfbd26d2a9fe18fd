"""One SSO connection of Flex: its addresses, which follow from its SID, and what was pasted for it."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from provisioner.sandbox.world import Visit

_SID = re.compile(r"(JQ|AC)[0-9a-f]{32}")


@dataclass(frozen=True)
class Connection:
    """What the Console form holds. SID `JQ…` is enhanced SSO, `AC…` (the account's) is legacy SSO."""

    sid: str
    certificate_pem: str
    issuer: str
    sso_url: str
    friendly_name: str = ""
    default_redirect_url: str = ""
    trusted_urls: tuple[str, ...] = ()
    login_popup: bool = False

    @property
    def legacy(self) -> bool:
        """Whether this is the SSO that Twilio ended on 2026-03-31."""
        return is_legacy(self.sid)

    @property
    def acs_url(self) -> str:
        """Twilio's real address, which responses must name; the sandbox's own stands in for it."""
        return acs_url(self.sid)

    @property
    def audience(self) -> str:
        """The entity ID."""
        return audience(self.sid)

    @property
    def acs_path(self) -> str:
        """Where the sandbox takes this connection's responses."""
        return acs_path(self.sid)


def is_sid(text: str) -> bool:
    """Whether the text is a connection's or an account's SID (shape of public samples)."""
    return _SID.fullmatch(text) is not None


def is_legacy(sid: str) -> bool:
    """Whether the SID is an account's."""
    return sid.startswith("AC")


def acs_url(sid: str) -> str:
    """Twilio's assertion consumer service for this SID (guide for Okta: Single sign on URL)."""
    if is_legacy(sid):
        return f"https://iam.twilio.com/v1/Accounts/{sid}/saml2"
    return f"https://login.flex.us1.twilio.com/login/callback?connection={sid}"


def audience(sid: str) -> str:
    """Twilio's entity ID for this SID (guide for Okta: Audience URI)."""
    return f"{acs_url(sid)}/metadata" if is_legacy(sid) else f"urn:flex:{sid}"


def acs_path(sid: str) -> str:
    """The same below the sandbox's origin."""
    return f"/flex/v1/Accounts/{sid}/saml2" if is_legacy(sid) else f"/flex/login/callback?connection={sid}"


def sid_within(text: str) -> str:
    """The first SID in an address or entity ID, or nothing."""
    match = _SID.search(text)
    return match[0] if match else ""


def save(visit: Visit, connection: Connection) -> None:
    """Keep the connection in place of the former: a Flex account has one that is in use."""
    visit.documents.put("connection", "sso", asdict(connection))


def load(visit: Visit) -> Connection | None:
    """The connection in use."""
    body = visit.documents.get("connection", "sso")
    return None if body is None else Connection(**{**body, "trusted_urls": tuple(body["trusted_urls"])})


def as_json(connection: Connection) -> dict[str, Any]:
    """The connection with the addresses that follow from its SID."""
    derived = {"acs_url": connection.acs_url, "audience": connection.audience}
    return {**asdict(connection), "trusted_urls": list(connection.trusted_urls), **derived}
