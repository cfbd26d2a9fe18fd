"""One Okta org, spoken to in plain JSON: the SDK signs requests in, our own client carries them.

The SDK's models are not used: they drop SAML attribute statements on reading, and a PUT of what they read wipes them.
Its executor, used by itself, reads neither ./okta.yaml nor the environment, and `okta.client` is never imported.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr

from provisioner.adapters.http import TenantClient
from provisioner.adapters.http.failures import MOST_PAGES, endless, place
from provisioner.adapters.okta.refusals import CLIENT, refusal, sign_in_refusal
from provisioner.adapters.okta.shapes import SHAPES
from provisioner.errors import CredentialsError, NetworkError, ProvisionerError

T = TypeVar("T")
Query = Mapping[str, str | int | bool]

_NEXT = re.compile(r'<([^>]+)>\s*;[^<]*\brel="?next\b')


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An administrator's API token (SSWS)."""

    token: SecretStr


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A service app's RSA key, PEM or JWK, and the scopes to ask for.

    DPoP is used where `dpop` says so, and where the org insists on it.
    """

    client_id: str
    key: SecretStr
    scopes: tuple[str, ...]
    dpop: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer; `json` is None where the body is not JSON."""

    status: int
    headers: Mapping[str, str]
    json: Any
    text: str


