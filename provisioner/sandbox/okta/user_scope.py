"""A user as expressions of the classic dialect name him: his profile, internal properties, and memberships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.sandbox.okta import user_schema
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_FACTS = ("id", "status", "created", "lastUpdated", "passwordChanged", "lastLogin")


def facts(user: Body) -> Body:
    """What is no profile attribute, and what `getInternalProperty` gives."""
    return {name: user[name] for name in _FACTS}


def attributes(visit: Visit, user: Body) -> Body:
    """Every attribute that the user's type has; one without a value is null."""
    return {**dict.fromkeys(user_schema.attributes(visit, user["type"]["id"])), **user["profile"]}


def classic(visit: Visit, user: Body) -> Body:
    """`user` in an expression; the internal properties stand under a name that no attribute has."""
    return attributes(visit, user) | {"": facts(user)}


def group_names(visit: Visit, user: Body) -> Mapping[str, str]:
    """The names of the user's groups, by id."""
    links = visit.documents.find("membership", user=user["id"])
    found = [visit.documents.get("group", link["group"]) for link in links]
    return {group["id"]: str(group["profile"]["name"]) for group in found if group}


def membership_functions(names: Mapping[str, str]) -> Mapping[str, Any]:
    """The group functions of the classic dialect that tell about a membership, for a user in these groups."""
    return {
        "isMemberOfGroup": lambda key: key in names,
        "isMemberOfAnyGroup": lambda *keys: any(key in names for key in keys),
        "isMemberOfGroupName": lambda name: name in names.values(),
        "isMemberOfGroupNameStartsWith": lambda text: any(name.startswith(text) for name in names.values()),
        "isMemberOfGroupNameContains": lambda text: any(text in name for name in names.values()),
    }
