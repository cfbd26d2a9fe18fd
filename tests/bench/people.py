"""Plans with very many people, and an org that holds them already, written past its API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from provisioner.sandbox.okta import ids, user_records, user_schema, users
from provisioner.sandbox.world import Visit

GROUP = "Flex Agents"
_PLAN = """\
version: 1
name: bench
provider: {{ type: okta, org_url: "{org}" }}
flex: {{ connection_sid: JQ0123456789abcdef0123456789abcdef }}
application: {{ label: Twilio Flex }}
assign: {{ group: Flex Agents }}
users: {{ source: csv, path: {users} }}
"""


def write_plan(folder: Path, numbers: Iterable[int], org: str = "sandbox") -> Path:
    """A plan file in this folder with these people in a user file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    users_file, plan = folder / "users.csv", folder / "plan.yaml"
    rows = (f"{each['login']},{each['firstName']},{each['lastName']},{each['userType']}" for each in _profiles(numbers))
    users_file.write_text("\n".join(["login,first_name,last_name,roles", *rows, ""]), encoding="utf-8")
    plan.write_text(_PLAN.format(org=org, users=users_file.name), encoding="utf-8")
    return plan


def fill(visit: Visit, numbers: Iterable[int]) -> None:
    """Puts these people into the org, as members of the plan's group and with its application."""
    documents = visit.documents
    (group,) = documents.find("group", name=GROUP)
    (link,) = documents.find("appGroup", group=group["id"])
    now, kind = ids.stamp(visit.world.clock.now()), user_schema.default_type(visit)
    with documents.transaction():
        for profile in _profiles(numbers):
            user = users.blank(now, kind, profile) | {"status": "ACTIVE", "activated": now, "statusChanged": now}
            user_records.save(visit, user)
            member: dict[str, Any] = {"group": group["id"], "user": user["id"]}
            documents.put("membership", f"{group['id']}:{user['id']}", member, **member)
            held = {"app": link["app"], "user": user["id"]}
            body = held | {"scope": "GROUP", "userName": profile["login"], "named": False, "profile": {}}
            body |= dict.fromkeys(("created", "statusChanged", "lastUpdated"), now)
            documents.put("appUser", f"{link['app']}:{user['id']}", body, **held)


def _profiles(numbers: Iterable[int]) -> Iterator[dict[str, str]]:
    for number in numbers:
        login = f"agent{number:06}@acme.example"
        role = "agent" if number else "admin"
        yield {
            "login": login,
            "email": login,
            "firstName": f"Given{number:06}",
            "lastName": f"Family{number:06}",
            "userType": role,
        }
