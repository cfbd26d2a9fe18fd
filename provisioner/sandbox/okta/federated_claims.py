"""Claims that an app's assertions carry beside its attribute statements; kept and shown, not evaluated."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import apps, errors, ids, org, shapes
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

_REQUEST = shapes.record(dict.fromkeys(("id", "name", "expression", "created", "lastUpdated"), shapes.text))


def _app(call: Call) -> str:
    """The app's id, in an org that has the feature; otherwise E0000015 (recording 46)."""
    if org.FEDERATED_CLAIMS not in org.features(call.visit):
        raise errors.feature_missing()
    return str(apps.require(call)["id"])


def _given(call: Call, app_id: str, but: str = "") -> Body:
    """The name and expression of the request; the name is unique in the app (wordings are guesses)."""
    given = shapes.require(_REQUEST, call.body)
    for name in ("name", "expression"):
        if not given.get(name):
            raise errors.invalid(name, f"{name}: The field cannot be left blank")
    if any(claim["id"] != but for claim in call.documents.find("claim", app=app_id, name=given["name"])):
        raise errors.invalid("name", "name: An object with this field already exists in the application")
    return {"name": given["name"], "expression": given["expression"]}


def _save(call: Call, app_id: str, claim: Body) -> Body:
    call.documents.put("claim", f"{app_id}:{claim['id']}", claim, app=app_id, name=claim["name"])
    return claim


def create(call: Call) -> Answer:
    """A new claim (recording 47)."""
    app_id = _app(call)
    times = {"created": call.now, "lastUpdated": call.now}
    return Answer(_save(call, app_id, {"id": ids.new("ofc")} | _given(call, app_id) | times), 201)


def list_all(call: Call) -> Answer:
    """All claims of the app (OpenAPI: listFederatedClaims)."""
    return Answer(call.documents.find("claim", app=_app(call)))


def _claim(call: Call, app_id: str) -> Body:
    key = call.path["claimId"]
    claim = call.documents.get("claim", f"{app_id}:{key}")
    if claim is None:
        raise errors.not_found(key, "FederatedClaim")
    return claim


def read(call: Call) -> Answer:
    """One claim (OpenAPI: getFederatedClaim)."""
    return Answer(_claim(call, _app(call)))


def replace(call: Call) -> Answer:
    """Another name and expression for a claim (recording 48)."""
    app_id = _app(call)
    claim = _claim(call, app_id)
    return Answer(_save(call, app_id, claim | _given(call, app_id, but=claim["id"]) | {"lastUpdated": call.now}))


def delete(call: Call) -> Answer:
    """Remove a claim (OpenAPI: deleteFederatedClaim)."""
    app_id = _app(call)
    call.documents.delete("claim", f"{app_id}:{_claim(call, app_id)['id']}")
    return NOTHING


_CLAIMS = "/api/v1/apps/{appId}/federated-claims"
OPERATIONS = (
    Operation("GET", _CLAIMS, list_all, "apps"),
    Operation("POST", _CLAIMS, create, "apps", takes=JSON),
    Operation("GET", f"{_CLAIMS}/{{claimId}}", read, "apps"),
    Operation("PUT", f"{_CLAIMS}/{{claimId}}", replace, "apps", takes=JSON),
    Operation("DELETE", f"{_CLAIMS}/{{claimId}}", delete, "apps"),
)
