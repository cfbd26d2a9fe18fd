"""Group rules, as tests make them in an Okta org."""

from typing import Any

from tests.sandbox.okta_org import Json, Org

SALES = 'user.department=="Sales"'


def rule(*groups: str, condition: str = SALES, name: str = "Sales", exclude: tuple[str, ...] = ()) -> Json:
    return {
        "type": "group_rule",
        "name": name,
        "conditions": {
            "people": {"users": {"exclude": list(exclude)}},
            "expression": {"value": condition, "type": "urn:okta:expression:1.0"},
        },
        "actions": {"assignUserToGroups": {"groupIds": list(groups)}},
    }


def active(org: Org, *groups: str, **settings: Any) -> str:
    key: str = org("POST", "/groups/rules", rule(*groups, **settings))["id"]
    assert org.call("POST", f"/api/v1/groups/rules/{key}/lifecycle/activate").status_code == 204
    return key


def seller(org: Org, login: str = "ana@acme.example", **more: Any) -> str:
    return str(org.user(login, profile={"department": "Sales"}, **more)["id"])


def members(org: Org, group: str) -> list[str]:
    return [user["id"] for user in org("GET", f"/groups/{group}/users")]
