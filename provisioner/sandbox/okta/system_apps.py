"""The apps that Okta itself puts into every org; lists show them before any other (recording 17)."""

from __future__ import annotations

from provisioner.sandbox.okta import app_settings, ids, org
from provisioner.sandbox.okta.app_catalog import NO_LOGOUT
from provisioner.sandbox.world import Visit

_APPS = {
    "saasure": "Okta Admin Console",
    "okta_enduser": "Okta Dashboard",
    "okta_browser_plugin": "Okta Browser Plugin",
}


def seed(visit: Visit) -> None:
    """Write them, shaped as recorded: without notes, without a secret, with at most one tile."""
    now = ids.stamp(visit.world.clock.now())
    body = org.load(visit)
    for name, label in _APPS.items():
        app = {
            "id": ids.new("0oa"),
            "orn": "",
            "name": name,
            "label": label,
            "status": "ACTIVE",
            "lastUpdated": now,
            "created": now,
            "accessibility": {"selfService": False, "errorRedirectUrl": None, "loginRedirectUrl": None},
            "visibility": {
                "autoSubmitToolbar": False,
                "hide": {"iOS": False, "web": False},
                "appLinks": {"admin": True} if name == "saasure" else {},
            },
            "features": [],
            "signOnMode": "OPENID_CONNECT",
            "credentials": {
                "userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN"},
                "signing": {"kid": body["kid"]},
            },
            "settings": {
                "app": {},
                "notifications": {"vpn": app_settings.VPN},
                "manualProvisioning": False,
                "implicitAssignment": False,
            },
            "kid": body["kid"],
            "key": ids.new("exk"),
            "link": "2",
            "policy": body["signInPolicy"],
            "logout": NO_LOGOUT,
            "system": True,
        }
        visit.documents.put("app", app["id"], app, status="ACTIVE", name=name, kid=body["kid"])
