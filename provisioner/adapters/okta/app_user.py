"""People as the application knows them. Pure; seen and reported, never written."""

from __future__ import annotations

from typing import Any, NamedTuple

from provisioner.core.resource import Found, Value

Json = dict[str, Any]

# Somebody who is assigned directly, and not by a group.
BY_HAND = "direct_assignment"
# Somebody of the plan who has another user name in the application than its template gives, and the field that tells.
OTHER_NAME = "application_username"
OTHER_NAME_HINT = "correct the user name in the application's assignments in Okta"


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


def other_name(app_user: AppUser, person: Found, template: Value) -> Found | None:
    """The user name that somebody gave this person, with the one that the template gives as `native`.

    None where it is that one, and where the template is not known here. Case means nothing: a login may be written anew
    and is the same.
    """
    given = {"${source.login}": person.key, "${source.email}": person.fields.get("email")}.get(str(template))
    if not app_user.username or not given or app_user.username.lower() == str(given).lower():
        return None
    return Found(OTHER_NAME, person.key, {OTHER_NAME: app_user.username}, native=given)
