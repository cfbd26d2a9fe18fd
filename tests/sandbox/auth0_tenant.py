"""An Auth0 tenant in the sandbox, as tests call it."""

from typing import Any

import httpx

from provisioner.sandbox.auth0 import PART, connections
from tests.sandbox.noon import AtNoon

TOKEN = {"authorization": "Bearer sandbox-auth0-token"}
PASSWORD = "Correct horse 1"
CODE = "exports.onExecutePostLogin = async (event, api) => {};"
Json = dict[str, Any]


class Tenant(AtNoon):
    """One Auth0 tenant at noon."""

    part = PART

    @property
    def database(self) -> str:
        """The id of the database connection."""
        found = connections.find(self.visit, connections.DATABASE)
        assert found
        return str(found["id"])

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Any answer; `headers` are added to the API token's."""
        headers = TOKEN | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        return self._client(method, path, headers=headers, **options)

    def bare(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any answer to somebody who shows no token."""
        return self._client(method, path, **options)

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a call below `/api/v2` that must succeed."""
        answer = self.call(method, f"/api/v2{path}", body, params=query)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str | None, str]:
        """Status, code and message of a call below `/api/v2` that must be refused."""
        answer = self.call(method, f"/api/v2{path}", body, params=query)
        assert answer.is_error, answer.text
        error = answer.json()
        assert error["statusCode"] == answer.status_code
        return answer.status_code, error.get("errorCode"), error["message"]

    def client(self, **more: Any) -> Json:
        """A new client."""
        made: Json = self("POST", "/clients", {"name": "Twilio Flex", "app_type": "regular_web"} | more)
        return made

    def user(self, email: str = "ana@acme.example", **more: Any) -> Json:
        """A new user."""
        body = {"connection": connections.DATABASE, "email": email, "password": PASSWORD}
        made: Json = self("POST", "/users", body | more)
        return made

    def action(self, name: str = "Flex roles", deployed: bool = True, **more: Any) -> Json:
        """A new Action of the login flow, built, and deployed unless a test wants to do that itself."""
        triggers = [{"id": "post-login", "version": "v3"}]
        made: Json = self(
            "POST", "/actions/actions", {"name": name, "code": CODE, "supported_triggers": triggers} | more
        )
        self.clock.advance(10)
        if deployed:
            self("POST", f"/actions/actions/{made['id']}/deploy")
            self.clock.advance(1)
        return made

    def bind(self, *actions: Json) -> list[Json]:
        """Let these Actions run at login, in this order."""
        wanted = [{"ref": {"type": "action_id", "value": action["id"]}} for action in actions]
        bound: list[Json] = self("PATCH", "/actions/triggers/post-login/bindings", {"bindings": wanted})["bindings"]
        return bound
