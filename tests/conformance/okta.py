"""Okta in the suite."""

from __future__ import annotations

import json
from typing import Any

from tests.conformance.suite import Held, Wanted
from tests.lab import Lab

MARK = "managed by provisioner, plan acme"


class Okta:
    """A plan for an Okta org, and what the sandbox's state says of it."""

    def plan(self, wanted: Wanted) -> str:
        plan = {
            "version": 1,
            "name": "acme",
            "provider": {"type": "okta", "org_url": "sandbox"},
            "flex": {"connection_sid": wanted.connection},
            "application": {
                "label": "Twilio Flex",
                "attribute_statements": {
                    "full_name": {"format": "basic", "value": 'String.join(" ", user.firstName, user.lastName)'},
                    "roles": {"format": "basic", "value": "user.userType"},
                    "email": {"format": "basic", "value": "user.email"},
                    "image_url": {"format": "uri", "value": "user.profileUrl"},
                    **{name: {"format": "basic", "value": value} for name, value in wanted.claims.items()},
                },
            },
            "assign": {"group": "Flex Agents"},
            "users": {
                "source": "inline",
                "create": wanted.create,
                "on_removal": {"remove": "unassign", "keep": "keep"}[wanted.on_removal],
                "items": [self._person(login, roles) for login, roles in wanted.people.items()],
            },
        }
        return json.dumps(plan)

    def _person(self, login: str, roles: tuple[str, ...]) -> dict[str, Any]:
        name = login.partition("@")[0]
        return {"login": login, "first_name": name.title(), "last_name": "Doe", "roles": list(roles)}

    def held(self, state: Any) -> Held:
        org = state["okta"]
        app = self._app(org)
        sign_on = app["settings"]["signOn"]
        assert sign_on["recipient"] == sign_on["destination"] == sign_on["ssoAcsUrl"]
        assert sign_on["responseSigned"] and sign_on["assertionSigned"]
        return Held(
            acs_url=sign_on["ssoAcsUrl"],
            audience=sign_on["audience"],
            claims=frozenset(statement["name"] for statement in sign_on["attributeStatements"]),
            people={
                user["profile"]["login"]: tuple(sorted(user["profile"]["userType"].split(",")))
                for user in org["users"]
                if user["id"] in self._members(org, app)
            },
        )

    def foreign(self, state: Any) -> Any:
        org = state["okta"]
        app = self._app(org)
        ours = {app["id"], *self._groups(org, app), *self._members(org, app)}
        return {
            kind: [thing for thing in things if thing.get("id") not in ours]
            for kind, things in org.items()
            if kind in ("apps", "groups", "users")
        }

    def settle(self, lab: Lab) -> None:
        statement = {"type": "EXPRESSION", "name": "roles", "namespace": BASIC, "values": ["user.userType"]}
        lab.call("POST", "/api/v1/apps", json=saml_app("Twilio Flex Test", [statement]))
        lab.call("POST", "/api/v1/apps", json=saml_app("Payroll", []))
        group = lab.call("POST", "/api/v1/groups", json={"profile": {"name": "Flex Agents Berlin"}})
        for login in ("eve@acme.example", "zoe@acme.example"):
            name = login.partition("@")[0].title()
            profile = {"login": login, "email": login, "firstName": name, "lastName": "Doe", "userType": "agent"}
            body = {
                "profile": profile,
                "credentials": {"password": {"value": "Correct1Horse"}},
                "groupIds": [group["id"]],
            }
            lab.call("POST", "/api/v1/users", json=body)

    def _app(self, org: Any) -> Any:
        (app,) = (app for app in org["apps"] if MARK in str(app["settings"].get("notes")))
        return app

    def _groups(self, org: Any, app: Any) -> set[str]:
        return {each["group"] for each in org["appGroups"] if each["app"] == app["id"]}

    def _members(self, org: Any, app: Any) -> set[str]:
        groups = self._groups(org, app)
        return {each["user"] for each in org["memberships"] if each["group"] in groups}


BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


def saml_app(label: str, statements: list[Any]) -> dict[str, Any]:
    """A SAML application that somebody made by hand."""
    return {
        "label": label,
        "signOnMode": "SAML_2_0",
        "settings": {
            "signOn": {
                "ssoAcsUrl": "https://sp.example/acs",
                "recipient": "https://sp.example/acs",
                "destination": "https://sp.example/acs",
                "audience": "https://sp.example",
                "subjectNameIdTemplate": "${user.userName}",
                "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
                "responseSigned": True,
                "assertionSigned": True,
                "signatureAlgorithm": "RSA_SHA256",
                "digestAlgorithm": "SHA256",
                "honorForceAuthn": True,
                "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
                "requestCompressed": False,
                "allowMultipleAcsEndpoints": False,
                "attributeStatements": statements,
            }
        },
    }
