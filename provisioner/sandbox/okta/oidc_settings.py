"""What Okta makes of an OpenID Connect app's client settings; such apps are stored and shown, never signed on to."""

from __future__ import annotations

import secrets
from typing import Any

from provisioner.sandbox.okta import errors

Body = dict[str, Any]

_ALWAYS: Body = {
    "client_uri": None,
    "logo_uri": None,
    "redirect_uris": [],
    "response_types": [],
    "grant_types": [],
    "application_type": "web",
    "consent_method": "TRUSTED",
    "issuer_mode": "DYNAMIC",
    "idp_initiated_login": {"mode": "DISABLED", "default_scope": []},
    "wildcard_redirect": "DISABLED",
    "dpop_bound_access_tokens": False,
    "participate_slo": False,
}
"""The client settings of every recorded OpenID Connect app with their defaults."""


def client(given: Body) -> Body:
    """The client settings, completed (replay: createApplication, oidc_client). E0000001 without a grant type."""
    if not given.get("grant_types"):
        raise errors.invalid("grant_types", "grant_types: The field cannot be left blank")
    made = _ALWAYS | {name: value for name, value in given.items() if value is not None}
    if "refresh_token" in made:
        made["refresh_token"] = {"rotation_type": made["refresh_token"].get("rotation_type") or "STATIC"} | (
            {"leeway": made["refresh_token"]["leeway"]} if made["refresh_token"].get("leeway") else {}
        )
    elif "refresh_token" in made["grant_types"]:
        made["refresh_token"] = {"rotation_type": "STATIC"}
    if "urn:openid:params:grant-type:ciba" in made["grant_types"]:
        made["backchannel_token_delivery_mode"] = "poll"  # noqa: S105 - no password
    if made.get("frontchannel_logout_uri"):
        made.setdefault("frontchannel_logout_session_required", False)
    return made


def credentials(app_id: str, given: Body, before: Body) -> Body:
    """The client's credentials; a confidential client without a secret is given one."""
    method = given.get("token_endpoint_auth_method") or before.get("token_endpoint_auth_method")
    method = method or "client_secret_basic"
    rotate = given.get("autoKeyRotation")
    made: Body = {
        "autoKeyRotation": True if rotate is None else rotate,
        "client_id": before.get("client_id") or given.get("client_id") or app_id,
        "token_endpoint_auth_method": method,
        "pkce_required": bool(given.get("pkce_required")),
    }
    if method.startswith("client_secret"):
        made["client_secret"] = given.get("client_secret") or before.get("client_secret") or secrets.token_urlsafe(48)
    return made
