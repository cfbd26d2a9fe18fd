"""Flex's own pages: where people log in, and what Flex made of them."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from starlette.responses import HTMLResponse

from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.flex.refusal import PART
from provisioner.sandbox.flex.workers import Worker
from provisioner.sandbox.pages import page
from provisioner.sandbox.world import Visit

_POPUP = (
    "document.getElementById('sso').addEventListener('click',"
    "e=>{const w=window.open(e.target.href,'flex-login','popup,width=520,height=760');"
    "if(w){e.preventDefault();w.focus()}})"
)
# The page that a login ends on closes the popup it is in and shows itself in the window that opened it.
_OPENED = "if(window.name==='flex-login'&&window.opener){window.opener.location='/flex/worker';window.close()}"


def overview(visit: Visit, connection: Connection | None, worker: Worker | None) -> HTMLResponse:
    """Give the page where people begin."""
    links = '<p><a href="/flex/console">Twilio Console</a> · <a href="/flex/workers">All workers</a></p>'
    if worker:
        who = f'<p>Signed in as <a href="/flex/worker">{escape(worker["friendly_name"])}</a>.</p>'
        return page("Signed in to Flex", who + _sign_out() + links, part=PART, tenant=visit.tenant)
    if connection is None:
        empty = '<p>No SSO connection is set up yet.</p><p><a class="button" href="/flex/console">Set it up</a></p>'
        return page("Log in to Flex", empty + links, part=PART, tenant=visit.tenant)
    login = f'<p><a class="button" id="sso" href="{_login(connection)}">Login with SSO</a></p>'
    told = f'<p class="mute">{escape(connection.friendly_name or connection.sid)} at {escape(connection.sso_url)}</p>'
    script = _POPUP if connection.login_popup else ""
    return page("Log in to Flex", login + told + links, part=PART, tenant=visit.tenant, script=script)


def worker(visit: Visit, worker: Worker, connection: Connection | None) -> HTMLResponse:
    """Give the page of the worker who is signed in."""
    attributes = worker["attributes"]
    facts = {
        "Full name": attributes["full_name"],
        "E-mail": attributes["email"],
        "Roles": ", ".join(worker["roles"]),
        "Friendly name (NameID)": worker["friendly_name"],
        "Identity": worker["identity"],
        "Worker SID": worker["sid"],
    }
    body = [
        _picture(str(attributes.get("image_url", ""))),
        "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()) + "</dl>",
        _ignored(worker["ignored_roles"]),
        "<h2>Worker attributes</h2>",
        _table(
            "Worker attributes", ("Name", "Value"), sorted((name, _shown(each)) for name, each in attributes.items())
        ),
        _onward(connection),
        _sign_out(),
        '<p><a href="/flex/workers">All workers</a> · <a href="/flex/">Back to Flex</a></p>',
    ]
    title = f"Signed in: {attributes['full_name']}"
    return page(title, "".join(body), part=PART, tenant=visit.tenant, script=_OPENED)


def workers(visit: Visit, everyone: list[Worker]) -> HTMLResponse:
    """Give the list of all workers."""
    rows = [
        (each["friendly_name"], each["attributes"]["full_name"], ", ".join(each["roles"]), each["last_login"])
        for each in everyone
    ]
    table = _table("Workers", ("Friendly name", "Full name", "Roles", "Last login"), rows)
    body = (table if rows else "<p>Nobody has logged in yet.</p>") + '<p><a href="/flex/">Back to Flex</a></p>'
    return page("Workers", body, part=PART, tenant=visit.tenant)


def _login(connection: Connection) -> str:
    return "/flex/login" if connection.legacy else f"/flex/login?connection={connection.sid}"


def _picture(url: str) -> str:
    """One from elsewhere is a link, so that no stranger is told of a login; its address stands in the table."""
    if url.startswith("data:image/"):
        return f'<p><img src="{escape(url)}" alt="Picture"></p>'
    if not url.startswith(("https://", "http://")):
        return ""
    return f'<p><a href="{escape(url)}" target="_blank" rel="noreferrer">Show the picture</a></p>'


def _ignored(roles: list[str]) -> str:
    if not roles:
        return ""
    return (
        f'<p class="notice">Roles that Flex does not know, and that count for nothing: {escape(", ".join(roles))}.</p>'
    )


def _table(label: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows are named by their first cell; one that is too wide can be scrolled by keys, too."""
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(each)}</td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _shown(value: Any) -> str:
    """Texts as they are, all else as JSON writes it, so that the type is to be seen."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _onward(connection: Connection | None) -> str:
    if connection is None or not connection.default_redirect_url:
        return ""
    return f'<p class="mute">Twilio would go on to <code>{escape(connection.default_redirect_url)}</code>.</p>'


def _sign_out() -> str:
    return '<form method="post" action="/flex/sign-out"><button class="quiet">Sign out of Flex</button></form>'
