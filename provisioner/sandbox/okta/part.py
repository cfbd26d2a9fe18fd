"""Okta as the sandbox's frame sees it: what it owns, how a tenant begins, what the tenant holds."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from provisioner.sandbox.okta import (
    api,
    app_view,
    auth,
    browser,
    errors,
    group_records,
    ids,
    org,
    service_clients,
    system_apps,
    user_credentials,
    user_records,
    user_schema,
    users,
)
from provisioner.sandbox.okta.wire import Answer
from provisioner.sandbox.world import Visit, World

ADMIN = "admin@sandbox.example"


class OktaPart:
    """Plays one Okta org in each tenant."""

    name = "okta"
    owns = ("/api/v1/", "/oauth2/v1/", "/.well-known/okta-organization", *browser.PREFIXES)

    def app(self, world: World) -> ASGIApp:
        """The application that answers."""
        return api.build()

    def seed(self, visit: Visit) -> None:
        """A new org: its default user type, the group Everyone, and the administrator who owns the API token."""
        now = ids.stamp(visit.world.clock.now())
        everyone = group_records.seed_everyone(visit)
        admin = users.blank(now, "", {"login": ADMIN, "email": ADMIN, "firstName": "Sandbox", "lastName": "Admin"})
        org.seed(visit, admin["id"])
        admin |= {"type": {"id": user_schema.seed(visit, admin["id"])}, "status": "ACTIVE"}
        admin |= dict.fromkeys(("activated", "statusChanged", "passwordChanged"), now)
        user_credentials.set_password(admin, user_credentials.SANDBOX_PASSWORD)
        user_records.save(visit, admin)
        service_clients.seed(visit)
        system_apps.seed(visit)
        link = {"group": everyone["id"], "user": admin["id"]}
        visit.documents.put("membership", f"{everyone['id']}:{admin['id']}", link, **link)

    def state(self, visit: Visit) -> dict[str, Any]:
        """All users, groups and their rules, apps, assignments and e-mails; no password, key or other secret.

        Apps are what `GET /api/v1/apps/{id}` answers. The vendor has no JSON for the rest: `memberships` are pairs of
        group and user with the `rules` that manage them, if any; `appUsers` and `appGroups` the assignments with the
        ids of both sides in plain fields.
        """
        view = app_view.AppView(visit)
        return {
            "users": [_plain(user, "hidden", "index") for user in visit.documents.find("user")],
            "groups": [_plain(group, "index") for group in visit.documents.find("group")],
            "memberships": visit.documents.find("membership"),
            "groupRules": visit.documents.find("groupRule"),
            "apps": [view.full(app) for app in visit.documents.find("app")],
            "appUsers": visit.documents.find("appUser"),
            "appGroups": visit.documents.find("appGroup"),
            "mails": visit.documents.find("mail"),
        }

    def credentials(self, visit: Visit) -> dict[str, str]:
        """What a person may use to call this org or to sign in to it."""
        return {
            "API token": auth.API_TOKEN,
            "administrator": ADMIN,
            "password": user_credentials.SANDBOX_PASSWORD,
            "OAuth client": service_clients.PLAIN,
            "OAuth client with DPoP": service_clients.BOUND,
            "OAuth key ID": service_clients.KEY_ID,
            "OAuth private key": service_clients.key(visit)["private"],
        }

    def refusal(self, status: int, visit: Visit) -> Response:
        """Okta's own answer of this status, for a planned fault."""
        known = errors.BY_STATUS.get(status, errors.internal)()
        return api.rendered(Answer(known.body, status), {})


def _plain(body: dict[str, Any], *hidden: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in hidden}
