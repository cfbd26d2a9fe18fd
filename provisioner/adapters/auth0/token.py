"""The access token of a run: fetched with a secret or a signed assertion, or as it was given; and its scopes."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Any

import httpx

from provisioner.adapters.auth0 import scopes
from provisioner.adapters.auth0.credentials import ApiToken, Machine
from provisioner.adapters.auth0.refusals import CLIENT
from provisioner.adapters.auth0.shapes import read
from provisioner.errors import CredentialsError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from provisioner.adapters.http import TenantClient

Form = dict[str, str]

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# An assertion is used at once, and a token in time: long enough for clocks that differ a little.
ASSERTION_SECONDS = 120
LEEWAY = 60.0


class Token:
    """Gives the access token; `granted` are its scopes, None where it does not tell them."""

    def __init__(self, tenant: TenantClient, origin: str, credentials: ApiToken | Machine) -> None:
        self._tenant, self._origin, self._credentials = tenant, origin, credentials
        self._fetching = asyncio.Lock()
        self._text, self._ends = "", float("inf")
        self.granted: frozenset[str] | None = None

    async def __call__(self) -> str:
        """The token. Raises `CredentialsError`, `NetworkError`, `VendorError`."""
        async with self._fetching:
            if not self._text or self._tenant.clock.time() > self._ends - LEEWAY:
                await self._obtain()
        return self._text

    async def _obtain(self) -> None:
        credentials = self._credentials
        if isinstance(credentials, ApiToken):
            self._text = credentials.token.get_secret_value()
            self.granted = scopes.of_token(self._text)
            return
        answer = read(await self._tenant.client.send(self._request(credentials)))
        self._text, self._ends = answer["access_token"], self._tenant.clock.time() + answer.get("expires_in", 86400)
        told = answer.get("scope")
        self.granted = frozenset(told.split()) if isinstance(told, str) else scopes.of_token(self._text)

    def _request(self, machine: Machine) -> httpx.Request:
        # An assertion is good for one sending only, so that a repetition brings a new one.
        extensions: dict[str, Any] = {"repeatable": True, "renew": lambda _: self._request(machine)}
        form = self._form(machine)
        return self._tenant.client.build_request("POST", "/oauth/token", data=form, extensions=extensions)

    def _form(self, machine: Machine) -> Form:
        """The client credentials grant; the audience wants its closing slash (Authentication API: oauth/token)."""
        form = {"grant_type": "client_credentials", "client_id": machine.client_id}
        form["audience"] = f"{self._origin}/api/v2/"
        if machine.key is None:
            return form | {"client_secret": machine.secret.get_secret_value() if machine.secret else ""}
        assertion = _assertion(machine.client_id, machine.key, f"{self._origin}/")
        return form | {"client_assertion_type": ASSERTION, "client_assertion": assertion}


def _assertion(client_id: str, key: SecretStr, audience: str) -> str:
    """A signed assertion (RFC 7523). A key from an environment variable often has its line ends as two characters."""
    import jwt

    now = int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + ASSERTION_SECONDS}
    claims["jti"] = secrets.token_urlsafe(16)
    try:
        return jwt.encode(claims, key.get_secret_value().replace("\\n", "\n"), algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        pass
    # Raised outside of the handler: the library's own complaint may quote the key.
    raise CredentialsError("AUTH0_CLIENT_ASSERTION_KEY is not a usable RSA private key (PEM)", hint=CLIENT)
