"""Group rules as objects: created, shown, listed and removed while inactive.

Their expressions are not evaluated, so that a rule cannot be activated: the sandbox knows no such path.
"""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import errors, group_records, ids, paging, shapes
from provisioner.sandbox.okta.wire import JSON, Answer, Call, Operation

Body = dict[str, Any]

LIMITS = paging.Limits(default=50, most=200)
_EXCLUDED = shapes.record({"exclude": shapes.array(shapes.text), "include": shapes.array(shapes.text)})
_REQUEST = shapes.record(
    {
        "type": shapes.one_of("group_rule"),
        "name": shapes.text,
        "conditions": shapes.record(
            {
                "people": shapes.record({"users": _EXCLUDED, "groups": _EXCLUDED}),
                "expression": shapes.record({"value": shapes.text, "type": shapes.text}),
            }
        ),
        "actions": shapes.record(
            {"assignUserToGroups": shapes.record({"groupIds": shapes.array(shapes.text)})},
        ),
    }
)


def create(call: Call) -> Answer:
    """A new rule, inactive (recording 54); names are unique and at most fifty characters (OpenAPI: createGroupRule)."""
    given = shapes.require(_REQUEST, call.body)
    name = given.get("name") or ""
    if not 1 <= len(name) <= 50:
        raise errors.invalid("name", "name: The length of the value is out of range")
    if call.documents.count("groupRule", name=name):
        raise errors.invalid("name", "name: An object with this field already exists in the current organization")
    rule = _rule(call, given)
    call.documents.put("groupRule", rule["id"], rule, name=name)
    return Answer(rule)


def _rule(call: Call, given: Body) -> Body:
    conditions = given.get("conditions") or {}
    people, expression = conditions.get("people") or {}, conditions.get("expression") or {}
    targets = ((given.get("actions") or {}).get("assignUserToGroups") or {}).get("groupIds") or []
    if not expression.get("value") or not targets:
        raise errors.invalid("conditions", "conditions: An expression and a group are needed")
    for key in targets:
        group_records.require_open(call, key)
    excluded = {side: {"exclude": (people.get(side) or {}).get("exclude") or []} for side in ("users", "groups")}
    return {
        "type": "group_rule",
        "id": ids.new("0pr"),
        "status": "INACTIVE",
        "name": given["name"],
        "created": call.now,
        "lastUpdated": call.now,
        "conditions": {
            "people": excluded,
            "expression": {"value": expression["value"], "type": "urn:okta:expression:1.0"},
        },
        "actions": {"assignUserToGroups": {"groupIds": targets}},
        "allGroupsValid": True,
    }


def _named(call: Call) -> Body:
    key = call.path["ruleId"]
    rule = call.documents.get("groupRule", key)
    if rule is None:
        raise errors.not_found(key, "GroupRule")
    return rule


def read(call: Call) -> Answer:
    """One rule (OpenAPI: getGroupRule)."""
    return Answer(_named(call))


def delete(call: Call) -> Answer:
    """Remove a rule; the vendor does so in the background, hence 202 (OpenAPI: deleteGroupRule)."""
    call.documents.delete("groupRule", _named(call)["id"])
    return Answer(status=202)


def list_rules(call: Call) -> Answer:
    """A page of rules, by a part of their name or all (OpenAPI: listGroupRules)."""
    part = call.query.get("search", "").lower()
    found, following = paging.gather(call, "groupRule", LIMITS, lambda rule: part in rule["name"].lower(), {})
    return paging.answer(call, found, following, LIMITS, "search")


_RULES = "/api/v1/groups/rules"
OPERATIONS = (
    Operation("GET", _RULES, list_rules, "groups"),
    Operation("POST", _RULES, create, "groups", takes=JSON),
    Operation("GET", f"{_RULES}/{{ruleId}}", read, "groups"),
    Operation("DELETE", f"{_RULES}/{{ruleId}}", delete, "groups"),
)
