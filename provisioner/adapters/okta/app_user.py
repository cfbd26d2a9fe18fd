"""People as the application knows them. Pure; seen and reported, never written."""

from __future__ import annotations

from typing import Any, NamedTuple

from provisioner.core.resource import Found, Value

Json = dict[str, Any]

# Somebody who is assigned directly, and not by a group.
BY_HAND = "direct_assignment"
# Somebody of the plan who has another user name in the application than its template gives.
OTHER_NAME = "application_username"


class AppUser(NamedTuple):
    """What matters of a person whom Okta lets into the application."""

    id: str
    username: str
    is_by_hand: bool

    @classmethod
    def of(cls, data: Json) -> AppUser:
        """Reads Okta's JSON (OpenAPI: AppUser)."""
        username = str((data.get("credentials") or {}).get("userName") or "")
        return cls(data["id"], username, data["scope"] == "USER")


def assigned_by_hand(app_user: AppUser) -> Found:
    """The assignment, under the name that the person has in the application."""
    return Found(BY_HAND, app_user.username or "(unknown)")


def has_other_name(app_user: AppUser, person: Found, template: Value) -> bool:
    """Whether somebody gave this person a name of their own; False where the template is not one that is known here.

    Case means nothing: a login may be written anew and is the same.
    """
    given = {"${source.login}": person.key, "${source.email}": person.fields.get("email")}.get(str(template))
    return bool(app_user.username and given) and app_user.username.lower() != str(given).lower()


def other_name(person: Found) -> Found:
    """That this person has one."""
    return Found(OTHER_NAME, person.key)
