"""A scripted org: it answers as it is told, remembers what it was asked, and knows no rules of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import unquote

import httpx

from provisioner.adapters.http import Network
from provisioner.adapters.okta import PROVIDER, application
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.adapter import Connection
from provisioner.planfile.people import Person

Json = dict[str, Any]
ORG = "https://acme.okta.example"
SID = "JQ0123456789abcdef0123456789abcdef"
METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor entityID="http://www.okta.com/exk1" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">
<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>MIID
qDCC</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://acme/post"/>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://acme/redirect"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""

Answer = Any
"""JSON, an `httpx.Response`, an exception, or a function of the request that gives one of these."""


class Org(httpx.AsyncBaseTransport):
    """Answers by "METHOD /path", which may be a pattern. Lists that nobody scripted are empty; all else is an error."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers = dict(answers or {})
        self.sent: list[httpx.Request] = []

    @property
    def log(self) -> list[str]:
        """What was asked, without queries."""
        return [f"{request.method} {request.url.path}" for request in self.sent]

    def bodies(self, line: str) -> list[Any]:
        """The bodies that were sent with requests like this line."""
        return [json.loads(r.content) for r in self.sent if f"{r.method} {r.url.path}" == line]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self._answer(f"{request.method} {unquote(request.url.path)}")
        while callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        response = answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        limits = {"x-rate-limit-limit": "600", "x-rate-limit-remaining": "500", "x-rate-limit-reset": "9999999999"}
        response.headers.update(limits)
        return response

    def _answer(self, line: str) -> Answer:
        for pattern, answer in self.answers.items():
            if re.fullmatch(pattern, line):
                return answer
        if re.fullmatch(
            r"GET /api/v1/(apps|groups(/rules)?|users|apps/\w+/(groups|users|credentials/keys)|groups/\w+/users)", line
        ):
            return []
        raise AssertionError(f"nobody scripted {line}")


def connected(org: Org, plan: OktaPlan) -> AbstractAsyncContextManager[Connection]:
    """A connection to the scripted org."""
    return PROVIDER.connect(plan, Network(inner=org), [PROVIDER.credentials(okta_api_token="00secret")])


def in_turn(*answers: Answer) -> Callable[[httpx.Request], Answer]:
    """Each answer once, in this order."""
    left = iter(answers)
    return lambda _: next(left)


def refusal(status: int, code: str, *causes: str) -> httpx.Response:
    body = {"errorCode": code, "errorSummary": "no", "errorCauses": [{"errorSummary": cause} for cause in causes]}
    return httpx.Response(status, json=body)


def a_plan(*people: Person, **sections: Any) -> OktaPlan:
    """The plan `acme-okta`; keywords are merged into its sections."""
    document: Json = {
        "version": 1,
        "name": "acme-okta",
        "provider": {"type": "okta", "org_url": ORG},
        "flex": {"connection_sid": SID},
        "application": {"label": "Twilio Flex"},
        "assign": {"group": "Flex Agents"},
        "users": {"create": True, "items": []},
    }
    for name, values in sections.items():
        document[name] |= values
    plan = OktaPlan.model_validate(document)
    plan.take_in(people)
    return plan


def a_person(login: str, *roles: str, **more: Any) -> Person:
    """`more` are attributes by the name of their column."""
    named = {"first_name": "Ana", "last_name": "Diaz"} | more
    return Person(login, roles or ("agent",), tuple(named), tuple(named.values()))


def an_app(plan: OktaPlan, id_: str = "0oa1", **changes: Any) -> Json:
    """The plan's application as Okta returns it: more members, and its own spelling of what says nothing."""
    app = application.body(plan)
    added = {"spIssuer": None, "acsEndpoints": [], "slo": {"enabled": False}}
    app["settings"]["signOn"] = {**added, **app["settings"]["signOn"], "defaultRelayState": None}
    app["settings"] |= {"app": {}, "notifications": {"vpn": {"network": {"connection": "DISABLED"}}}}
    app["credentials"]["signing"] = {"kid": "kid1"}
    read_only = {"name": "acme_twilioflex_1", "created": "2026-01-01T00:00:00.000Z", "features": [], "_links": {}}
    return {"id": id_, "status": "ACTIVE", **read_only, **app, **changes}


def a_group(description: str | None = None, name: str = "Flex Agents", id_: str = "00g1") -> Json:
    return {"id": id_, "type": "OKTA_GROUP", "profile": {"name": name, "description": description}}


def a_user(login: str, roles: Any = "agent", status: str = "ACTIVE", **profile: Any) -> Json:
    names = {"firstName": "Ana", "lastName": "Diaz", "email": login, "mobilePhone": None, "secondEmail": None}
    id_ = "00u" + login.partition("@")[0].lower()
    return {"id": id_, "status": status, "profile": {"login": login, "userType": roles, **names, **profile}}
