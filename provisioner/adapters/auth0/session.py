"""One Auth0 tenant, spoken to in the JSON that is on the wire.

What is written goes through the SDK's generated client, which knows each operation's path and arguments. What is read
goes over the same httpx client directly: the SDK's pagers ask for one page too many and stop at a bare list, and its
models take a second to import, which a mere diff need not spend.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from provisioner.adapters.auth0.refusals import refusal
from provisioner.adapters.auth0.shapes import API, read
from provisioner.adapters.auth0.token import Token
from provisioner.adapters.http.failures import MOST_PAGES, endless
from provisioner.errors import ProvisionerError

if TYPE_CHECKING:
    from auth0.management.client import AsyncAuth0
    from auth0.management.core.http_response import AsyncHttpResponse

    from provisioner.adapters.auth0.credentials import ApiToken, Machine
    from provisioner.adapters.http import TenantClient

Query = Mapping[str, str | int]
Operation = Callable[["AsyncAuth0"], Awaitable["AsyncHttpResponse[Any]"]]

PAGE = 100
# A PATCH of ours says how a thing should be, so that a second one changes nothing; nor does a second deployment of the
# same draft, nor a second export, nor a second link for the same person. Only the login flow is written in ids that the
# write itself renews.
_REPEATABLE = re.compile(r"PATCH (?!.*/bindings$).*|POST .*/(deploy|users-exports|password-change)")


class Auth0Session:
    """Calls to one tenant; `token` signs them in and `clock` is what waiting goes by."""

    def __init__(self, tenant: TenantClient, origin: str, credentials: ApiToken | Machine) -> None:
        self._client, self._origin = tenant.client, origin
        self.clock = tenant.clock
        self.token = Token(tenant, origin, credentials)
        self._sdk: AsyncAuth0 | None = None
        tenant.client.event_hooks = {"request": [_mark_repeatable], "response": [_raise_refusal]}

    async def get(self, path: str, query: Query | None = None) -> Any:
        """The JSON at a path of the Management API.

        Raises `CredentialsError`, `MissingScope`, `NotFound`, `VendorError`, `NetworkError`.
        """
        headers = {"Authorization": f"Bearer {await self.token()}"}
        answer = await self._client.get(API + path, params=query, headers=headers)
        return read(answer)

    async def download(self, url: str) -> httpx.Response:
        """What lies at an address outside of the Management API; our token does not go there."""
        return await self._client.get(url)

    async def pages(self, path: str, query: Query, member: str) -> AsyncIterator[list[Any]]:
        """The pages of a list that is counted from page 0, to the last one.

        The page may be smaller than asked for. Auth0 leaves out a total of 0, and some lists have none at all.
        """
        seen = 0
        for page in range(MOST_PAGES):
            answer = await self.get(path, {**query, "per_page": PAGE, "page": page})
            items: list[Any] = answer[member]
            yield items
            seen += len(items)
            total = answer.get("total")
            if not items or (seen >= total if total is not None else len(items) < PAGE):
                return
        raise endless(httpx.URL(self._origin))

    async def call(self, operation: Operation) -> Any:
        """The JSON of the answer to an operation of the SDK; None where there is none.

        `AnswerLost` where it may have been carried out, else raises what `get` raises.
        """
        failed: Exception
        try:
            answer = await operation(self._generated())
            # The models rename and convert; what is compared later must be as Auth0 wrote it.
            return read(answer._response)
        except ProvisionerError:
            raise
        except Exception as error:
            failed = error
        # The SDK's errors quote headers and bodies, so nothing of their text goes on.
        if type(failed).__name__ == "ParsingError":
            # Auth0 has done it; only the SDK's model cannot read the answer.
            return failed.body  # type: ignore[attr-defined]
        raise ProvisionerError(f"Auth0's SDK could not make the request ({type(failed).__name__})")

    def _generated(self) -> AsyncAuth0:
        if self._sdk is None:
            from auth0.management.client import AsyncAuth0

            # Its own retries repeat what must not be repeated.
            self._sdk = AsyncAuth0(
                base_url=self._origin + API,
                token="",
                async_token=self.token,
                httpx_client=self._client,
                max_retries=0,
            )
        return self._sdk


async def _mark_repeatable(request: httpx.Request) -> None:
    if _REPEATABLE.fullmatch(f"{request.method} {request.url.path}"):
        request.extensions["repeatable"] = True


async def _raise_refusal(response: httpx.Response) -> None:
    if response.status_code >= 400:
        request = response.request
        await response.aread()
        try:
            body = response.json()
        except ValueError:
            body = None
        raise refusal(request.method, request.url.path, response.status_code, response.headers, body)
