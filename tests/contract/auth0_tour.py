"""A walk over every operation of the Auth0 sandbox that the vendor's document knows, refusals among them."""

from collections.abc import Callable
from typing import Any

import httpx

from provisioner.sandbox import Clock
from provisioner.sandbox.auth0 import connections
from tests.contract.auth0_replay import ROUTES
from tests.contract.score import operation_of

Send = Callable[..., httpx.Response]
SAMLP = {"audience": "urn:flex:JQ1", "signResponse": True, "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"}
CODE = "exports.onExecutePostLogin = async (event, api) => {};"
LOGIN = [{"id": "post-login", "version": "v3"}]


class Tour:
    """Calls the sandbox, and keeps every answer with its operation."""

    def __init__(self, send: Send, clock: Clock) -> None:
        self._send, self._clock = send, clock
        self.steps: list[tuple[str, httpx.Response]] = []

    def __call__(self, method: str, path: str, body: Any = None, files: Any = None, **query: str) -> Any:
        """Call, keep, and give the JSON."""
        self._clock.advance(2)
        more = {"data": body, "files": files} if files else {"json": body}
        answer = self._send(method, f"/api/v2{path}", params=query, **more)
        name = str(operation_of(ROUTES, method, f"/api/v2{path}")).replace("/api/v2", "")
        self.steps.append((name, answer))
        return answer.json() if answer.content else None

    def walk(self) -> list[tuple[str, httpx.Response]]:
        """Everything, in an order that works; and the refusals that the document knows."""
        (database,) = self("GET", "/connections", name=connections.DATABASE)
        client = self._client(database["id"])
        self._connections(client)
        self._action()
        self._people(database["id"])
        self._keys()
        self._refusals()
        self("DELETE", f"/clients/{client}")
        self("DELETE", f"/connections/{database['id']}")
        return self.steps

    def _client(self, database: str) -> str:
        body = {"name": "Flex", "app_type": "regular_web", "callbacks": ["https://flex.example/acs"]}
        client = str(self("POST", "/clients", body | {"addons": {"samlp": SAMLP}})["client_id"])
        self("GET", f"/clients/{client}")
        self("GET", f"/clients/{client}", fields="name,client_id")
        self("PATCH", f"/clients/{client}", {"client_metadata": {"owner": "acme"}, "addons": {"samlp": {}}})
        self("GET", "/clients")
        self("GET", "/clients", include_totals="true", per_page="1")
        self("GET", "/clients", take="1")
        self("GET", f"/clients/{client}/connections")
        self("GET", "/connections", take="1")
        self("GET", "/connections", include_totals="true")
        self("GET", f"/connections/{database}")
        self("PATCH", f"/connections/{database}/clients", [{"client_id": client, "status": True}])
        self("GET", f"/connections/{database}/clients")
        self("PATCH", f"/connections/{database}", {"display_name": "People"})
        return client

    def _connections(self, client: str) -> None:
        made = self("POST", "/connections", {"name": "staff", "strategy": "auth0", "options": {"import_mode": False}})
        home = f"/connections/{made['id']}"
        self("PATCH", f"{home}/clients", [{"client_id": client, "status": True}])
        self("PATCH", home, {"options": {"password_options": {"complexity": {"min_length": 12}}}})
        self("GET", home, fields="name")
        body = {"connection": "staff", "email": "ana@acme.example", "password": "passpass$12$12"}
        self("POST", "/users", body)
        self("PATCH", f"{home}/clients", [{"client_id": client, "status": False}])
        self("POST", "/users", body)
        self("POST", "/connections", {"name": "staff", "strategy": "auth0"})
        self("POST", "/connections", {"name": "staff!", "strategy": "auth0"})
        self("DELETE", home)

    def _action(self) -> None:
        body = {"name": "Roles", "code": CODE, "supported_triggers": LOGIN, "secrets": [{"name": "a", "value": "b"}]}
        action = self("POST", "/actions/actions", body)["id"]
        home, flow = f"/actions/actions/{action}", "/actions/triggers/post-login/bindings"
        self("GET", home)
        self("POST", f"{home}/deploy")
        self("PATCH", flow, {"bindings": [{"ref": {"type": "action_id", "value": action}}]})
        for path in (home, f"{home}/versions", flow, "/actions/actions", "/actions/triggers", "/actions/modules"):
            self("GET", path)
        self("PATCH", home, {"code": f"{CODE}\n"})
        version = self("GET", f"{home}/versions")["versions"][0]["id"]
        self("GET", f"{home}/versions/{version}")
        self("GET", f"{home}/versions/none")
        self("POST", f"{home}/versions/{version}/deploy", {"update_draft": True})
        self("DELETE", home)
        self("PATCH", flow, {"bindings": []})
        self("DELETE", home)
        self("POST", "/actions/actions", body | {"deploy": True})

    def _people(self, database: str) -> None:
        body = {"connection": connections.DATABASE, "email": "ana@acme.example", "password": "passpass$12$12"}
        user = self("POST", "/users", body)["user_id"]
        self("PATCH", f"/users/{user}", {"app_metadata": {"flex": {"roles": ["admin"]}}, "blocked": True})
        self("GET", f"/users/{user}")
        self("GET", "/users")
        self("GET", "/users", include_totals="true", q="email:ana*")
        self("GET", "/users-by-email", email="ana@acme.example")
        self("POST", "/tickets/password-change", {"user_id": user})
        upload = {"users": ("users.json", b'[{"email": "bo@acme.example"}, {"email": "ana@acme.example"}]')}
        imported = self("POST", "/jobs/users-imports", {"connection_id": database}, files=upload)["id"]
        self("GET", f"/jobs/{imported}")
        self("GET", f"/jobs/{imported}/errors")
        exported = self("POST", "/jobs/users-exports", {"connection_id": database, "format": "json"})["id"]
        self("GET", f"/jobs/{exported}")
        self("GET", f"/jobs/{exported}/errors")
        self("DELETE", f"/users/{user}")

    def _keys(self) -> None:
        self("POST", "/keys/signing/rotate")
        keys = self("GET", "/keys/signing")
        kid = next(key["kid"] for key in keys if key.get("previous"))
        self("PUT", f"/keys/signing/{kid}/revoke")
        self("GET", f"/keys/signing/{kid}")

    def _refusals(self) -> None:
        self("POST", "/clients", {"name": "x", "unknown": 1})
        self("GET", "/clients", per_page="101")
        self("POST", "/users", {"connection": "none", "email": "a@b.example", "password": "passpass$12$12"})
        for path in ("/clients/x", "/users/x", "/actions/actions/x", "/connections/x", "/keys/signing/x", "/jobs/x"):
            self("GET", path)
