"""Pages of the org for people in a browser: which there are, and what is the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioner.sandbox.forms import Endpoint, own
from provisioner.sandbox.pages import page
from provisioner.sandbox.world import Visit

PREFIXES = ("/app/", "/home/", "/login/", "/welcome/", "/reset_password/")

_PAGES = {
    "/login/login.htm": ("sign_in", "login"),
    "/login/signout": ("sign_in", "sign_out"),
    "/app/UserHome": ("dashboard", "home"),
    "/home/{name}/{appId}/{link}": ("dashboard", "tile"),
    "/welcome/{token}": ("password_page", "activation"),
    "/reset_password/{token}": ("password_page", "recovery"),
    "/app/{name}/{key}/sso/saml": ("sso", "sign_on"),
}
"""The module and the function behind each path, imported when somebody comes: most runs never see a browser."""
_FOR_OTHERS = ("/app/{name}/{key}/sso/saml",)
"""Where service providers post their requests."""


class Trouble(Exception):
    """What a person is told in place of the page, as a title and words."""

    def __init__(self, status: int, title: str, words: str) -> None:
        super().__init__(words)
        self.status, self.title, self.words = status, title, words


@dataclass(frozen=True)
class Visitor:
    """One request of a browser."""

    visit: Visit
    request: Request
    form: Mapping[str, str] = field(default_factory=dict)
    """The fields that were posted; none for a GET."""

    @property
    def posts(self) -> bool:
        """Whether the browser posts a form."""
        return self.request.method == "POST"

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters of the address."""
        return self.request.query_params

    def page(self, title: str, body: str, status: int = 200) -> Response:
        """A page with this HTML, whose maker has escaped what came from outside."""
        return page(title, body, part="Okta", tenant=self.visit.tenant, status=status)


def routes() -> list[Route]:
    """Every page, for GET and POST."""
    endpoints = {path: _endpoint(*place) for path, place in _PAGES.items()}
    return [
        Route(path, endpoint if path in _FOR_OTHERS else own(endpoint), methods=["GET", "POST"])
        for path, endpoint in endpoints.items()
    ]


def _endpoint(module: str, function: str) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        shown: Callable[[Visitor], Response] = getattr(import_module(f"{__package__}.{module}"), function)
        body = await request.body()
        visitor = Visitor(request.state.visit, request, dict(parse_qsl(body.decode("latin-1"), True)))
        try:
            with visitor.visit.documents.transaction():
                return shown(visitor)
        except Trouble as trouble:
            return told(visitor.visit, trouble)

    return endpoint


def told(visit: Visit, trouble: Trouble) -> Response:
    """The page that tells of a trouble."""
    body = f'<p>{escape(trouble.words)}</p><p><a href="/app/UserHome">Go to your apps</a></p>'
    return page(trouble.title, body, part="Okta", tenant=visit.tenant, status=trouble.status)


def not_found(visit: Visit) -> Response:
    """The page for an address that leads nowhere."""
    return told(visit, Trouble(404, "Page not found", "The page you are looking for does not exist."))


def local(address: str) -> str:
    """The address where it leads to this very org, else the dashboard: nobody is sent elsewhere after signing in."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe else "/app/UserHome"


def redirect(address: str) -> Response:
    """Send the browser to an address of the org."""
    return RedirectResponse(local(address), 303)
