"""A walk over every operation of the Okta sandbox that its document names, refusals among them."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.contract.replay import ROUTES
from tests.contract.scenes import OIDC, saml
from tests.contract.score import operation_of

Send = Callable[..., httpx.Response]
Step = tuple[str, httpx.Response]


class Tour:
    """Calls the sandbox, and keeps every answer with its operation."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.steps: list[Step] = []

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Call, keep, and give the JSON."""
        answer = self._send(method, f"/api/v1{path}", json=body, params=query)
        self.steps.append((str(operation_of(ROUTES, method, f"/api/v1{path}")), answer))
        return answer.json() if answer.headers.get("content-type") == "application/json" else None

    def walk(self) -> list[Step]:
        """Everything, in an order that works; and the refusals that the document knows."""
        group, user = self._people()
        self._app(self("POST", "/apps", saml())["id"], group, user)
        self._app(self("POST", "/apps", OIDC)["id"], group, user)
        for name, settings in CATALOG.items():
            self("POST", "/apps", {"name": name, "label": name, "settings": {"app": settings}})
        self("GET", "/apps", limit="2")
        self("GET", "/org")
        self._refusals()
        self("DELETE", f"/groups/{group}/users/{user}")
        self("DELETE", f"/groups/{group}")
        self("POST", f"/users/{user}/lifecycle/deactivate")
        self("DELETE", f"/users/{user}")
        return self.steps

    def _people(self) -> tuple[str, str]:
        group = self("POST", "/groups", {"profile": {"name": "Agents", "description": "A"}})["id"]
        profile = {"login": "ana@acme.example", "email": "ana@acme.example", "firstName": "Ana", "lastName": "Diaz"}
        user = self("POST", "/users", {"profile": profile, "groupIds": [group]}, activate="false")["id"]
        self("POST", f"/users/{user}/lifecycle/activate", sendEmail="false")
        self("GET", f"/users/{user}")
        self("POST", f"/users/{user}", {"profile": {"userType": "agent"}})
        self("PUT", f"/users/{user}", {"profile": profile | {"userType": "admin"}})
        self("PUT", f"/groups/{group}/users/{user}")
        self("PUT", f"/groups/{group}", {"profile": {"name": "Flex Agents"}})
        for path in (f"/groups/{group}", "/groups", f"/groups/{group}/users", "/users", "/meta/schemas/user/default"):
            self("GET", path)
        custom = {"team": {"title": "Team", "type": "string"}}
        self("POST", "/meta/schemas/user/default", {"definitions": {"custom": {"properties": custom}}})
        return group, user

    def _app(self, app: str, group: str, user: str) -> None:
        home = f"/apps/{app}"
        shown = self("GET", home)
        self("PUT", home, shown)
        self("PUT", f"{home}/groups/{group}", {"priority": 1})
        self("GET", f"{home}/groups/{group}")
        self("POST", f"{home}/users", {"id": user})
        for path in ("users", "groups", "credentials/keys"):
            self("GET", f"{home}/{path}")
        self("GET", f"{home}/users/{user}", expand="user")
        self("GET", f"{home}/sso/saml/metadata", kid=shown["credentials"]["signing"]["kid"])
        self("POST", f"{home}/credentials/keys/generate", validityYears="2")
        self("DELETE", f"{home}/users/{user}")
        self("DELETE", f"{home}/groups/{group}")
        self("DELETE", home)
        self("POST", f"{home}/lifecycle/deactivate")
        self("POST", f"{home}/lifecycle/activate")
        self("POST", f"{home}/lifecycle/deactivate")
        self("DELETE", home)

    def _refusals(self) -> None:
        self("POST", "/users", {"profile": {"login": "nobody"}})
        self("POST", "/groups", {"profile": {}})
        self("POST", "/apps", saml() | {"label": ""})
        self("GET", "/users/nobody")
        self("GET", "/groups/nothing")
        self("GET", "/apps/nothing")


CATALOG: dict[str, Any] = {
    "bookmark": {"url": "https://example.com"},
    "template_swa": {"buttonField": "b", "passwordField": "p", "usernameField": "u", "url": "https://example.com"},
    "template_sps": {"passwordField": "p", "usernameField": "u", "url": "https://example.com"},
    "template_basic_auth": {"authURL": "https://example.com/a", "url": "https://example.com"},
}
