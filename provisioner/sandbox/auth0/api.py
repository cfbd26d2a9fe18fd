"""The Auth0 part as an ASGI application: every operation, and what is the same for all of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioner.sandbox.auth0 import (
    action_history,
    actions,
    bindings,
    budget,
    clients,
    connection_clients,
    connections,
    errors,
    exports,
    imports,
    jobs,
    keys,
    login_pages,
    password_pages,
    saml_metadata,
    tokens,
    user_search,
    users,
)
from provisioner.sandbox.auth0.errors import Refusal
from provisioner.sandbox.auth0.wire import FORM, JSON, Answer, Call, Operation
from provisioner.sandbox.world import Visit

OPERATIONS: tuple[Operation, ...] = (
    *tokens.OPERATIONS,
    *clients.OPERATIONS,
    *actions.OPERATIONS,
    *action_history.OPERATIONS,
    *bindings.OPERATIONS,
    *users.OPERATIONS,
    *user_search.OPERATIONS,
    *connections.OPERATIONS,
    *connection_clients.OPERATIONS,
    *jobs.OPERATIONS,
    *imports.OPERATIONS,
    *exports.OPERATIONS,
    *keys.OPERATIONS,
    *saml_metadata.OPERATIONS,
)
Endpoint = Callable[[Request], Awaitable[Response]]

_HEADERS = {
    "cache-control": "private, no-store, no-cache, must-revalidate, post-check=0, pre-check=0",
    "vary": "origin,accept-encoding",
    "x-robots-tag": "noindex, nofollow, nosnippet, noarchive",
}
"""On every answer (recording 10); not Strict-Transport-Security, which would bind all of localhost to TLS."""


def build() -> Starlette:
    """The application; it answers whatever it does not know with the vendor's 404."""
    routes = [Route(operation.path, _endpoint(operation), methods=[operation.method]) for operation in OPERATIONS]
    pages = (*login_pages.ROUTES, *password_pages.ROUTES)
    return Starlette(routes=[*routes, *pages], exception_handlers={404: _unknown, 405: _unknown})


def _endpoint(operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        visit: Visit = request.state.visit
        limits: dict[str, str] = {}
        try:
            answer = _answer(request, body, visit, operation, limits)
        except Refusal as refusal:
            # Of refusals only 429 was seen with the limit's headers (recording 47 lacks them).
            shown = limits if refusal.status == 429 else {}
            return rendered(Answer(refusal.body, refusal.status), shown)
        return rendered(answer, limits)

    return endpoint


def _answer(request: Request, body: bytes, visit: Visit, operation: Operation, limits: dict[str, str]) -> Answer:
    """Let the request in or refuse it, limits first, then token, scope, query and body; then carry it out.

    `limits` takes the headers that say what is left of the rate limit.
    """
    granted = tokens.Granted(frozenset(), None)
    if operation.scopes:
        _draw(request, visit, limits)
        granted = tokens.examine(visit, request.headers.get("authorization"))
        if not granted.scopes & set(operation.scopes):
            raise errors.insufficient_scope(operation.scopes)
    for name in request.query_params:
        if name not in operation.query:
            raise errors.invalid_query(f"Additional properties not allowed: {name}")
    call = Call(
        visit=visit,
        path=request.path_params,
        query=dict(request.query_params),
        headers=request.headers,
        body=_parsed(request, body, operation.takes) if operation.takes and (body or not operation.bodiless) else None,
        scopes=granted.scopes,
        caller=granted.client,
    )
    imports.settle(visit)
    with nullcontext() if operation.method == "GET" else visit.documents.transaction():
        return operation.handler(call)


def _draw(request: Request, visit: Visit, limits: dict[str, str]) -> None:
    names = budget.buckets(visit, request.method, request.url.path)
    request.state.bucket = names[-1]
    reading = budget.draw(visit, names)
    limits |= budget.headers(reading)
    if not reading.allowed:
        raise errors.too_many_requests()


def _parsed(request: Request, body: bytes, expected: tuple[str, ...]) -> Any:
    """The body's JSON or form fields; a multipart body is left to its handler."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in expected:
        raise errors.unsupported_media()
    if media not in {FORM, JSON}:
        return body
    try:
        if media == FORM:
            return dict(parse_qsl(body.decode()))
        parsed = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair is no text
        return parsed
    except ValueError:
        raise errors.malformed() from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def rendered(answer: Answer, extra: Mapping[str, str]) -> Response:
    """The answer as it goes out, with the headers that every answer has."""
    content, media = b"", f"{JSON}; charset=utf-8"  # also on an empty body (recording 35)
    if answer.media != JSON:
        content, media = _bytes(answer.body), answer.media
    elif answer.body is not None:
        content = json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {**_HEADERS, **extra, **dict(answer.headers), "content-type": media}
    return Response(content, answer.status, headers)


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()


async def _unknown(request: Request, _error: Exception) -> Response:
    """The vendor's answer for a path or method that it does not have; the frame's log marks it."""
    request.state.unknown = True
    refusal = errors.no_such_path()
    return rendered(Answer(refusal.body, refusal.status), {})
