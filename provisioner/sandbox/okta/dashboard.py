"""A person's dashboard: the apps that are his, each of which starts from here."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.responses import Response

from provisioner.sandbox.okta import sessions, sign_in
from provisioner.sandbox.okta.browser import Visitor, not_found, redirect

Body = dict[str, Any]


def home(visitor: Visitor) -> Response:
    """The tiles of everything that the person is assigned to and that is not hidden."""
    session = sessions.current(visitor)
    if session is None:
        return sign_in.to_login("/app/UserHome")
    held = visitor.visit.documents.find("appUser", user=session.user["id"])
    apps = [visitor.visit.documents.get("app", each["app"]) for each in held]
    tiles = [_tile(app) for app in apps if app and app["status"] == "ACTIVE" and not app["visibility"]["hide"]["web"]]
    who = f"<p>Signed in as {escape(session.user['profile']['login'])}. <a href='/login/signout'>Sign out</a></p>"
    shown = f"<ul class='row'>{''.join(tiles)}</ul>" if tiles else "<p>No app is assigned to you.</p>"
    return visitor.page("My Apps", who + shown)


def _tile(app: Body) -> str:
    label = escape(app["label"])
    if app["signOnMode"] != "SAML_2_0":
        return f"<li>{label}</li>"
    return f'<li><a class="button" href="/home/{app["name"]}/{app["id"]}/{app["link"]}">{label}</a></li>'


def tile(visitor: Visitor) -> Response:
    """The link of a tile, as the app's `appLinks` have it: a login that begins here."""
    path = visitor.request.path_params
    app = visitor.visit.documents.get("app", path["appId"])
    if app is None or (app["name"], app["link"]) != (path["name"], path["link"]):
        return not_found(visitor.visit)
    return redirect(f"/app/{app['name']}/{app['key']}/sso/saml")
