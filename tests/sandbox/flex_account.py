"""A Flex account in the sandbox as tests use it: the form filled in, responses made by the tests' own IdP."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx

from provisioner.sandbox.flex import PART
from tests.saml import idp
from tests.sandbox.noon import AtNoon

FORM = {
    "connection_sid": idp.JQ,
    "friendly_name": "Acme",
    "certificate_pem": idp.idp().pem,
    "issuer": idp.ISSUER,
    "sso_url": "https://idp.acme.example/sso?connection=people",
    "default_redirect_url": "https://flex.twilio.com/acme-1234",
}
CALLBACK = f"/flex/login/callback?connection={idp.JQ}"


class Account(AtNoon):
    """One Flex account at noon, whose form holds the tests' own identity provider unless told otherwise."""

    part = PART

    def __init__(self, **changes: str) -> None:
        super().__init__()
        assert self.post("/flex/console", FORM | changes).status_code == 303

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._client("GET", path, **options)

    def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return self._client("POST", path, data=form)

    def login(self, **changes: Any) -> idp.Login:
        """What a response says that begins at the identity provider, now."""
        return idp.Login(**{"issued": self.clock.now(), **changes})

    def take(self, document: bytes, relay_state: str = "", callback: str = CALLBACK) -> httpx.Response:
        """The answer to a response that the browser posts."""
        value = idp.form_value(document).replace("+", "%2B")
        form = f"SAMLResponse={value}&RelayState={quote(relay_state)}"
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._client("POST", callback, content=form, headers=headers)

    def refuses(self, document: bytes, relay_state: str = "", callback: str = CALLBACK) -> tuple[str, str]:
        """Twilio's code and the sandbox's reason for a response that must not get in."""
        return told(self.take(document, relay_state, callback))

    def asks(self) -> dict[str, str]:
        """The query of the address that `Login with SSO` leads to."""
        answer = self.get("/flex/login")
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    @property
    def worker(self) -> dict[str, Any]:
        """The only worker."""
        (worker,) = PART.state(self.visit)["workers"]
        return dict(worker)


def told(answer: httpx.Response) -> tuple[str, str]:
    """Code and reason of a page on which a login ended."""
    code = re.search(r'data-code="(\w+)"', answer.text)
    reason = re.search(r"data-reason><p>(.*?)</p>", answer.text, re.DOTALL)
    assert code, answer.text
    assert reason, answer.text
    assert answer.is_client_error
    return code[1], unescape(reason[1])


__all__ = ["CALLBACK", "FORM", "Account", "told"]
