"""Signing keys of apps: a key is named when its app is made, and its certificate is made when somebody asks for it."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from provisioner.sandbox.okta import certificates, errors, ids, org
from provisioner.sandbox.okta.wire import Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]


def new(call: Call, app_id: str, years: int = 10) -> str:
    """A key for an app, good for ten years unless told otherwise (recordings 14 and 15); gives its `kid`."""
    made, kid = call.visit.world.clock.now(), secrets.token_urlsafe(32)
    call.documents.put("key", kid, {"kid": kid, "made": made, "expires": _years_later(made, years)})
    attach(call, app_id, kid)
    return kid


def _years_later(made: float, years: int) -> float:
    moment = ids.moment(made)
    try:
        return moment.replace(year=moment.year + years).timestamp()
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year + years, day=28).timestamp()


def attach(call: Call, app_id: str, kid: str) -> None:
    """Let the app have the key; one key may serve several apps (recording 16)."""
    call.documents.put("appKey", f"{app_id}:{kid}", {"app": app_id, "kid": kid}, app=app_id, kid=kid)


def drop(call: Call, app_id: str) -> None:
    """Take all keys from an app that goes away."""
    for link in call.documents.find("appKey", app=app_id):
        call.documents.delete("appKey", f"{app_id}:{link['kid']}")
        if not call.documents.count("appKey", kid=link["kid"]):
            call.documents.delete("key", link["kid"])


def require(call: Call, app_id: str, kid: str) -> Body:
    """The app's key with this `kid`; otherwise E0000007."""
    if call.documents.get("appKey", f"{app_id}:{kid}") is None:
        raise errors.not_found(kid, "JsonWebKey")
    return material(call.visit, kid)


def material(visit: Visit, kid: str) -> Body:
    """The key with its certificate (`certificate`, base64) and private key (`private`, PEM), which no answer shows.

    Both are made on first use, and stay.
    """
    key = visit.documents.get("key", kid) or {}
    if "certificate" not in key:
        made = certificates.certify(org.subdomain(visit), key["made"], key["expires"])
        key |= {"certificate": base64.b64encode(made.certificate).decode(), "private": made.private_key}
        visit.documents.put("key", kid, key)
    return key


def _view(key: Body) -> Body:
    parts = certificates.jwk(base64.b64decode(key["certificate"]))
    return {
        "kty": "RSA",
        "created": ids.stamp(key["made"]),
        "lastUpdated": ids.stamp(key["made"]),
        "expiresAt": ids.stamp(key["expires"]),
        "kid": key["kid"],
        "use": "sig",
    } | parts


def _app(call: Call, key: str) -> str:
    if call.documents.get("app", key) is None:
        raise errors.not_found(key, "AppInstance")
    return key


def list_keys(call: Call) -> Answer:
    """All keys of an app (recording 14); an app that signs nothing has none."""
    links = call.documents.find("appKey", app=_app(call, call.path["appId"]))
    return Answer([_view(material(call.visit, link["kid"])) for link in links])


def read_key(call: Call) -> Answer:
    """One key of an app (OpenAPI: getApplicationKey)."""
    return Answer(_view(require(call, _app(call, call.path["appId"]), call.path["keyId"])))


def generate(call: Call) -> Answer:
    """A further key, which signs nothing until a replacement of the app names it (recording 15)."""
    app_id = _app(call, call.path["appId"])
    years = call.query.get("validityYears", "")
    if not years.isdigit() or not 2 <= int(years) <= 10:
        raise errors.invalid("validityYears", "validityYears: The value must be between 2 and 10")
    return _created(call, app_id, new(call, app_id, int(years)))


def clone(call: Call) -> Answer:
    """Let another app have the key too (recording 16)."""
    if not call.query.get("targetAid"):
        raise errors.missing_parameter("targetAid")
    key = require(call, _app(call, call.path["appId"]), call.path["keyId"])
    target = _app(call, call.query["targetAid"])
    attach(call, target, key["kid"])
    return _created(call, target, key["kid"])


def _created(call: Call, app_id: str, kid: str) -> Answer:
    place = call.href(f"apps/{app_id}/credentials/keys/{kid}")
    return Answer(_view(material(call.visit, kid)), 201, [("location", place)])


_KEYS = "/api/v1/apps/{appId}/credentials/keys"
OPERATIONS = (
    Operation("GET", _KEYS, list_keys, "apps"),
    Operation("POST", f"{_KEYS}/generate", generate, "apps"),
    Operation("GET", f"{_KEYS}/{{keyId}}", read_key, "apps"),
    Operation("POST", f"{_KEYS}/{{keyId}}/clone", clone, "apps"),
)
