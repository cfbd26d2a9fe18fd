"""The Okta part as an ASGI application: every operation, and what is the same for all of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioner.sandbox.okta import (
    app_groups,
    app_keys,
    app_users,
    apps,
    auth,
    browser,
    budget,
    errors,
    federated_claims,
    group_rules,
    groups,
    ids,
    lifecycle,
    linked_objects,
    oauth,
    org,
    policies,
    saml_metadata,
    schema_api,
    user_lists,
    user_types,
    users,
)
from provisioner.sandbox.okta.errors import Refusal
from provisioner.sandbox.okta.wire import FORM, JSON, Answer, Call, Operation
from provisioner.sandbox.world import Visit

OPERATIONS: tuple[Operation, ...] = (
    *oauth.OPERATIONS,
    *org.OPERATIONS,
    *users.OPERATIONS,
    *user_lists.OPERATIONS,
    *lifecycle.OPERATIONS,
    *linked_objects.OPERATIONS,
    *schema_api.OPERATIONS,
    *user_types.OPERATIONS,
    *group_rules.OPERATIONS,
    *groups.OPERATIONS,
    *apps.OPERATIONS,
    *app_users.OPERATIONS,
    *app_groups.OPERATIONS,
    *app_keys.OPERATIONS,
    *federated_claims.OPERATIONS,
    *saml_metadata.OPERATIONS,
    *policies.OPERATIONS,
)
Endpoint = Callable[[Request], Awaitable[Response]]


def build() -> Starlette:
    """The application; it answers whatever it does not know with the vendor's 404 or 405."""
    routes = [Route(operation.path, _endpoint(operation), methods=[operation.method]) for operation in OPERATIONS]
    return Starlette(routes=[*routes, *browser.routes()], exception_handlers={404: _unknown, 405: _unknown})


def _endpoint(operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        visit: Visit = request.state.visit
        extra: dict[str, str] = {}
        try:
            answer = _answer(request, body, visit, operation, extra)
        except Refusal as refusal:
            return rendered(Answer(refusal.body, refusal.status), extra | refusal.headers)
        return rendered(answer, extra)

    return endpoint


def _answer(request: Request, body: bytes, visit: Visit, operation: Operation, extra: dict[str, str]) -> Answer:
    """Let the request in or refuse it, in the vendor's order as far as it is known, and carry it out.

    `extra` takes the headers that the answer has in any case.
    """
    caller = _let_in(request, visit, operation, extra)
    if operation.gives not in _ranges(request) and not _ranges(request) & {"*/*", "application/*"}:
        raise errors.not_acceptable()
    call = Call(
        visit=visit,
        url=request.url.path,
        path=request.path_params,
        query=dict(request.query_params),
        headers=request.headers,
        body=_parsed(request, body, operation.takes) if operation.takes else None,
        caller=caller,
    )
    with nullcontext() if operation.method == "GET" else visit.documents.transaction():
        return operation.handler(call)


def _let_in(request: Request, visit: Visit, operation: Operation, extra: dict[str, str]) -> str:
    """Check credentials, limits and scope, and give the caller's id. A limit counts refused requests too."""
    name = request.state.bucket = budget.bucket(request.method, request.url.path)
    if operation.scope == org.PUBLIC:
        extra |= budget.headers(budget.draw(visit, name, "anyone"))
        return ""
    caller, refusal = None, None
    try:
        caller = auth.identify(request, visit)
    except Refusal as error:
        refusal = error
    reading = budget.draw(visit, name, caller.id if caller else "anyone")
    extra |= budget.headers(reading)
    if not reading.allowed:
        raise errors.too_many_requests()
    budget.check_concurrency(visit)
    if caller is None:
        raise refusal or errors.invalid_token()
    auth.authorize(caller, operation, visit)
    return caller.id


def _ranges(request: Request) -> set[str]:
    """The media ranges of the `Accept` header, without parameters; none given means all."""
    accept = request.headers.get("accept", "*/*")
    return {part.partition(";")[0].strip().lower() for part in accept.split(",")}


def _parsed(request: Request, body: bytes, expected: str) -> Any:
    """The body's JSON or form fields; E0000021 for another content type, E0000003 for no JSON (error catalogue)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != expected and (body or media):
        raise errors.unsupported_media()
    try:
        if expected == FORM:
            return dict(parse_qsl(body.decode()))
        parsed = json.loads(body) if body else None
        json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair is no text
        return parsed
    except ValueError:
        raise errors.malformed() from None


def rendered(answer: Answer, extra: Mapping[str, str]) -> Response:
    """The answer as it goes out, with the headers that every answer has (recording 09)."""
    content = b"" if answer.body is None else _bytes(answer)
    response = Response(content, answer.status, media_type=answer.media if content else None)
    for name, value in {"x-okta-request-id": ids.request_id(), **extra}.items():
        response.headers[name] = value
    for name, value in answer.headers:
        response.headers.append(name, value)
    return response


def _bytes(answer: Answer) -> bytes:
    if answer.media == JSON:
        return json.dumps(answer.body, separators=(",", ":")).encode()
    # The vendor calls its metadata ISO-8859-1 in one place and UTF-8 in another: ASCII is both.
    return str(answer.body).encode("ascii", "xmlcharrefreplace")


async def _unknown(request: Request, error: Exception) -> Response:
    """The vendor's answer for a path or method that it does not have; the frame's log marks it."""
    request.state.unknown = True
    if request.url.path.startswith(browser.PREFIXES):
        return browser.not_found(request.state.visit)
    status = error.status_code if isinstance(error, HTTPException) else 404
    refusal = errors.BY_STATUS[status]()
    return rendered(Answer(refusal.body, refusal.status), {})
