"""The login page of the org, and who may sign in there."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from provisioner.sandbox.okta import ids, imported_passwords, one_time_links, sessions, user_credentials, user_records
from provisioner.sandbox.okta.browser import Trouble, Visitor, local, redirect
from provisioner.sandbox.okta.user_credentials import SANDBOX_PASSWORD
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_FORM = """{refusal}{present}
<form method="post" action="/login/login.htm">
<input type="hidden" name="fromURI" value="{goal}">
<label for="username">Username</label>
<input id="username" name="username" value="{username}" autocomplete="username" required{at_name}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{at_password}>
<p class="hint">The sandbox plays the people, too: whoever was seeded, or was mailed a link for choosing a password, has
<code>{password}</code>. A password that was set through the API is what that person has.</p>
<p><button type="submit">Sign in</button></p>
</form>"""


def login(visitor: Visitor) -> Response:
    """The form, or what becomes of it; signing in goes on to `fromURI`."""
    goal = (visitor.form if visitor.posts else visitor.query).get("fromURI", "")
    if not visitor.posts:
        return _form(visitor, goal)
    username, password = visitor.form.get("username", ""), visitor.form.get("password", "")
    user = _recognised(visitor.visit, username, password)
    if user is None:
        # The vendor tells nobody whether it was the name, the password or the status.
        return _form(visitor, goal, username, '<p class="bad" role="alert">Unable to sign in</p>')
    if user["status"] == "PASSWORD_EXPIRED":
        token, _ = one_time_links.issue(visitor.visit, user["id"], "recovery")
        return redirect(f"{one_time_links.PATHS['recovery']}{token}?{urlencode({'fromURI': goal})}")
    return sessions.begin(visitor, user, redirect(goal))


def sign_out(visitor: Visitor) -> Response:
    """End the session, and show the login page."""
    return sessions.end(visitor, redirect("/login/login.htm"))


def to_login(goal: str) -> Response:
    """Send a browser that nobody is signed in with to the login page, and from there on to its goal."""
    return redirect(f"/login/login.htm?{urlencode({'fromURI': goal})}")


def _form(visitor: Visitor, goal: str, username: str = "", refusal: str = "") -> Response:
    session = sessions.current(visitor)
    login = escape(session.user["profile"]["login"]) if session else ""
    present = f'<p>Signed in as {login}. <a href="/login/signout">Sign out</a></p>' if session else ""
    body = _FORM.format(
        refusal=refusal,
        present=present,
        goal=escape(local(goal)),
        username=escape(username),
        at_name="" if username else " autofocus",
        at_password=" autofocus" if username else "",
        password=SANDBOX_PASSWORD,
    )
    return visitor.page("Sign In", body, 401 if refusal else 200)


def _recognised(visit: Visit, username: str, password: str) -> Body | None:
    """The user with this name and password who may sign in, or must first choose another password; else None.

    A name may leave out its `@…` where that is unambiguous (vendor's reference of the Authentication API).
    """
    user = user_records.find(visit, username)
    if user is None or user["id"] == username:
        return None
    if user["status"] in {"PROVISIONED", "RECOVERY"}:
        mailed = visit.documents.count("mail", user=user["id"])
        return choose(visit, user, password) if mailed and password == SANDBOX_PASSWORD else None
    imported = user["hidden"].get("hash")
    if imported and not imported_passwords.checkable(imported):
        raise Trouble(501, "Not in this sandbox", f"The sandbox cannot check a hash of {imported['algorithm']}.")
    may = user["status"] in {"ACTIVE", "PASSWORD_EXPIRED"} and user_credentials.matches(user, password)
    return user if may else None


def choose(visit: Visit, user: Body, password: str) -> Body:
    """Give the user the password that he chose: he is active, and the links for choosing one end."""
    now = ids.stamp(visit.world.clock.now())
    user_credentials.set_password(user, password)
    user |= dict.fromkeys(("statusChanged", "lastUpdated", "passwordChanged"), now) | {"status": "ACTIVE"}
    user_records.save(visit, user)
    one_time_links.drop(visit, user["id"])
    return user
