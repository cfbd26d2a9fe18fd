"""The SAML application: what the plan wants, what Okta's JSON says, what Okta takes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.adapters.okta import sign_on
from provisioner.core import ownership
from provisioner.core.ownership import OWNER, Mark
from provisioner.core.resource import Found, Resource, Value
from provisioner.errors import Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

KIND = "application"
# An application that is not the plan's and serves the same Flex connection; seen and reported, never touched.
RIVAL = "rival_application"

_BUILT_IN_USERNAMES = ("${source.login}", "${source.email}")
# What Okta puts into an answer and never takes back: read-only, or "only returned" (OpenAPI: Application).
_READ_ONLY = {"id", "orn", "name", "status", "created", "lastUpdated", "features", "universalLogout"}
# The same, wherever it stands.
_READ_ONLY_BELOW = {"_links", "_embedded", "emOptInStatus", "lastRotated", "nextRotation"}


def wanted(plan: OktaPlan) -> Resource:
    """The application as the plan wants it: the fields of the very body that creates it."""
    return Resource(KIND, plan.application.label, _fields(plan, body(plan)))


def found(plan: OktaPlan, app: Json) -> Found:
    """The application as Okta holds it, under the plan's label: it may have been renamed."""
    owner = mark(app)
    return Found(KIND, plan.application.label, _fields(plan, app), native=app, owner=owner.plan if owner else "")


def body(plan: OktaPlan) -> Json:
    """What `POST /apps` takes. Without `name`: Okta makes one for a custom application (OpenAPI: createApplication)."""
    ours = _ours(plan)
    settings = {"signOn": {**sign_on.REQUIRED, **ours["settings"]["signOn"]}, "notes": {"admin": str(Mark(plan.name))}}
    return {**ours, "signOnMode": "SAML_2_0", "settings": settings}


def replacement(plan: OktaPlan, app: Json, new: Mark | None = None) -> Json:
    """What `PUT /apps/{id}` takes: all that `app` holds, with the plan's part laid over it.

    The call replaces the whole object, so everything else must go along, but for a suffix of user names, which no plan
    has. Nulls are left out: they mean the same as absent. Without a `new` mark the plan's former one stays.
    """
    former = mark(app) if is_ours(plan, app) else None
    note = ownership.write(_note(app), new or former or Mark(plan.name))
    kept = {key: value for key, value in app.items() if key not in _READ_ONLY}
    merged: Json = _writable(_laid_over(kept, _ours(plan)))
    merged["credentials"]["userNameTemplate"].pop("userSuffix", None)
    return _laid_over(merged, {"settings": {"notes": {"admin": note}}})  # type: ignore[no-any-return]


def mark(app: Json) -> Mark | None:
    """The ownership mark in the application's note for administrators."""
    return ownership.read(_note(app))


def is_ours(plan: OktaPlan, app: Json) -> bool:
    """Whether this is a SAML application with the plan's mark."""
    owner = mark(app) if app.get("signOnMode") == "SAML_2_0" else None
    return owner is not None and owner.plan == plan.name


def choose(plan: OktaPlan, apps: Sequence[Json]) -> Json | None:
    """The plan's application among `apps`: the one with its mark, else the one with its label.

    Labels are not unique in Okta. Raises `Refused` where two carry the mark, or where two carry the label and none
    the mark.
    """
    ours = [app for app in apps if is_ours(plan, app)]
    same = [app for app in apps if app.get("signOnMode") == "SAML_2_0" and app["label"] == plan.application.label]
    if len(ours) > 1:
        raise Refused((_twins(plan, ours, "carry the mark of this plan", _unmark(plan)),))
    if len(same) > 1 and not ours:
        raise Refused((_twins(plan, same, "carry this label", "delete or rename all but one"),))
    return next(iter(ours or same), None)


def first_created(apps: Sequence[Json]) -> Json:
    """Of applications that runs created at the same time, the one that stays: each run that looks finds the same.

    Times are whole seconds; within one of them Okta's list has the order (terraform-provider-okta #2847).
    """
    return min(apps, key=lambda app: str(app["created"]))


def rivals(plan: OktaPlan, apps: Sequence[Json], chosen: Json | None) -> list[Found]:
    """Other active applications among `apps` that post to the plan's ACS URL, if only on request."""
    acs = body(plan)["settings"]["signOn"]["ssoAcsUrl"]
    return [
        Found(RIVAL, app["label"])
        for app in apps
        if app is not chosen and app.get("status") == "ACTIVE" and acs in _acs_urls(app)
    ]


def _acs_urls(app: Json) -> set[str | None]:
    """Where the application sends responses; catalogue applications override it (OpenAPI: ssoAcsUrlOverride)."""
    sign_on: Json = (app.get("settings") or {}).get("signOn") or {}
    further: list[Json] = (sign_on.get("acsEndpoints") or []) if sign_on.get("allowMultipleAcsEndpoints") else []
    return {sign_on.get("ssoAcsUrl"), sign_on.get("ssoAcsUrlOverride"), *(each.get("url") for each in further)}


def _unmark(plan: OktaPlan) -> str:
    line = f"the line that begins with `{Mark(plan.name)}`"
    return f"delete all but one, or take {line} out of the notes for administrators of the others"


def _twins(plan: OktaPlan, apps: Sequence[Json], why: str, remedy: str) -> Refusal:
    each = ", ".join(f"{app['id']} ({app['label']}, {app.get('status')})" for app in apps)
    message = f"{len(apps)} applications in Okta {why}: {each}; {remedy}"
    return Refusal("twins", message, (f"{KIND}:{plan.application.label}",))


def _ours(plan: OktaPlan) -> Json:
    username = plan.application.username
    return {
        "label": plan.application.label,
        "credentials": {"userNameTemplate": {"template": username, "type": _type_of(username)}},
        "settings": {"signOn": sign_on.wanted(plan)},
    }


def _fields(plan: OktaPlan, app: Json) -> Mapping[str, Value]:
    owner = mark(app)
    return {
        "label": app["label"],
        "status": app.get("status", "ACTIVE"),
        **_user_names(plan, app),
        **sign_on.fields(plan, app["settings"]["signOn"]),
        OWNER: owner.plan if owner else None,
    }


def _user_names(plan: OktaPlan, app: Json) -> dict[str, Value]:
    """How user names are made: the template with its suffix, and its type where the plan's template is of another.

    What Okta itself calls built in gives the same names (OpenAPI: ApplicationCredentialsUsernameTemplate).
    """
    given = (app.get("credentials") or {}).get("userNameTemplate") or {}
    type_ = given.get("type") or "BUILT_IN"
    is_planned = type_ in ("BUILT_IN", _type_of(plan.application.username))
    return {
        "username": f"{given.get('template') or ''}{given.get('userSuffix') or ''}" or None,
        "username_type": None if is_planned else type_,
    }


def _type_of(template: str) -> str:
    return "BUILT_IN" if template in _BUILT_IN_USERNAMES else "CUSTOM"


def _note(app: Json) -> str | None:
    notes = app["settings"].get("notes") or {}
    note: str | None = notes.get("admin")
    return note


def _laid_over(base: Any, ours: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(ours, dict):
        return ours
    return {**base, **{key: _laid_over(base.get(key), value) for key, value in ours.items()}}


def _writable(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _writable(v) for k, v in data.items() if v is not None and k not in _READ_ONLY_BELOW}
    return [_writable(item) for item in data] if isinstance(data, list) else data
