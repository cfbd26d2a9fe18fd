"""The login flow of a SAML login: which Actions run, what they are given, and what they do together."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import action_versions, actions_runtime, bindings, connections, user_records
from provisioner.sandbox.auth0.actions_runtime import Outcome
from provisioner.sandbox.auth0.wire import domain
from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

TRIGGER = "post-login"


def event(visit: Visit, client: Body, user: Body) -> Body:
    """What an Action sees of a user who signs in to a client by SAML (vendor's page on the post-login event).

    Both kinds of metadata are always there, if only as empty objects.
    """
    connection = connections.find(visit, user["identities"][0]["connection"]) or {}
    now = iso(visit.world.clock.now())
    return {
        "client": {name: client[name] for name in ("client_id", "name")}
        | {"metadata": client.get("client_metadata", {})},
        "connection": {name: connection.get(name) for name in ("id", "name", "strategy")} | {"metadata": {}},
        "user": {"app_metadata": {}, "user_metadata": {}} | user_records.shown(user),
        "transaction": {"protocol": "samlp", "requested_scopes": [], "acr_values": [], "ui_locales": []},
        "authentication": {"methods": [{"name": "pwd", "timestamp": now}]},
        "authorization": {"roles": []},
        "request": {
            "method": "POST",
            "hostname": domain(visit),
            "ip": "127.0.0.1",
            "query": {},
            "body": {},
            "geoip": {},
        },
        "stats": {"logins_count": user.get("logins_count", 0) + 1},
        "tenant": {"id": visit.tenant},
    }


def run(visit: Visit, client: Body, user: Body) -> Outcome:
    """Run the deployed versions of all bound Actions in order; the first that denies or fails ends the flow.

    Metadata that an Action sets is the user's at once, and seen by the Actions after it, also when the login is denied.
    """
    total = Outcome()
    user = visit.documents.get("user", user["user_id"]) or user
    for binding in bindings.of(visit, TRIGGER):
        version = action_versions.current(visit, {"id": binding["action_id"]})
        if version is None:
            continue
        secrets = {each["name"]: each["value"] for each in version["secrets"]}
        outcome = actions_runtime.run(version["code"], event(visit, client, user), secrets)
        total = total.then(outcome)
        if outcome.error is None:
            user = _remembered(visit, user, outcome)
        if outcome.error is not None or outcome.denied is not None:
            break
    return total


def _remembered(visit: Visit, user: Body, outcome: Outcome) -> Body:
    changes = {"user_metadata": outcome.user_metadata, "app_metadata": outcome.app_metadata}
    for name, values in changes.items():
        if values:
            merged = user.get(name, {}) | values
            user = user | {name: {key: value for key, value in merged.items() if value is not None}}
    if any(changes.values()):
        user_records.save(visit, user)
    return user
