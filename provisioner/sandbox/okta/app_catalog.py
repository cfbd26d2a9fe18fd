"""The kinds of app that the sandbox can create: the custom ones by sign-on mode, and a few of the vendor's catalogue.

Settings, links and modes are those of the recorded answers; an app of the catalogue that was never recorded is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCHEMES = frozenset({"BROWSER_PLUGIN", "SECURE_PASSWORD_STORE", "BASIC_AUTH", "AUTO_LOGIN"})
"""The modes in which Okta fills in user names and passwords."""
SIGNED = frozenset({"SAML_2_0", "SAML_1_1", "OPENID_CONNECT"})
"""The modes that have a signing key."""

FULL_LOGOUT = {
    "status": "DISABLED",
    "supportType": "FULL",
    "identityStack": "NOT_SHARED",
    "protocol": "GLOBAL_TOKEN_REVOCATION",
}
NO_LOGOUT = {"status": "UNSUPPORTED"}


@dataclass(frozen=True)
class Template:
    """What is known of an app before any request: how it signs on, and which settings of its own it has."""

    mode: str | None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The app's own settings with their defaults (`settings.app`); a request may name these and no others."""
    required: tuple[str, ...] = ()
    links: Mapping[str, bool] | None = None
    """The app links; by default one, named after the app."""
    logout: Mapping[str, str] = field(default_factory=lambda: NO_LOGOUT)
    licensing: Mapping[str, Any] | None = None
    """What the app says of licences, where it does."""
    custom: bool = False
    """Made by the App Wizard: the name is generated, and the settings cannot be replaced while inactive."""
    asked: str | None = None
    """The `signOnMode` that a request names, where it is not the one that answers show."""


_LOGIN = {"login": True}
_OFFICE_TILES = re.findall(
    r"\w+",
    "calendar crm delve excel forms mail newsfeed onedrive people planner powerbi powerpoint sites sway tasks teams"
    " word yammer",
)

CUSTOM = {
    "SAML_2_0": Template("SAML_2_0", logout=FULL_LOGOUT, custom=True),
    "AUTO_LOGIN": Template("AUTO_LOGIN", custom=True),
}
"""Apps that a request creates without a `name`, by `signOnMode`."""

CATALOG = {
    "oidc_client": Template("OPENID_CONNECT", logout=FULL_LOGOUT),
    "bookmark": Template("BOOKMARK", {"requestIntegration": False, "url": None}, ("url",), _LOGIN),
    "template_swa": Template(
        "BROWSER_PLUGIN",
        dict.fromkeys(
            (
                "loginUrlRegex",
                "usernameField",
                "redirectUrl",
                "buttonField",
                "checkbox",
                "passwordField",
                "url",
            )
        ),
        ("buttonField", "passwordField", "usernameField", "url"),
        _LOGIN,
    ),
    "template_swa3field": Template(
        "BROWSER_PLUGIN",
        dict.fromkeys(
            (
                "loginUrlRegex",
                "extraFieldSelector",
                "extraFieldValue",
                "redirectUrl",
                "userNameSelector",
                "passwordSelector",
                "buttonSelector",
                "targetURL",
            )
        ),
        ("buttonSelector", "passwordSelector", "userNameSelector", "targetURL"),
        _LOGIN,
    ),
    "template_sps": Template(
        "SECURE_PASSWORD_STORE",
        dict.fromkeys(
            (
                "usernameField",
                "passwordField",
                "url",
                *(f"optionalField{number}{end}" for number in (1, 2, 3) for end in ("", "Value")),
            )
        ),
        ("passwordField", "usernameField", "url"),
        _LOGIN,
    ),
    "template_basic_auth": Template(
        "BASIC_AUTH", dict.fromkeys(("loginUrlRegex", "authURL", "url")), ("authURL", "url"), _LOGIN
    ),
    "pagerduty": Template("SAML_2_0", dict.fromkeys(("adminUserId", "baseUrl", "subdomain")), links=_LOGIN),
    "sharepoint_onpremise": Template(
        "SAML_1_1", dict.fromkeys(("groupFilter", "siteURL", "attributeStatements")), ("siteURL",), _LOGIN
    ),
    "strongdm": Template("OPENID_CONNECT", {"base_url": None}),
    "deel": Template("OPENID_CONNECT"),
    "applauz": Template("OPENID_CONNECT"),
    "deelhr": Template(None, asked="AUTO_LOGIN"),
    "aws_console": Template("BROWSER_PLUGIN", links={"aws_console_login": True}, asked="AUTO_LOGIN"),
    "office365": Template(
        "BROWSER_PLUGIN",
        {
            "tenantType": None,
            "wsFedConfigureType": None,
            "occSettings": None,
            "windowsTransportEnabled": False,
            "domain": None,
            "msftTenant": None,
            "domains": [],
            "office365ProvisioningType": None,
            "requireAdminConsent": False,
            "office365FlexibleProvisioningMode": None,
        },
        ("msftTenant",),
        dict.fromkeys(_OFFICE_TILES, False) | _LOGIN,
        {"status": "DISABLED", "supportType": "PARTIAL", "identityStack": "SHARED", "protocol": "PROPRIETARY"},
        {"seatCount": 0},
        asked="AUTO_LOGIN",
    ),
}
"""Apps by the `name` that a request gives."""


def of(app: Mapping[str, Any]) -> Template:
    """The template of an app that exists."""
    return CATALOG.get(app["name"]) or CUSTOM.get(app["signOnMode"]) or Template(app["signOnMode"])
