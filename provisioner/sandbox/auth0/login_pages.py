"""Signing in and out in a browser: the SAML endpoint, the login page and the logout address."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from provisioner.sandbox import passwords
from provisioner.sandbox.auth0 import clients, connections, samlp, sessions, tickets
from provisioner.sandbox.auth0.browser import Ask, alert, page, route
from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_FORM = """<p>Log in to {tenant} to continue to {client}.</p>
{alert}<form method="post" action="/u/login?{state}">
<label for="username">Email address</label>
<input id="username" name="username" value="{name}" autocomplete="username"{first} required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"{then} required>
<p><button type="submit">Continue</button></p>
</form>
<p><a href="/u/reset-password?{state}">Forgot password?</a></p>
<p class="mute">In this sandbox the password is the one that was set through the API. Whoever was made
a link for choosing one has chosen <code>{chosen}</code>; entering it here does what following the link does.</p>"""


def begin(ask: Ask) -> Response:
    """Where service providers send people: straight on for those who are signed in, or else to the login page."""
    transaction = samlp.asked(ask)
    user = sessions.user_of(ask.visit, ask.request)
    usable = user is not None and user["identities"][0]["connection"] in transaction["connections"]
    if user is not None and usable and not transaction["force"]:
        return samlp.finish(ask.visit, transaction, user)
    samlp.save(ask.visit, transaction)
    return RedirectResponse(f"/u/login?{urlencode({'state': transaction['id']})}", 302)


def login(ask: Ask) -> Response:
    """The login page, and what comes of its form.

    The session begins before Actions run, so that a denied person stays signed in (vendor's community, thread 126583).
    """
    transaction = samlp.find(ask.visit, ask.query.get("state", ""))
    databases = _databases(ask.visit, transaction["connections"])
    if ask.request.method != "POST":
        return _login_page(ask, transaction)
    user = _user(ask.visit, databases, ask.form)
    if user is None:
        return _login_page(ask, transaction, "Wrong email or password")
    response = samlp.finish(ask.visit, transaction, user)
    if not user.get("blocked"):
        sessions.keep(ask.visit, sessions.begin(ask.visit, user), response)
    return response


def _databases(visit: Visit, names: list[str]) -> list[str]:
    """The names of those connections that have passwords. Raises Misled where none has, as none is played then."""
    found = [name for name in names if (connections.find(visit, name) or {}).get("strategy") == "auth0"]
    if not found:
        raise Misled(f"this sandbox plays no other identity provider, as {', '.join(names)} would need", "not_played")
    return found


def _login_page(ask: Ask, transaction: Body, problem: str = "") -> Response:
    client = clients.find(ask.visit, transaction["client_id"]) or {"name": ""}
    name = ask.form.get("username", "")
    body = _FORM.format(
        tenant=escape(ask.visit.tenant),
        client=escape(client["name"]),
        alert=alert(problem),
        state=urlencode({"state": transaction["id"]}),
        name=escape(name),
        first="" if name else " autofocus",
        then=" autofocus" if name else "",
        chosen=tickets.CHOSEN,
    )
    signed_in = sessions.user_of(ask.visit, ask.request)
    if signed_in is not None:
        body += f'<p>Signed in as {escape(signed_in["name"])}. <a href="/v2/logout">Sign out</a></p>'
    return page(ask.visit, "Welcome", body, 400 if problem else 200)


def _user(visit: Visit, databases: list[str], form: Any) -> Body | None:
    """Who has this name and password in one of the databases, or None."""
    name, password = form.get("username", "").strip(), form.get("password", "")
    for connection in databases:
        found = visit.documents.find("user", email=name.lower(), connection=connection)
        found += visit.documents.find("user", username=name, connection=connection)
        for user in found:
            if passwords.matches(user.get("password", {}), password):
                return user
            ticket = tickets.waiting(visit, user)
            if ticket is not None and password == tickets.CHOSEN:
                return tickets.use(visit, ticket, password)
    return None


def logout(ask: Ask) -> Response:
    """Sign out, and go on to where the client allows it; with nowhere to go the vendor says OK."""
    wanted = ask.query.get("returnTo")
    client = clients.find(ask.visit, ask.query.get("client_id", "")) or {}
    if wanted and wanted not in client.get("allowed_logout_urls", []):
        words = (
            f'The "returnTo" querystring parameter "{wanted}" is not defined as a valid URL in "Allowed Logout URLs".'
        )
        raise Misled(words)
    response: Response = RedirectResponse(wanted, 302) if wanted else PlainTextResponse("OK")
    sessions.end(ask.visit, ask.request, response)
    return response


def single_logout(_ask: Ask) -> Response:
    """The metadata's address for SAML logout, which Flex does not use."""
    raise Misled("this sandbox plays no SAML logout: sign out at /v2/logout", "not_played")


ROUTES = (
    route("/samlp/{client_id}", begin, for_others=True),
    route("/samlp/{client_id}/logout", single_logout, for_others=True),
    route("/u/login", login),
    route("/v2/logout", logout, ("GET",)),
)
