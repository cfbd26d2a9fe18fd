"""Apps: create, read, replace, activate, deactivate, delete and list them; who is assigned to them is elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import (
    app_catalog,
    app_keys,
    app_settings,
    assignments,
    errors,
    ids,
    org,
    paging,
    search,
    shapes,
)
from provisioner.sandbox.okta.app_catalog import Template
from provisioner.sandbox.okta.app_shapes import APP
from provisioner.sandbox.okta.app_view import AppView
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

LIMITS = paging.Limits(default=20, most=200, minus_one=True)
"""The default is recorded (link of an unlimited list), the rest is the document's."""
_FILTER = search.Grammar(
    dict.fromkeys(
        ("id", "status", "name", "credentials.signing.kid", "settings.slo.enabled", "user.id", "group.id"),
        frozenset({"eq"}),
    ),
    fold_case=False,
)


def create(call: Call) -> Answer:
    """A new app, active unless told otherwise, with a signing key of its own (recording 01)."""
    given = shapes.require(APP, call.body)
    activate = call.switch("activate", True)
    template = _template(given)
    app = _blank(call, given, template)
    app["status"] = "ACTIVE" if activate else "INACTIVE"
    app = app_settings.filled(app, given, template, org.FOLDED_RELAY_STATE in org.features(call.visit))
    save(call.visit, app)
    return Answer(AppView(call.visit).full(app, secret=True))


def _template(given: Body) -> Template:
    """The template that a request means by its `name`, in any case, or without one by its `signOnMode`."""
    name, mode = given.get("name"), given.get("signOnMode")
    if not name and not mode:
        raise errors.invalid("signOnMode", "signOnMode: The field cannot be left blank")
    template = app_catalog.CATALOG.get(name.lower()) if name else app_catalog.CUSTOM.get(mode or "")
    if template is None or mode not in {None, template.mode, template.asked}:
        # A name for an App Wizard app is refused too (public issue terraform-provider-okta 1391).
        raise errors.invalid("name", f"name: There is no app {name or ''} with sign-on mode {mode}")
    return template


def _blank(call: Call, given: Body, template: Template) -> Body:
    """What no request can set: identity, times, name, keys. Order of the keys as recorded."""
    name = (given.get("name") or "").lower() or _wizard_name(call, given.get("label") or "")
    key = ids.new("0oa")
    return {
        "id": key,
        "orn": "",
        "name": name,
        "label": "",
        "status": "",
        "lastUpdated": call.now,
        "created": call.now,
        "kid": _signing_key(call, key, template.mode),
        "key": ids.new("exk"),
        "link": ids.new("aln"),
        "policy": org.load(call.visit)["signInPolicy"],
    }


def _signing_key(call: Call, app_id: str, mode: str | None) -> str | None:
    """A key of its own for a SAML app, the org's for an OpenID Connect app, none for others."""
    if mode == "OPENID_CONNECT":
        return str(org.load(call.visit)["kid"])
    return app_keys.new(call, app_id) if mode in app_catalog.SIGNED else None


def _wizard_name(call: Call, label: str) -> str:
    """Subdomain, label in small letters and digits, and a number (recording 01)."""
    plain = "".join(char for char in label.lower() if char.isascii() and char.isalnum())
    return f"{org.subdomain(call.visit)}_{plain}_{org.next_serial(call.visit)}"


def save(visit: Visit, app: Body) -> None:
    """Write the app, findable by status, name and signing key."""
    visit.documents.put("app", app["id"], app, status=app["status"], name=app["name"], kid=app["kid"] or "")


def require(call: Call) -> Body:
    """The app that the path names; otherwise E0000007 with the vendor's word for it (provider issue 1502)."""
    return find(call, call.path["appId"])


def find(call: Call, key: str) -> Body:
    """The app with this id; otherwise E0000007."""
    app = call.documents.get("app", key)
    if app is None:
        raise errors.not_found(key, "AppInstance")
    return app


def read(call: Call) -> Answer:
    """One app (recording 04)."""
    return Answer(AppView(call.visit).full(require(call)))


