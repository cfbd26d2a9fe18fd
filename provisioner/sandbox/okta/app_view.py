"""Apps as answers show them: the keys that depend on the org's features, and the links."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import app_catalog, org
from provisioner.sandbox.okta.wire import href
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_HIDDEN = ("kid", "key", "link", "logout", "policy", "system")
_LOGO = f"{org.STATIC}/default.6770228fb0dab49a1695ef440a5279bb.png"


class AppView:
    """Shows apps of one org; made once for an answer, however many apps it holds."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._org = org.load(visit)
        self._features = frozenset(self._org["features"])

    def full(self, app: Body, secret: bool = False) -> Body:
        """The app; its client secret is in the answer to a write alone (replay: oidc_client)."""
        shown = _without(app, *_HIDDEN)
        shown["orn"] = f"orn:okta:idp:{self._org['id']}:apps:{app['name']}:{app['id']}"
        if org.UNIVERSAL_LOGOUT in self._features:
            shown["universalLogout"] = app["logout"] if org.LOGOUT_LICENCE in self._features else None
        if org.ENTITLEMENTS in self._features:
            shown["settings"] = shown["settings"] | {"emOptInStatus": "NONE"}
        if org.FRONT_CHANNEL_LOGOUT not in self._features and "oauthClient" in shown["settings"]:
            settings = shown["settings"]
            shown["settings"] = settings | {"oauthClient": _without(settings["oauthClient"], "participate_slo")}
        client = shown["credentials"].get("oauthClient")
        if client and not secret:
            shown["credentials"] = shown["credentials"] | {"oauthClient": _without(client, "client_secret")}
        return shown | {"_links": self._links(app)}

    def _links(self, app: Body) -> Body:
        home, visit, mode = f"apps/{app['id']}", self._visit, app["signOnMode"]
        step = "deactivate" if app["status"] == "ACTIVE" else "activate"
        links: Body = {
            "uploadLogo": {"href": href(visit, f"{home}/logo"), "hints": {"allow": ["POST"]}},
            "appLinks": [self._tile(app, name) for name, shown in app["visibility"]["appLinks"].items() if shown],
            "groups": {"href": href(visit, f"{home}/groups")},
            "logo": [{"name": "medium", "href": _LOGO, "type": "image/png"}],
            "users": {"href": href(visit, f"{home}/users")},
            step: {"href": href(visit, f"{home}/lifecycle/{step}")},
        }
        if mode in app_catalog.SIGNED and app["name"] != "oidc_client" and not app.get("system"):
            links["help"] = {"href": self._help(app), "type": "text/html"}
        if mode == "SAML_2_0":
            links["metadata"] = {"href": href(visit, f"{home}/sso/saml/metadata"), "type": "application/xml"}
        if mode == "OPENID_CONNECT" and not app.get("system"):
            links["clientCredentials"] = [{"name": "secrets", "href": href(visit, f"{home}/credentials/secrets")}]
        return links | (self._policies(app) if org.IDENTITY_ENGINE in self._features else {})

    def _policies(self, app: Body) -> Body:
        visit, home = self._visit, f"apps/{app['id']}"
        return {
            "profileEnrollment": {"href": href(visit, f"policies/{self._org['enrollmentPolicy']}")},
            "policies": {"href": href(visit, f"{home}/policies"), "hints": {"allow": ["PUT"]}},
            "accessPolicy": {"href": href(visit, f"policies/{app['policy']}")},
        }

    def _tile(self, app: Body, name: str) -> Body:
        path = f"home/{app['name']}/{app['id']}/{app['link']}"
        return {"name": name, "href": f"{self._visit.origin}/{path}", "type": "text/html"}

    def _help(self, app: Body) -> str:
        page = "instructions" if app_catalog.of(app).custom else "external-doc"
        path = f"app/{app['name']}/{app['id']}/setup/help/{app['signOnMode']}/{page}"
        return f"{org.admin_origin(self._visit)}/{path}"


def _without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}
