"""Auth0 in the suite."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.conformance.suite import Held, Wanted
from tests.lab import Lab

CONNECTION = "Username-Password-Authentication"


class Auth0:
    """A plan for an Auth0 tenant, and what the sandbox's state says of it."""

    def plan(self, wanted: Wanted) -> str:
        claims = {name: value.replace("user.", "event.user.user_metadata.") for name, value in wanted.claims.items()}
        plan = {
            "version": 1,
            "name": "acme",
            "provider": {"type": "auth0", "domain": "sandbox"},
            "flex": {"connection_sid": wanted.connection},
            "application": {"name": "Twilio Flex"},
            "action": {
                "name": "Flex SAML attributes",
                "attributes": {
                    "email": "event.user.email",
                    "full_name": "event.user.name",
                    "image_url": "event.user.picture",
                    "roles": "event.user.app_metadata.flex.roles",
                    **claims,
                },
            },
            "users": {
                "source": "inline",
                "create": wanted.create,
                "on_removal": {"remove": "revoke_roles", "keep": "keep"}[wanted.on_removal],
                "items": [{"email": email, "roles": list(roles)} for email, roles in wanted.people.items()],
            },
        }
        return json.dumps(plan)

    def held(self, state: Any) -> Held:
        tenant = state["auth0"]
        client, action = self._client(tenant), self._action(tenant)
        samlp = client["addons"]["samlp"]
        assert samlp["recipient"] == samlp["destination"] == client["callbacks"][0]
        assert samlp["signResponse"] and samlp["signatureAlgorithm"] == "rsa-sha256"
        assert action["deployed_version"]["code"] == action["code"]
        assert tenant["bindings"][-1]["action"]["id"] == action["id"]
        return Held(
            acs_url=client["callbacks"][0],
            audience=samlp["audience"],
            claims=frozenset(re.findall(r'(?:setAttribute\(|send\(api, )"([^"]+)"', action["code"])),
            people={user["email"]: tuple(sorted(_roles(user))) for user in tenant["users"] if _roles(user)},
        )

    def foreign(self, state: Any) -> Any:
        tenant = state["auth0"]
        client, action = self._client(tenant), self._action(tenant)
        return {
            "clients": [each for each in tenant["clients"] if each is not client],
            "actions": [each for each in tenant["actions"] if each is not action],
            "flow": [each["display_name"] for each in tenant["bindings"] if each["action"]["id"] != action["id"]],
            "users": [each for each in tenant["users"] if "flex" not in each.get("app_metadata", {})],
        }

    def settle(self, lab: Lab) -> None:
        lab.call("POST", "/api/v2/clients", json={"name": "Payroll", "addons": {"samlp": {"audience": "urn:payroll"}}})
        for name in ("Risk", "Consent", "Audit"):
            an_action(lab, name)
        bind(lab, "Risk", "Consent", "Audit")
        for login in ("eve@acme.example", "zoe@acme.example"):
            body = {"connection": CONNECTION, "email": login, "password": "Correct1Horse!", "verify_email": False}
            lab.call("POST", "/api/v2/users", json=body | {"app_metadata": {"crm": {"id": 7}}})

    def _client(self, tenant: Any) -> Any:
        (client,) = (each for each in tenant["clients"] if "provisioner_plan" in (each.get("client_metadata") or {}))
        return client

    def _action(self, tenant: Any) -> Any:
        (action,) = (each for each in tenant["actions"] if each["name"] == "Flex SAML attributes")
        return action


def an_action(lab: Lab, name: str, body: str = "") -> None:
    """An Action that somebody made by hand, deployed."""
    code = f"exports.onExecutePostLogin = async (event, api) => {{ /* {name} */ {body} }};"
    triggers = [{"id": "post-login", "version": "v3"}]
    action = {"name": name, "supported_triggers": triggers, "code": code, "runtime": "node22", "deploy": True}
    lab.call("POST", "/api/v2/actions/actions", json=action)


def bind(lab: Lab, *names: str) -> None:
    """The whole login flow, in this order."""
    bindings = [{"ref": {"type": "action_name", "value": name}, "display_name": name} for name in names]
    lab.call("PATCH", "/api/v2/actions/triggers/post-login/bindings", json={"bindings": bindings})


def _roles(user: Any) -> list[str]:
    roles: list[str] = (user.get("app_metadata", {}).get("flex") or {}).get("roles") or []
    return roles
