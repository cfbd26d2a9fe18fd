"""The addresses under `/flex/`: which page or action answers."""

from asyncio import to_thread
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.sandbox import clipboard
from provisioner.sandbox.answer import problem
from provisioner.sandbox.flex import connection, console_form, console_page, views, workers
from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.flex.console_form import BadSettingsError
from provisioner.sandbox.flex.refusal import SETTINGS, UNREADABLE, RefusedError, refused
from provisioner.sandbox.forms import Endpoint, own
from provisioner.sandbox.world import Visit

COOKIE = "flex_session"
LIMIT = 1_000_000
"""Bytes of a form with a response, which has some thousand."""


def build() -> ASGIApp:
    """Give the application that answers."""
    return Router(
        [
            Route("/flex", _overview),
            Route("/flex/", _overview),
            Route("/flex/console", _console),
            Route("/flex/console", own(_save), methods=["POST"]),
            Route("/flex/login", _answered(_login)),
            Route("/flex/login/callback", _answered(_callback), methods=["GET", "POST"]),
            Route("/flex/v1/Accounts/{sid}/saml2", _answered(_callback), methods=["GET", "POST"]),
            Route("/flex/worker", _worker),
            Route("/flex/workers", _workers),
            Route("/flex/sign-out", own(_sign_out), methods=["POST"]),
        ],
        redirect_slashes=False,
        default=_unknown,
    )


def _answered(endpoint: Endpoint) -> Endpoint:
    """Show a refused login as Flex does."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except RefusedError as error:
            return refused(request.state.visit, error)

    return answered


async def _overview(request: Request) -> Response:
    visit: Visit = request.state.visit
    return views.overview(visit, connection.load(visit), _who(request))


async def _console(request: Request) -> Response:
    visit: Visit = request.state.visit
    return console_page.shown(visit, saved="saved" in request.query_params)


async def _save(request: Request) -> Response:
    """Save the form, or pasted JSON, or what lies on the clipboard; else show the form again with what is wrong."""
    visit: Visit = request.state.visit
    try:
        entries = _entries(visit, await _form(request))
        connection.save(visit, console_form.checked(entries))
    except BadSettingsError as error:
        return console_page.shown(visit, error=error)
    return RedirectResponse("/flex/console?saved", 303)


def _entries(visit: Visit, form: dict[str, str]) -> console_form.Entries:
    if "load" in form:
        held = {each["name"]: each["values"] for each in clipboard.entries(visit.world.store, visit.tenant)}
        return console_form.of_values(held.get(form["load"]))
    return console_form.of_json(form["values"]) if "values" in form else console_form.of_form(form)


async def _login(request: Request) -> Response:
    # XML libraries take long to import, and most runs of the program see no login.
    from provisioner.sandbox.flex import authn

    visit: Visit = request.state.visit
    used = _connection(visit)
    if request.query_params.get("connection", used.sid) != used.sid:
        raise RefusedError(SETTINGS, f"The SSO connection of this account is {used.sid}, not the one in the address.")
    return RedirectResponse(authn.start(visit, used), 302)


async def _callback(request: Request) -> Response:
    """Take a response at the address of one connection, as that connection's."""
    from provisioner.sandbox.flex import acs

    visit: Visit = request.state.visit
    used = _connection(visit)
    called = request.path_params.get("sid") or request.query_params.get("connection", "none")
    if called != used.sid:
        words = f"The SSO connection of this account is {used.sid}; the response came to the address of {called}."
        raise RefusedError(SETTINGS, words)
    if request.method != "POST":
        raise RefusedError(UNREADABLE, "A response comes by HTTP-POST; this was GET.")
    if len(await request.body()) > LIMIT:
        raise RefusedError(UNREADABLE, f"The form is longer than {LIMIT:,} bytes.")
    form = await _form(request)
    if "SAMLResponse" not in form:
        raise RefusedError(UNREADABLE, "The form has no field SAMLResponse, or has it twice.")
    # In a thread, as a response from anywhere may be slow to check and other tenants have to be answered meanwhile.
    said = await to_thread(acs.accept, visit, used, form["SAMLResponse"], form.get("RelayState", ""))
    worker = workers.record(visit, said)
    answer = RedirectResponse("/flex/worker", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, workers.sign_in(visit, worker), path="/flex", httponly=True, samesite="lax", secure=secure
    )
    return answer


async def _worker(request: Request) -> Response:
    visit: Visit = request.state.visit
    worker = _who(request)
    return views.worker(visit, worker, connection.load(visit)) if worker else RedirectResponse("/flex/", 303)


async def _workers(request: Request) -> Response:
    visit: Visit = request.state.visit
    return views.workers(visit, workers.everyone(visit))


async def _sign_out(request: Request) -> Response:
    workers.sign_out(request.state.visit, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/flex/", 303)
    answer.delete_cookie(COOKIE, path="/flex")
    return answer


async def _unknown(scope: Scope, receive: Receive, send: Send) -> None:
    scope["state"]["unknown"] = True
    await problem(404, f"Flex has no {scope['path']} here; /flex/ shows what there is.")(scope, receive, send)


def _connection(visit: Visit) -> Connection:
    used = connection.load(visit)
    if used is None:
        raise RefusedError(SETTINGS, "No SSO connection is set up: paste the Flex values into Twilio Console first.")
    return used


def _who(request: Request) -> workers.Worker | None:
    return workers.signed_in(request.state.visit, request.cookies.get(COOKIE, ""))


async def _form(request: Request) -> dict[str, str]:
    """The fields that came exactly once; nothing of a form that has absurdly many."""
    try:
        fields = parse_qs((await request.body()).decode("latin-1"), keep_blank_values=True, max_num_fields=30)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items() if len(values) == 1}
