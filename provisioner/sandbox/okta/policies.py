"""The policies that every Identity Engine org has, as far as apps point to them."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import apps, errors, org
from provisioner.sandbox.okta.wire import NOTHING, Answer, Call, Operation

Body = dict[str, Any]

_TYPES = ("ACCESS_POLICY", "PROFILE_ENROLLMENT")
_OTHERS = ("OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "IDP_DISCOVERY")


def _all(call: Call) -> list[Body]:
    """Two policies: the default app sign-in policy and the default enrollment policy (links of recording 01)."""
    body = org.load(call.visit)
    named = (("Any two factors", "signInPolicy"), ("Default Policy", "enrollmentPolicy"))
    return [
        _policy(call, body[key], kind, name, body["created"]) for kind, (name, key) in zip(_TYPES, named, strict=True)
    ]


def _policy(call: Call, key: str, kind: str, name: str, created: str) -> Body:
    home = f"policies/{key}"
    return {
        "id": key,
        "status": "ACTIVE",
        "name": name,
        "description": name,
        "priority": 1,
        "system": True,
        "conditions": None,
        "created": created,
        "lastUpdated": created,
        "type": kind,
        "_links": {
            "self": {"href": call.href(home), "hints": {"allow": ["GET", "PUT"]}},
            "rules": {"href": call.href(f"{home}/rules"), "hints": {"allow": ["GET", "POST"]}},
            "mappings": {"href": call.href(f"{home}/mappings"), "hints": {"allow": ["GET", "POST"]}},
        },
    }


def list_policies(call: Call) -> Answer:
    """All policies of a type, which must be named (OpenAPI: listPolicies)."""
    kind = call.query.get("type")
    if not kind:
        raise errors.missing_parameter("type")
    if kind not in (*_TYPES, *_OTHERS):
        raise errors.invalid("type", f"type: '{kind}' is not a policy type")
    return Answer([policy for policy in _all(call) if policy["type"] == kind])


def read_policy(call: Call) -> Answer:
    """One policy (OpenAPI: getPolicy)."""
    key = call.path["policyId"]
    for policy in _all(call):
        if policy["id"] == key:
            return Answer(policy)
    raise errors.not_found(key, "Policy")


def assign(call: Call) -> Answer:
    """Put an app under an access policy (recording 56)."""
    app, key = apps.require(call), call.path["policyId"]
    if org.IDENTITY_ENGINE not in org.features(call.visit):
        raise errors.feature_missing()
    if not any(policy["id"] == key and policy["type"] == "ACCESS_POLICY" for policy in _all(call)):
        raise errors.not_found(key, "Policy")
    apps.save(call.visit, app | {"policy": key})
    return NOTHING


OPERATIONS = (
    Operation("GET", "/api/v1/policies", list_policies, "policies"),
    Operation("GET", "/api/v1/policies/{policyId}", read_policy, "policies"),
    Operation("PUT", "/api/v1/apps/{appId}/policies/{policyId}", assign, "apps"),
)
