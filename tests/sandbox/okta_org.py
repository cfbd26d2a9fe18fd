"""An Okta org in the sandbox, as tests call it."""

from typing import Any

import httpx

from provisioner.sandbox.okta import PART
from tests.sandbox.noon import AtNoon

TOKEN = {"authorization": "SSWS sandbox-okta-token"}
Json = dict[str, Any]


class Org(AtNoon):
    """One Okta org at noon."""

    part = PART

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Any answer; `headers` are added to the API token's."""
        headers = TOKEN | options.pop("headers", {})
        return self._client(method, path, json=body, headers=headers, **options)

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of a call below `/api/v1` that must succeed."""
        answer = self.call(method, f"/api/v1{path}", body, params=query)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str, list[str]]:
        """Status, code and causes of a call below `/api/v1` that must be refused."""
        answer = self.call(method, f"/api/v1{path}", body, params=query)
        assert answer.is_error, answer.text
        error = answer.json()
        return answer.status_code, error["errorCode"], [cause["errorSummary"] for cause in error["errorCauses"]]

    def user(self, login: str = "ana@acme.example", **more: Any) -> Json:
        """A new user with no more than a name."""
        profile = {"login": login, "email": login, "firstName": "Ana", "lastName": "Diaz"} | more.pop("profile", {})
        made: Json = self("POST", "/users", {"profile": profile, **more.pop("body", {})}, **more)
        return made

    def group(self, name: str = "Agents") -> Json:
        """A new group."""
        made: Json = self("POST", "/groups", {"profile": {"name": name}})
        return made

    def app(self, **sign_on: Any) -> Json:
        """A new SAML app."""
        made: Json = self("POST", "/apps", saml(**sign_on))
        return made


def saml(**sign_on: Any) -> Json:
    """A request for a SAML app with no more than it needs."""
    needed = {
        "ssoAcsUrl": "https://flex.example/acs",
        "audience": "urn:flex:JQ1",
        "recipient": "https://flex.example/acs",
        "destination": "https://flex.example/acs",
        "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "responseSigned": True,
        "assertionSigned": True,
        "honorForceAuthn": True,
        "requestCompressed": False,
        "allowMultipleAcsEndpoints": False,
    }
    return {"label": "Twilio Flex", "signOnMode": "SAML_2_0", "settings": {"signOn": needed | sign_on}}
