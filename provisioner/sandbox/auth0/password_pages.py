"""The pages on which a person asks for a link to a new password, and chooses one."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.responses import Response

from provisioner.sandbox.auth0 import ids, samlp, tickets
from provisioner.sandbox.auth0.browser import Ask, alert, page, route
from provisioner.sandbox.auth0.errors import Refusal
from provisioner.sandbox.clock import iso

Body = dict[str, Any]

_ASK = """<p>Enter your email address and we will send you instructions to reset your password.</p>
<form method="post" action="{here}">
<label for="email">Email address</label>
<input id="email" name="email" autocomplete="email" autofocus required>
<p><button type="submit">Continue</button></p>
</form>"""
_CHOOSE = """<p>Enter a new password below to change your password.</p>
{alert}<form method="post" action="{here}">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" autofocus required>
<label for="again">Re-enter new password</label>
<input id="again" name="again" type="password" autocomplete="new-password" required>
<p><button type="submit">Reset password</button></p>
</form>
<p class="mute">In this sandbox <code>{chosen}</code> is always good enough.</p>"""
_AGAIN = "To reset your password, return to the login page and select &quot;Forgot password?&quot; to send a new email."


def forgotten(ask: Ask) -> Response:
    """Send a link to whoever has the address, and say the same where nobody has it."""
    state = ask.query.get("state", "")
    transaction = samlp.find(ask.visit, state)
    if ask.request.method != "POST":
        return page(ask.visit, "Forgot your password?", _ASK.format(here=_here(ask)))
    address = ask.form.get("email", "").strip().lower()
    for connection in transaction["connections"]:
        for user in ask.visit.documents.find("user", email=address, connection=connection):
            _send(ask, user)
    words = (
        f"<p>If there is an account for {escape(address)}, an email with a link to a new password is sent.</p>"
        f'<p class="mute">The sandbox keeps what it sends under <a href="/_sandbox/state">/_sandbox/state</a>. You need'
        f" not follow the link: enter <code>{tickets.CHOSEN}</code> on the login page.</p>"
        f'<p><a href="/u/login?{escape(ask.request.url.query)}">Back to login</a></p>'
    )
    return page(ask.visit, "Check your email", words)


def _send(ask: Ask, user: Body) -> None:
    """Mail the link; following it shows that the address is the user's."""
    link = tickets.make(ask.visit, user, {"mark_email_as_verified": True})
    mail = {"to": user["email"], "kind": "reset_email", "user_id": user["user_id"], "link": link}
    ask.visit.documents.put("mail", ids.unique(), mail | {"at": iso(ask.visit.world.clock.now())})


def choose(ask: Ask) -> Response:
    """The page behind a link: it takes a new password, once and in time."""
    ticket = tickets.find(ask.visit, ask.query.get("ticket", ""))
    user = ask.visit.documents.get("user", ticket["user_id"]) if ticket else None
    if ticket is None or user is None:
        return _dead_end(ask, "Invalid Link")
    if ticket["used"]:
        return _dead_end(ask, "Invalid Link", "This link has already been used. ")
    if tickets.late(ask.visit, ticket):
        return _dead_end(ask, "Link Expired")
    return _choose_page(ask) if ask.request.method != "POST" else _chosen(ask, ticket)


def _dead_end(ask: Ask, title: str, words: str = "") -> Response:
    return page(ask.visit, title, f"<p>{words}{_AGAIN}</p>", 400)


def _chosen(ask: Ask, ticket: Body) -> Response:
    if ask.form.get("password", "") != ask.form.get("again"):
        return _choose_page(ask, "The passwords did not match")
    try:
        tickets.use(ask.visit, ticket, ask.form["password"])
    except Refusal as refusal:
        return _choose_page(ask, refusal.body["message"])
    target = ticket["given"].get("result_url")
    onward = f'<p><a href="{escape(target)}">Go on</a></p>' if target else ""
    return page(ask.visit, "Password Changed!", f"<p>Your password has been changed successfully.</p>{onward}")


def _choose_page(ask: Ask, problem: str = "") -> Response:
    body = _CHOOSE.format(alert=alert(problem), here=_here(ask), chosen=tickets.CHOSEN)
    return page(ask.visit, "Change Your Password", body, 400 if problem else 200)


def _here(ask: Ask) -> str:
    """The page's own address, for its form."""
    return escape(f"{ask.request.url.path}?{ask.request.url.query}")


ROUTES = (route("/u/reset-password", forgotten), route("/lo/reset", choose))
