"""Auth0 as the sandbox's frame sees it: what it owns, how a tenant begins, what the tenant holds."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from provisioner.sandbox.auth0 import (
    action_view,
    api,
    bindings,
    clients,
    connections,
    errors,
    imports,
    jobs,
    keys,
    tokens,
    triggers,
    user_records,
)
from provisioner.sandbox.auth0.wire import Answer
from provisioner.sandbox.world import Visit, World


class Auth0Part:
    """Plays one Auth0 tenant in each tenant."""

    name = "auth0"
    owns = (
        *("/oauth/token", "/api/v2/", "/exports/"),
        *("/samlp/", "/pem", "/cer", "/rawpem", "/fingerprint"),
        *("/u/login", "/u/reset-password", "/lo/reset", "/v2/logout"),
    )

    def app(self, world: World) -> ASGIApp:
        """The application that answers."""
        return api.build()

    def seed(self, visit: Visit) -> None:
        """A new tenant: its default clients, two that may call the Management API, and two connections."""
        connections.seed(visit)
        clients.seed(visit)
        tokens.seed(visit)

    def state(self, visit: Visit) -> dict[str, Any]:
        """Clients, Actions, bindings, users, connections, keys, jobs and e-mails; no secret and no private key."""
        imports.settle(visit)
        documents = visit.documents
        return {
            "clients": [clients.without(client, "client_secret") for client in documents.find("client")],
            "actions": [action_view.shown(visit, action) for action in documents.find("action")],
            "bindings": [binding for id in triggers.IDS for binding in bindings.shown(visit, id)],
            "users": [user_records.shown(user) for user in documents.find("user")],
            "connections": documents.find("connection"),
            "enabledClients": documents.find("enabledClient"),
            "keys": [keys.shown(key) for key in documents.find("signingKey")],
            "jobs": [jobs.shown(job) for job in documents.find("job")],
            "mails": documents.find("mail"),
        }

    def credentials(self, visit: Visit) -> dict[str, str]:
        """What a person may use to call this tenant."""
        return {
            "client ID": tokens.PLAIN,
            "client secret": tokens.SECRET,
            "API token": tokens.API_TOKEN,
            "client ID with a private key": tokens.SIGNING,
            "private key": tokens.assertion_key(visit),
        }

    def refusal(self, status: int, visit: Visit) -> Response:
        """Auth0's own answer of this status, for a planned fault."""
        known = errors.plain(status)
        return api.rendered(Answer(known.body, known.status), {})
