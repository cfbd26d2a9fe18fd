"""The pages behind the links by which a person chooses a password."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.responses import Response

from provisioner.sandbox.okta import one_time_links, sessions, sign_in, user_profile
from provisioner.sandbox.okta.browser import Trouble, Visitor, redirect
from provisioner.sandbox.okta.errors import Refusal
from provisioner.sandbox.okta.user_credentials import SANDBOX_PASSWORD

Body = dict[str, Any]

_FORM = """{refusal}<p>Choose a password for <strong>{login}</strong>.</p>
<form method="post">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus>
<p class="hint">At least 8 characters with a lowercase letter, an uppercase letter and a number, and no part of the
username; or <code>{password}</code>, which everybody in the sandbox may have.</p>
<p><button type="submit">Save and sign in</button></p>
</form>"""


def activation(visitor: Visitor) -> Response:
    """The page of a link for new people: whoever chooses a password there is active and signed in."""
    return _chosen(visitor, "activation", "Welcome", ("PROVISIONED",))


def recovery(visitor: Visitor) -> Response:
    """The page of a link for people who need another password."""
    return _chosen(visitor, "recovery", "Reset your password", ("RECOVERY", "PASSWORD_EXPIRED"))


def _chosen(visitor: Visitor, kind: str, title: str, statuses: tuple[str, ...]) -> Response:
    user = one_time_links.find(visitor.visit, visitor.request.path_params["token"], kind)
    if user is None or user["status"] not in statuses:
        raise Trouble(
            403, "This link is no longer valid", "It was used, has been replaced by a newer one, or never was."
        )
    password = visitor.form.get("password", "")
    refusal = _refusal(password, user) if visitor.posts else ""
    if visitor.posts and not refusal:
        sign_in.choose(visitor.visit, user, password)
        return sessions.begin(visitor, user, redirect(visitor.query.get("fromURI", "")))
    told = f'<p class="bad" role="alert">{escape(refusal)}</p>' if refusal else ""
    body = _FORM.format(refusal=told, login=escape(user["profile"]["login"]), password=SANDBOX_PASSWORD)
    return visitor.page(title, body, 400 if refusal else 200)


def _refusal(password: str, user: Body) -> str:
    """Why the person cannot have this password; empty where he can."""
    if password == SANDBOX_PASSWORD:
        return ""
    try:
        user_profile.check_password(password, user["profile"]["login"])
    except Refusal as error:
        return str(error.body["errorCauses"][0]["errorSummary"]).partition(": ")[2]
    return ""
