"""Group rules: created, shown, replaced, listed, removed, and made active and inactive; what they do is elsewhere."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.okta import errors, group_records, ids, paging, rule_conditions, rule_effects, shapes
from provisioner.sandbox.okta.wire import JSON, NOTHING, Answer, Call, Operation

Body = dict[str, Any]

LIMITS = paging.Limits(default=50, most=200)
MOST = 100
"""Groups that a rule assigns, and users that it excepts, at most (vendor's article Group-Rule-Restrictions)."""
_EXCLUDED = shapes.record({"exclude": shapes.array(shapes.text), "include": shapes.array(shapes.text)})
_SETTINGS = {
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
_CREATE = shapes.record(_SETTINGS)
_REPLACE = shapes.record(
    _SETTINGS
    | dict.fromkeys(("id", "status", "created", "lastUpdated"), shapes.text)
    | {"allGroupsValid": shapes.flag, "_embedded": shapes.open_object}
)
"""A replacement may repeat what a read gave."""


def create(call: Call) -> Answer:
    """A new rule, inactive (recording 54)."""
    rule = {"type": "group_rule", "id": ids.new("0pr"), "status": "INACTIVE", "created": call.now}
    rule |= _settings(call, shapes.require(_CREATE, call.body), rule["id"])
    rule_effects.save(call, rule)
    return Answer(_shown(call, rule))


def _free_name(call: Call, given: Body, but: str) -> str:
    """The rule's name: unique, and at most fifty characters (OpenAPI: createGroupRule)."""
    name = str(given.get("name") or "")
    if not 1 <= len(name) <= 50:
        raise errors.invalid("name", "name: The length of the value is out of range")
    if any(other["id"] != but for other in call.documents.find("groupRule", name=name)):
        raise errors.invalid("name", "name: An object with this field already exists in the current organization")
    return name


def _settings(call: Call, given: Body, but: str) -> Body:
    """What the request sets."""
    name, conditions = _free_name(call, given, but), given.get("conditions") or {}
    people, expression = conditions.get("people") or {}, (conditions.get("expression") or {}).get("value")
    groups = ((given.get("actions") or {}).get("assignUserToGroups") or {}).get("groupIds") or []
    if not expression or not groups:
        raise errors.invalid("conditions", "conditions: An expression and a group are needed")
    rule_conditions.check(call.visit, expression)
    excluded = {side: {"exclude": (people.get(side) or {}).get("exclude") or []} for side in ("users", "groups")}
    if len(groups) > MOST or len(excluded["users"]["exclude"]) > MOST:
        raise errors.invalid("validateRule", f"No more than {MOST} groups and {MOST} excluded users can be given")
    for key in groups:
        group_records.require_open(call, key)
    return {
        "name": name,
        "lastUpdated": call.now,
        "conditions": {
            "people": excluded,
            "expression": {"value": expression, "type": "urn:okta:expression:1.0"},
        },
        "actions": {"assignUserToGroups": {"groupIds": groups}},
    }


def _shown(call: Call, rule: Body) -> Body:
    """The rule, which is INVALID once a group that it assigns is gone (public issue terraform-provider-okta 157)."""
    valid = all(rule_effects.targets(call, rule))
    return rule | {"allGroupsValid": valid} | ({} if valid else {"status": "INVALID"})


def _named(call: Call) -> Body:
    key = call.path["ruleId"]
    rule = call.documents.get("groupRule", key)
    if rule is None:
        raise errors.not_found(key, "GroupRule")
    return rule


def _in(call: Call, *statuses: str) -> Body:
    """The rule that the path names, in one of these statuses; otherwise E0000107, which is a guess.

    That active rules are neither changed nor removed: OpenAPI replaceGroupRule, and the article of
    support.zerotek.com on group rules; that an INVALID one can only be read and removed: public PR
    terraform-provider-okta 250. What another activation of an active rule gets, no document says.
    """
    rule = _named(call)
    status = _shown(call, rule)["status"]
    if status not in statuses:
        raise errors.wrong_state(f"The group rule is {status} and must be {' or '.join(statuses)}.")
    return rule


def read(call: Call) -> Answer:
    """One rule (OpenAPI: getGroupRule)."""
    return Answer(_shown(call, _named(call)))


def replace(call: Call) -> Answer:
    """Another name, condition and exceptions for an inactive rule (recorded: TestAccResourceOktaGroupRule_crud).

    The groups stay, as does the status (OpenAPI 2026.06: replaceGroupRule and GroupRuleStatus); that another value is
    refused and not passed over is a guess. From release 2026.07.0 on the vendor takes other groups.
    """
    rule, given = _in(call, "INACTIVE"), shapes.require(_REPLACE, call.body)
    settings = _settings(call, given, rule["id"])
    if settings["actions"] != rule["actions"] or given.get("status") not in {None, rule["status"]}:
        raise errors.invalid("validateRule", "The groups and the status of a rule cannot be updated")
    rule_effects.save(call, rule | settings)
    return Answer(_shown(call, rule | settings))


def delete(call: Call) -> Answer:
    """Remove a rule that is not active, and with `removeUsers` those whom it put into groups (OpenAPI).

    The vendor does so in the background, hence 202 with `{}` (recorded: TestAccResourceOktaGroupRule_crud).
    """
    rule = _in(call, "INACTIVE", "INVALID")
    call.documents.delete("groupRule", rule["id"])
    rule_effects.withdraw(call, rule, remove=call.switch("removeUsers", False))
    return Answer({}, 202)


def activate(call: Call) -> Answer:
    """Let the rule work on everybody, at once and from now on; 204 (recorded: TestAccResourceOktaGroupRule_crud).

    A condition that this sandbox cannot work out is refused rather than kept without effect.
    """
    rule = _in(call, "INACTIVE")
    missing = rule_conditions.unplayed(rule["conditions"]["expression"]["value"])
    if missing:
        raise errors.unsupported(f"This sandbox does not play {', '.join(missing)} in group rules.")
    _turn(call, rule, "ACTIVE")
    rule_effects.apply_to(call, [user["id"] for user in call.documents.find("user")])
    return NOTHING


def deactivate(call: Call) -> Answer:
    """Let the rule rest; whom it put into groups, stays there (vendor's article on deactivated and deleted rules)."""
    _turn(call, _in(call, "ACTIVE"), "INACTIVE")
    return NOTHING


def _turn(call: Call, rule: Body, status: str) -> None:
    """Give the rule another status, now (recorded: TestAccResourceOktaGroupRule_crud, whose `lastUpdated` moves)."""
    rule_effects.save(call, rule | {"status": status, "lastUpdated": call.now})


def list_rules(call: Call) -> Answer:
    """A page of rules, by a part of their name or all (OpenAPI: listGroupRules)."""
    part = call.query.get("search", "").lower()
    found, following = paging.gather(call, "groupRule", LIMITS, lambda rule: part in rule["name"].lower(), {})
    return paging.answer(call, [_shown(call, rule) for rule in found], following, LIMITS, "search")


_RULES = "/api/v1/groups/rules"
_ONE = f"{_RULES}/{{ruleId}}"
OPERATIONS = (
    Operation("GET", _RULES, list_rules, "groups"),
    Operation("POST", _RULES, create, "groups", takes=JSON),
    Operation("GET", _ONE, read, "groups"),
    Operation("PUT", _ONE, replace, "groups", takes=JSON),
    Operation("DELETE", _ONE, delete, "groups"),
    Operation("POST", f"{_ONE}/lifecycle/activate", activate, "groups"),
    Operation("POST", f"{_ONE}/lifecycle/deactivate", deactivate, "groups"),
)
