"""A tenant in memory, no stricter than the tests need: it keeps what is written, and remembers what it was asked."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any
from urllib.parse import unquote

import httpx

from provisioner.adapters.auth0 import PROVIDER, scopes
from provisioner.adapters.auth0.plan import Auth0Plan
from provisioner.adapters.auth0.writer import Auth0Writer
from provisioner.adapters.http import Network
from provisioner.core.adapter import Connection
from provisioner.core.change import ChangeSet
from provisioner.core.diff import diff
from provisioner.core.ownership import Mark
from provisioner.planfile.people import Person
from tests.virtual_time import run

Json = dict[str, Any]
DATABASE, GOOGLE = "Username-Password-Authentication", "google-oauth2"
CONNECTIONS = {DATABASE: "con_0000000000000001", GOOGLE: "con_0000000000000002"}
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nFAKE\n-----END RSA PRIVATE KEY-----"
METADATA = """<EntityDescriptor entityID="urn:acme.us.auth0.com" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
<X509Certificate>MIIDqDCC</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
 Location="https://acme.us.auth0.com/samlp/c1"/></IDPSSODescriptor></EntityDescriptor>"""
LIMITS = {"x-ratelimit-limit": "50", "x-ratelimit-remaining": "40", "x-ratelimit-reset": "9999999999"}


class Tenant(httpx.AsyncBaseTransport):
    """Answers as Auth0 does where nothing goes wrong; `instead` holds other answers by "METHOD /path"."""

    def __init__(self) -> None:
        self.clients: list[Json] = []
        self.actions: list[Json] = []
        self.bindings: list[Json] = []
        self.users: list[Json] = []
        self.enabled: set[str] = set(CONNECTIONS)
        self.jobs: dict[str, Json] = {}
        self.granted: str | None = None
        self.polls = 1
        self.unwanted: dict[str, str] = {}
        self.page = 100
        self.instead: dict[str, Any] = {}
        self.sent: list[httpx.Request] = []

    @property
    def log(self) -> list[str]:
        """What was asked, without queries, less the beginning that all paths share."""
        return [f"{r.method} {r.url.path.removeprefix('/api/v2')}" for r in self.sent]

    @property
    def writes(self) -> list[str]:
        """What could change something."""
        return [line for line in self.log if not line.startswith("GET ") and "oauth" not in line]

    def bodies(self, line: str) -> list[Any]:
        """The bodies that were sent with requests like this line."""
        return [json.loads(r.content) for r, asked in zip(self.sent, self.log, strict=True) if asked == line]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        path = unquote(request.url.path.removeprefix("/api/v2"))
        answer = self._instead(f"{request.method} {path}", request)
        if answer is None:
            answer = self._answer(request.method, path, request)
        if isinstance(answer, Exception):
            raise answer
        response = answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        response.headers.update(LIMITS)
        return response

    def _instead(self, line: str, request: httpx.Request) -> Any:
        for pattern, answer in self.instead.items():
            if re.fullmatch(pattern, line):
                return answer(request) if callable(answer) else answer
        return None

    def _answer(self, method: str, path: str, request: httpx.Request) -> Any:
        for pattern, function in ROUTES.items():
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return function(self, request, *found.groups())
        raise AssertionError(f"nobody knows {method} {path}")

    def token(self, _: httpx.Request) -> Json:
        granted = {"scope": self.granted} if self.granted is not None else {}
        return {"access_token": "t0ken", "expires_in": 86400, "token_type": "Bearer", **granted}

    def listed(self, request: httpx.Request, items: list[Json], name: str) -> Json:
        query = request.url.params
        size = min(self.page, int(query["per_page"]))
        start = int(query.get("page", 0)) * size
        return {name: items[start : start + size], "total": len(items)}

    def create_client(self, request: httpx.Request) -> httpx.Response:
        added = {"client_id": f"c{len(self.clients) + 1}", "client_secret": "s3cret"}
        self.clients.append(json.loads(request.content) | added)
        return httpx.Response(201, json=self.clients[-1] | {"signing_keys": [{"cert": "x", "key": PRIVATE_KEY}]})

    def patch_client(self, request: httpx.Request, id_: str) -> Json:
        body, client = json.loads(request.content), next(c for c in self.clients if c["client_id"] == id_)
        for name in ("addons", "client_metadata"):
            body[name] = {**client.get(name, {}), **body.get(name, {})}
        client |= body
        return client

    def enable(self, request: httpx.Request, id_: str) -> httpx.Response:
        name = next(name for name, each in CONNECTIONS.items() if each == id_)
        (self.enabled.add if json.loads(request.content)[0]["status"] else self.enabled.discard)(name)
        return httpx.Response(204)

    def create_action(self, request: httpx.Request) -> httpx.Response:
        added = {"id": f"a{len(self.actions) + 1}", "status": "pending", "all_changes_deployed": False}
        self.actions.append(json.loads(request.content) | added)
        return httpx.Response(201, json=self.actions[-1])

    def action(self, id_: str) -> Json:
        return next(each for each in self.actions if each["id"] == id_)

    def read_action(self, _: httpx.Request, id_: str) -> Json:
        there = self.action(id_)
        if there["status"] == "pending":
            there["status"] = "built"
        return there

    def patch_action(self, request: httpx.Request, id_: str) -> Json:
        there = self.action(id_)
        there |= json.loads(request.content) | {"status": "pending", "all_changes_deployed": False}
        return there

    def deploy(self, _: httpx.Request, id_: str) -> httpx.Response:
        there = self.action(id_)
        if there["status"] != "built":
            return refused(400, "A draft must be in the 'built' state before it can be deployed.")
        there |= {"deployed_version": {"deployed": True, "code": there["code"]}, "all_changes_deployed": True}
        return httpx.Response(200, json={"id": "v1", "status": "built", "deployed": False})

    def bind(self, request: httpx.Request) -> Json:
        known = {each["id"]: each for each in self.bindings}
        made = []
        for number, each in enumerate(json.loads(request.content)["bindings"]):
            kind, value = each["ref"]["type"], each["ref"]["value"]
            there = known[value]["action"] if kind == "binding_id" else self.action(value)
            name = each["display_name"]
            made.append({"id": f"b{len(self.sent)}.{number}", "display_name": name, "action": there})
        self.bindings = made
        return {"bindings": made}

    def by_email(self, request: httpx.Request) -> list[Json]:
        return [each for each in self.users if each["email"] == request.url.params["email"]]

    def create_user(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if any(each["email"] == body["email"] for each in self.users):
            return refused(409, "The user already exists.", "auth0_idp_error")
        self.users.append(
            a_user(**{key: value for key, value in body.items() if key not in ("connection", "password")})
        )
        return httpx.Response(201, json=self.users[-1])

    def user(self, _: httpx.Request, id_: str) -> Json:
        return next(each for each in self.users if each["user_id"] == id_)

    def patch_user(self, request: httpx.Request, id_: str) -> Json:
        body, there = json.loads(request.content), self.user(request, id_)
        for name in ("app_metadata", "user_metadata"):
            if name in body:
                body[name] = {**there.get(name, {}), **body[name]} if body[name] else {}
        there |= body
        return there

    def search(self, request: httpx.Request) -> Json:
        with_roles = [each for each in self.users if each.get("app_metadata", {}).get("flex", {}).get("roles")]
        return self.listed(request, with_roles, "users")

    def start_job(self, request: httpx.Request, kind: str) -> httpx.Response:
        id_ = f"job_{len(self.jobs)}"
        errors = self._imported(request) if kind == "imports" else []
        self.jobs[id_] = {"id": id_, "status": "pending", "polls": self.polls, "errors": errors}
        return httpx.Response(202, json=self.jobs[id_])

    def _imported(self, request: httpx.Request) -> list[Json]:
        errors = []
        known = {each["email"] for each in self.users}
        for each in uploaded(request):
            code = "DUPLICATED_USER" if each["email"] in known else self.unwanted.get(each["email"])
            if code:
                error = {"code": code, "message": "no"}
                errors.append({"user": each | {"password_hash": "$2b$10$h"}, "errors": [error]})
            else:
                self.users.append(a_user(**each))
        return errors

    def job(self, _: httpx.Request, id_: str) -> Json:
        job = self.jobs[id_]
        job["polls"] -= 1
        if job["polls"] > 0:
            return {"id": id_, "status": "pending"}
        done = {"id": id_, "status": "completed", "summary": {"failed": len(job["errors"])}}
        return done | {"location": "https://files.example/export.gz"}

    def job_errors(self, _: httpx.Request, id_: str) -> list[Json]:
        errors: list[Json] = self.jobs[id_]["errors"]
        return errors

    def export(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        lines = "\n".join(json.dumps(each) for each in self.users)
        return httpx.Response(200, content=gzip.compress(lines.encode()))


ROUTES: dict[str, Any] = {
    "POST /oauth/token": Tenant.token,
    "GET /clients": lambda self, r: self.listed(r, self.clients, "clients"),
    "POST /clients": Tenant.create_client,
    r"PATCH /clients/(\w+)": Tenant.patch_client,
    r"GET /clients/(\w+)": lambda self, _, id_: next(c for c in self.clients if c["client_id"] == id_),
    r"GET /clients/\w+/connections": lambda self, _: {
        "connections": [{"id": CONNECTIONS[name], "name": name} for name in sorted(self.enabled)]
    },
    "GET /connections": lambda self, r: [
        {"id": id_, "name": name, "strategy": "auth0"}
        for name, id_ in CONNECTIONS.items()
        if r.url.params.get("name", name) == name
    ],
    r"PATCH /connections/(\w+)/clients": Tenant.enable,
    "GET /actions/actions": lambda self, r: self.listed(r, self.actions, "actions"),
    "POST /actions/actions": Tenant.create_action,
    r"GET /actions/actions/(\w+)": Tenant.read_action,
    r"PATCH /actions/actions/(\w+)": Tenant.patch_action,
    r"POST /actions/actions/(\w+)/deploy": Tenant.deploy,
    "GET /actions/triggers/post-login/bindings": lambda self, r: self.listed(r, self.bindings, "bindings"),
    "PATCH /actions/triggers/post-login/bindings": Tenant.bind,
    "GET /users-by-email": Tenant.by_email,
    "GET /users": Tenant.search,
    "POST /users": Tenant.create_user,
    "POST /tickets/password-change": lambda self, _: httpx.Response(
        201, json={"ticket": "https://acme/lo/reset?ticket=t"}
    ),
    r"GET /users/([^/]+)": Tenant.user,
    r"PATCH /users/([^/]+)": Tenant.patch_user,
    r"POST /jobs/users-(imports|exports)": Tenant.start_job,
    r"GET /jobs/(\w+)": Tenant.job,
    r"GET /jobs/(\w+)/errors": Tenant.job_errors,
    "GET /export.gz": Tenant.export,
    r"GET /samlp/metadata/\w+": lambda self, _: httpx.Response(200, text=METADATA),
    "GET /keys/signing": lambda self, _: [{"current": True, "cert": "old"}, {"next": True, "cert": "next\r\n"}],
}


def refused(status: int, message: str, code: str = "") -> httpx.Response:
    body = {"statusCode": status, "error": "no", "message": message} | ({"errorCode": code} if code else {})
    return httpx.Response(status, json=body)


def uploaded(request: httpx.Request) -> list[Json]:
    """The people in the file of an import."""
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    form = BytesParser().parsebytes(head + request.content)
    (file,) = (part for part in form.get_payload() if part.get_filename())  # type: ignore[union-attr]
    people: list[Json] = json.loads(file.get_payload(decode=True))  # type: ignore[union-attr, arg-type]
    return people


def a_user(email: str, roles: Any = None, connection: str = DATABASE, **more: Any) -> Json:
    name = email.partition("@")[0]
    metadata = {} if roles is None else {"app_metadata": {"flex": {"roles": roles}}}
    identities = [{"connection": connection, "provider": "auth0", "user_id": name}]
    return {"user_id": f"auth0|{name}", "email": email, "name": email, "identities": identities, **metadata, **more}


def a_person(email: str, *roles: str, **attributes: Any) -> Person:
    return Person(email, roles or ("agent",), tuple(attributes), tuple(attributes.values()))


def a_plan(*people: Person, **sections: Any) -> Auth0Plan:
    """The plan `acme-auth0`; keywords are merged into its sections."""
    document: Json = {
        "version": 1,
        "name": "acme-auth0",
        "provider": {"type": "auth0", "domain": "acme.us.auth0.com"},
        "flex": {"connection_sid": "JQ0123456789abcdef0123456789abcdef"},
        "application": {"name": "Twilio Flex"},
        "action": {"name": "Flex SAML attributes"},
        "users": {"items": []},
    }
    for name, values in sections.items():
        document[name] |= values
    plan = Auth0Plan.model_validate(document)
    plan.take_in(people)
    return plan


def connected(
    tenant: Tenant, plan: Auth0Plan, *, write: bool = False, **credentials: str
) -> AbstractAsyncContextManager[Connection]:
    """A connection to the tenant."""
    given = credentials or {"auth0_client_id": "m2m", "auth0_client_secret": "s3cret-of-ours"}
    return PROVIDER.connect(plan, Network(inner=tenant), [PROVIDER.credentials(**given)], write=write)


def seen(tenant: Tenant, plan: Auth0Plan) -> ChangeSet:
    """What would change."""

    async def main() -> ChangeSet:
        async with connected(tenant, plan) as connection:
            desired = PROVIDER.desired(plan)
            return diff(desired, await connection.observe(desired))

    return run(main())


@dataclass(frozen=True)
class Carried:
    """What an apply leaves in the program's hands."""

    client: Json
    invitations: Mapping[str, str]


def carried_out(tenant: Tenant, plan: Auth0Plan) -> Carried:
    """Carries the diff out, one change after another, records it and asks for the facts."""

    async def main() -> Carried:
        async with connected(tenant, plan, write=True) as connection:
            desired = PROVIDER.desired(plan)
            observed = await connection.observe(desired)
            writer = connection.writer(observed)
            assert isinstance(writer, Auth0Writer)
            invitations: dict[str, str] = {}
            writer.hand_links_to(invitations.__setitem__)
            for change in diff(desired, observed).changes:
                await writer.write(change)
            await writer.record(Mark(plan.name, "0123456789abcdef", "2026-11-29"))
            await connection.facts()
            return Carried(writer._known.client or {}, invitations)

    return run(main())


def apply(tenant: Tenant, plan: Auth0Plan) -> None:
    """The same, for what it does to the tenant."""
    carried_out(tenant, plan)


ALL_SCOPES = " ".join(scopes.needed(a_plan(a_person("ana@acme.example")), write=True))
