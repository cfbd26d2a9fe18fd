"""The org itself: its settings, the features it has, and its addresses; who lives in it is elsewhere.

Recorded orgs differ by features that were switched on over the years, and the keys of their answers with them. The
sandbox plays an Identity Engine org of 2026 with all of them, unless `set_features` says otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from provisioner.sandbox.okta import ids
from provisioner.sandbox.okta.wire import Answer, Call, Operation
from provisioner.sandbox.world import Visit

IDENTITY_ENGINE = "identity_engine"
"""Apps have access policies; missing in Classic orgs (recording 02)."""
ENTITLEMENTS = "entitlement_management"
"""Apps show `emOptInStatus` (recording 03; not in 01)."""
UNIVERSAL_LOGOUT = "universal_logout"
"""Apps show `universalLogout` (recording 03; not in 01)."""
LOGOUT_LICENCE = "universal_logout_licence"
"""`universalLogout` has a value; without the licence it is null (replay: oidc_client of 2026-02)."""
FOLDED_RELAY_STATE = "folded_relay_state"
"""An empty `defaultRelayState` of a SAML app comes back as null (recording 03; not in 01)."""
FRONT_CHANNEL_LOGOUT = "front_channel_logout"
"""OpenID Connect clients show `participate_slo` (replay: oidc_client; not in every org of 2026)."""
FEDERATED_CLAIMS = "federated_claims"
"""Apps have federated claims (recording 47; refused in 46)."""
ACCOUNT_EMAILS = "account_emails"
"""Credentials list the user's verified e-mail addresses (recording 28; not in 21). Off by default."""
REALMS = "realms"
"""Users show `realmId` (recording 21; not in 28)."""
GROUP_OWNERS = "group_owners"
"""Groups link to their owners (recording 41; not in 44)."""
EMAIL_FACTOR = "email_factor"
"""Users link to `resetFactors` while they have no other factor (recording 22)."""
ATTRIBUTE_SOURCING = "attribute_sourcing"
"""Schema attributes show their `master` (recording 52)."""
FEATURES = (
    IDENTITY_ENGINE,
    ENTITLEMENTS,
    UNIVERSAL_LOGOUT,
    LOGOUT_LICENCE,
    FOLDED_RELAY_STATE,
    FRONT_CHANNEL_LOGOUT,
    FEDERATED_CLAIMS,
    REALMS,
    GROUP_OWNERS,
    EMAIL_FACTOR,
    ATTRIBUTE_SOURCING,
)

STATIC = "https://op3static.oktacdn.com/assets/img/logos"


def seed(visit: Visit, admin: str) -> None:
    """Write the org's own document; `admin` is the user who owns the API token, while there is one.

    All OpenID Connect apps sign with the org's one key, `kid` (replay: oidc_client).
    """
    now = ids.stamp(visit.world.clock.now())
    body = {
        "id": ids.new("00o"),
        "admin": admin,
        "created": now,
        "realm": ids.new("guo"),
        "signInPolicy": ids.new("rst"),
        "enrollmentPolicy": ids.new("rst"),
        "kid": secrets.token_urlsafe(32),
        "serial": 0,
        "features": list(FEATURES),
    }
    visit.documents.put("org", "org", body)


def load(visit: Visit) -> dict[str, Any]:
    """The org's document."""
    return visit.documents.get("org", "org") or {}


def features(visit: Visit) -> frozenset[str]:
    """The features the org has."""
    return frozenset(load(visit)["features"])


def set_features(visit: Visit, names: Iterable[str]) -> None:
    """Give the org exactly these features."""
    visit.documents.put("org", "org", load(visit) | {"features": list(names)})


def revoke_token(visit: Visit, owner: str) -> None:
    """End the API token for good if it is this user's (vendor's support article on deactivated API tokens).

    A token also ends after thirty days without use; a sandbox may rest longer.
    """
    body = load(visit)
    if body["admin"] == owner:
        visit.documents.put("org", "org", body | {"admin": None})


def next_serial(visit: Visit) -> int:
    """Count up; custom apps carry the number in their name (recording 01: `…_13`)."""
    body = load(visit)
    body["serial"] += 1
    visit.documents.put("org", "org", body)
    return int(body["serial"])


def subdomain(visit: Visit) -> str:
    """The org's name in app names and certificates: the tenant's, in the characters of a host name."""
    return "".join(char if char.isalnum() else "-" for char in visit.tenant.lower()).strip("-") or "sandbox"


def admin_origin(visit: Visit) -> str:
    """The address of the Admin Console: the org's, with `-admin` after the subdomain (recording 01)."""
    scheme, _, host = visit.origin.partition("://")
    first, dot, rest = host.partition(".")
    return f"{scheme}://{first}-admin{dot}{rest}" if dot else visit.origin


def settings(call: Call) -> Answer:
    """The org's settings (replay: getOrgSettings)."""
    body = load(call.visit)
    empty = dict.fromkeys(("address1", "address2", "city", "state", "country", "postalCode"))
    shown = {
        "id": body["id"],
        "subdomain": subdomain(call.visit),
        "companyName": subdomain(call.visit),
        "status": "ACTIVE",
        "expiresAt": None,
        "created": body["created"],
        "lastUpdated": body["created"],
        "website": "",
        "phoneNumber": "",
        "endUserSupportHelpURL": "",
        "supportPhoneNumber": "",
    }
    return Answer(shown | empty | {"_links": _links(call)})


def _links(call: Call) -> dict[str, Any]:
    return {
        "preferences": {"href": call.href("org/preferences")},
        "uploadLogo": {"href": call.href("org/logo"), "hints": {"allow": ["POST"]}},
        "oktaCommunication": {"href": call.href("org/privacy/oktaCommunication")},
        "logo": {"href": f"{STATIC}/okta-logo.png"},
        "oktaSupport": {"href": call.href("org/privacy/oktaSupport")},
        "contacts": {"href": call.href("org/contacts")},
    }


def well_known(call: Call) -> Answer:
    """What anyone may know about the org (recording 53)."""
    switches = ("analyticsCollectionEnabled", "omEnabled", "pssoEnabled", "desktopMFAEnabled", "itpEnabled")
    body = {
        "id": load(call.visit)["id"],
        "cell": "op3",
        "_links": {"organization": {"href": call.visit.origin}},
        "pipeline": "idx" if IDENTITY_ENGINE in features(call.visit) else "v1",
        "settings": dict.fromkeys(switches, False) | {"bugReportingEnabled": True},
    }
    return Answer(body)


PUBLIC = ""
"""The scope of an operation that asks for no credentials."""

OPERATIONS = (
    Operation("GET", "/api/v1/org", settings, "orgs"),
    Operation("GET", "/.well-known/okta-organization", well_known, PUBLIC),
)