class OktaSession:
    """Calls to one org. Signs in with the first call."""

    def __init__(self, tenant: TenantClient, org_url: str, credentials: ApiToken | PrivateKey) -> None:
        self._client, self._org_url, self._credentials = tenant.client, org_url.rstrip("/"), credentials
        self._executor: Any = None
        self._signing_in = asyncio.Lock()

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        accept: str = "application/json",
        repeatable: bool | None = None,
    ) -> Answer:
        """Okta's answer to one request.

        `repeatable` overrides what the method says about sending it twice: True for a POST that only sets something,
        False for DELETE /users/{id}, where the first deactivates and the second deletes (recording 32_user_delete).

        Raises `CredentialsError`, `MissingScope`, `NotFound`, `VendorError`, `NetworkError`, `AnswerLost`.
        """
        return await self._request(method, self._url(path, query), body, accept, repeatable)

    async def pages(self, path: str, query: Query | None = None) -> AsyncIterator[list[Any]]:
        """The pages of a list, to the last one; each is fetched when it is asked for."""
        url: str | None = self._url(path, query)
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) == MOST_PAGES:
                raise endless(httpx.URL(url))
            seen.add(url)
            answer = await self._request("GET", url)
            yield answer.json
            url = self._next(url, answer)

    async def _request(
        self, method: str, url: str, body: Any = None, accept: str = "application/json", repeatable: bool | None = None
    ) -> Answer:
        executor = await self._signed_in()
        headers = {"Accept": accept}
        request, error = await _quietly(executor.create_request(method, url, body, headers, keep_empty_params=True))
        if error is not None:
            raise self._no_token(error)
        request["repeatable"] = repeatable
        _, reply, text, _ = await executor.fire_request(request)
        data = json.loads(text) if text and "json" in reply.content_type else None
        path = httpx.URL(url).raw_path.decode().partition("?")[0]
        if reply.status >= 400:
            raise refusal(method, path, reply.status, reply.headers, data)
        request_id = reply.headers.get("x-okta-request-id", "")
        SHAPES.check(method, path, data, status=reply.status, request_id=request_id)
        return Answer(reply.status, reply.headers, data, text)

    async def _signed_in(self) -> Any:
        async with self._signing_in:
            if self._executor is None:
                self._executor = await self._sign_in()
        return self._executor

    async def _sign_in(self) -> Any:
        credentials = self._credentials
        if isinstance(credentials, ApiToken):
            return self._make_executor(authorizationMode="SSWS", token=credentials.token.get_secret_value())
        settings: dict[str, Any] = {
            "authorizationMode": "PrivateKey",
            "clientId": credentials.client_id,
            "privateKey": _usable_key(credentials.key),
            "scopes": credentials.scopes,
            "oauthTokenRenewalOffset": 5,
        }
        for dpop in (True,) if credentials.dpop else (False, True):
            executor = self._make_executor(**settings, dpopEnabled=dpop)
            _, error = await _quietly(executor.create_request("GET", self._org_url))
            if error is None:
                return executor
            # So an app that requires DPoP answers a request without it (recording 51_oauth_token_missing_dpop_400).
            if getattr(error, "error_code", "") != "invalid_dpop_proof":
                break
        raise self._no_token(error)

    def _make_executor(self, **settings: Any) -> Any:
        from okta.cache.no_op_cache import NoOpCache
        from okta.request_executor import RequestExecutor

        # Its log lines would pass by our redaction.
        logging.getLogger("okta-sdk-python").disabled = True
        bridge = _Bridge(self._client)
        client = {"orgUrl": self._org_url, "rateLimit": {"maxRetries": 0}, **settings}
        bridge.executor = RequestExecutor({"client": client}, NoOpCache(), lambda _: bridge)
        return bridge.executor

    def _no_token(self, error: Any) -> ProvisionerError:
        scopes = self._credentials.scopes if isinstance(self._credentials, PrivateKey) else ()
        code, status = str(getattr(error, "error_code", "")), int(getattr(error, "status", 0) or 0)
        return sign_in_refusal(code, str(getattr(error, "error_summary", "")), status, scopes)

    def _url(self, path: str, query: Query | None) -> str:
        return str(httpx.URL(self._org_url + path, params=dict(query))) if query else self._org_url + path

    def _next(self, url: str, answer: Answer) -> str | None:
        """The next page's address. It is requested with our credentials, so it must be the same org's."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return None
        own = httpx.URL(self._org_url)
        try:
            target = httpx.URL(url).join(found[1])
        except httpx.InvalidURL:
            raise NetworkError(
                f"{place(own)} names a next page that is no address", hint="try again, then tell Okta's support"
            ) from None
        if (target.scheme, target.host, target.port) != (own.scheme, own.host, own.port):
            raise NetworkError(
                f"{place(own)} names a next page on {place(target)}; credentials are not sent there",
                hint="use the org's address as Okta itself names it in the plan file",
            )
        return str(target)


@dataclass(frozen=True, slots=True)
class _Reply:
    """What the SDK reads of an answer."""

    status: int
    content_type: str
    headers: httpx.Headers


class _Bridge:
    """Stands where the SDK wants its HTTPClient, and sends through ours. It never returns an error: ours are raised."""

    executor: Any

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send_request(self, request: dict[str, Any]) -> tuple[dict[str, Any], _Reply, str, None]:
        response = await self._client.send(self._built(request))
        content_type = response.headers.get("content-type", "").partition(";")[0].strip()
        return request, _Reply(response.status_code, content_type, response.headers), response.text, None

    def _built(self, request: dict[str, Any]) -> httpx.Request:
        extensions: dict[str, Any] = {}
        if request.get("repeatable") is not None:
            extensions["repeatable"] = request["repeatable"]
        if "client_assertion" in request["form"]:
            extensions["repeatable"] = True
        if "DPoP" in request["headers"] or "client_assertion" in request["form"]:
            extensions["renew"] = lambda _: self._built(self._renewed(request))
        return self._client.build_request(
            request["method"],
            request["url"],
            headers=request["headers"],
            json=request["data"],
            data=request["form"] or None,
            extensions=extensions,
        )

    def _renewed(self, request: dict[str, Any]) -> dict[str, Any]:
        """The same request with a new assertion and proof: Okta takes each but once, and remembers refused ones too."""
        oauth = self.executor._oauth
        headers, form = dict(request["headers"]), dict(request["form"])
        if "client_assertion" in form:
            form["client_assertion"] = oauth.get_JWT()
        if "DPoP" in headers:
            token = headers.get("Authorization", "").removeprefix("DPoP ") or None
            proof = oauth.get_dpop_generator().generate_proof_jwt
            headers["DPoP"] = proof(request["method"], request["url"], access_token=token)
        return {**request, "headers": headers, "form": form}


async def _quietly(call: Awaitable[T]) -> T:
    """What the SDK returns. What it raises may quote a key or a token, so no more than its name goes on."""
    try:
        return await call
    except ProvisionerError:
        raise
    except Exception as error:
        name = type(error).__name__
    raise CredentialsError(f"Okta's SDK could not make the request ({name})", hint=CLIENT)


def _usable_key(key: SecretStr) -> Any:
    """The key in a form that the SDK can read, tried out: its own complaint would quote the key.

    A key that came through an environment variable often has its line ends written as two characters.
    """
    from okta.jwt import JWT

    text = key.get_secret_value().strip()
    try:
        if text.startswith("{"):
            usable: Any = {name: value for name, value in json.loads(text).items() if isinstance(value, str)}
        else:
            usable = text.replace("\\n", "\n")
        JWT.get_PEM_JWK(usable)
    except Exception:
        usable = None
    if usable is None:
        raise CredentialsError("OKTA_PRIVATE_KEY is not a usable RSA private key (PEM or JWK)", hint=CLIENT)
    return usable
