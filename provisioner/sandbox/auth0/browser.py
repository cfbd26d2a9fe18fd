"""Pages for people's browsers: how a request is read, and how a page or the vendor's error page answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from provisioner.sandbox import pages
from provisioner.sandbox.auth0 import imports
from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.forms import own
from provisioner.sandbox.world import Visit

PART = "Auth0"


@dataclass(frozen=True)
class Ask:
    """One request of a browser, its body read."""

    visit: Visit
    request: Request
    form: Mapping[str, str]

    @property
    def query(self) -> Mapping[str, str]:
        """What the address asks."""
        return self.request.query_params


def route(
    path: str,
    handler: Callable[[Ask], Response],
    methods: Sequence[str] = ("GET", "POST"),
    *,
    for_others: bool = False,
) -> Route:
    """A route that carries out the request in one transaction; what raises Misled leaves nothing behind.

    `for_others`: service providers post here, too.
    """

    async def endpoint(request: Request) -> Response:
        visit: Visit = request.state.visit
        body = await request.body()
        form = dict(parse_qsl(body.decode("latin-1"))) if request.method == "POST" else {}
        imports.settle(visit)
        try:
            with visit.documents.transaction():
                return handler(Ask(visit, request, form))
        except Misled as cause:
            text = f"<p><strong>{escape(cause.error)}:</strong> {escape(cause.description)}</p>"
            return page(visit, "Oops!, something went wrong", text, 400)

    return Route(path, endpoint if for_others else own(endpoint), methods=methods)


def page(visit: Visit, title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page of the tenant; `body` is HTML."""
    return pages.page(title, body, part=PART, tenant=visit.tenant, status=status)


def alert(words: str) -> str:
    """What went wrong with a form, as HTML; nothing where nothing did."""
    return f'<p class="bad" role="alert">{escape(words)}</p>' if words else ""