def replace(call: Call) -> Answer:
    """All of the app anew: what is not sent is reset, what the system assigns is ignored (recordings 05, 06 and 10)."""
    given, app = shapes.require(APP, call.body), require(call)
    _refuse_system(app)
    template = app_catalog.of(app)
    if template.custom and app["status"] != "ACTIVE":
        raise errors.app_metadata("No active instances.")
    if given.get("signOnMode") not in {None, template.mode, template.asked}:
        raise errors.invalid("signOnMode", "signOnMode: The sign-on mode cannot be changed")
    app = app_settings.filled(app, given, template, org.FOLDED_RELAY_STATE in org.features(call.visit))
    kid = ((given.get("credentials") or {}).get("signing") or {}).get("kid")
    if kid and app["kid"] and kid != app["kid"]:
        app["kid"] = app["credentials"]["signing"]["kid"] = app_keys.require(call, app["id"], kid)["kid"]
    app["lastUpdated"] = call.now
    save(call.visit, app)
    return Answer(AppView(call.visit).full(app, secret=True))


def _refuse_system(app: Body) -> None:
    """Okta's own apps cannot be changed (E0000143 of the error catalogue; not recorded)."""
    if app.get("system"):
        raise errors.refusal("E0000143", 403, "App instance operation not allowed.")


def _turn(call: Call, status: str) -> Answer:
    app = require(call)
    _refuse_system(app)
    if app["status"] != status:
        app |= {"status": status, "lastUpdated": call.now}
        save(call.visit, app)
    return Answer({})


def activate(call: Call) -> Answer:
    """The app is active, whatever it was (recording 57)."""
    return _turn(call, "ACTIVE")


def deactivate(call: Call) -> Answer:
    """The app is inactive, whatever it was (recording 07)."""
    return _turn(call, "INACTIVE")


def delete(call: Call) -> Answer:
    """Remove an inactive app with its keys and assignments; an active one is refused (recordings 08 and 09)."""
    app = require(call)
    if app["status"] == "ACTIVE":
        raise errors.delete_active_app()
    assignments.drop_app(call, app["id"])
    app_keys.drop(call, app["id"])
    for claim in call.documents.find("claim", app=app["id"]):
        call.documents.delete("claim", f"{app['id']}:{claim['id']}")
    call.documents.delete("app", app["id"])
    return NOTHING


def list_apps(call: Call) -> Answer:
    """A page of apps: by filter, by the start of name or label, or all (recordings 17 to 19)."""
    keep = _FILTER.parse(call.query["filter"]) if call.query.get("filter") else None
    start = call.query.get("q", "").lower()

    def kept(app: Body) -> bool:
        named = app["label"].lower().startswith(start) or app["name"].lower().startswith(start)
        return named and (keep is None or keep(_filterable(call, app)))

    found, following = paging.gather(call, "app", LIMITS, kept, {})
    view = AppView(call.visit)
    return paging.answer(call, [view.full(app) for app in found], following, LIMITS, "q", "filter", "expand")


def _filterable(call: Call, app: Body) -> Body:
    """The app with what filters ask for beside its own fields: who is assigned to it."""
    if not ("user.id" in call.query["filter"] or "group.id" in call.query["filter"]):
        return app
    return app | {
        "user": {"id": [each["user"] for each in call.documents.find("appUser", app=app["id"])]},
        "group": {"id": [each["group"] for each in call.documents.find("appGroup", app=app["id"])]},
    }


OPERATIONS = (
    Operation("GET", "/api/v1/apps", list_apps, "apps"),
    Operation("POST", "/api/v1/apps", create, "apps", takes=JSON),
    Operation("GET", "/api/v1/apps/{appId}", read, "apps"),
    Operation("PUT", "/api/v1/apps/{appId}", replace, "apps", takes=JSON),
    Operation("DELETE", "/api/v1/apps/{appId}", delete, "apps"),
    Operation("POST", "/api/v1/apps/{appId}/lifecycle/activate", activate, "apps"),
    Operation("POST", "/api/v1/apps/{appId}/lifecycle/deactivate", deactivate, "apps"),
)
