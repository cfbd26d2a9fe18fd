"""Where things stand in Okta's API. Whatever goes into a path is percent-encoded. Pure."""

from __future__ import annotations

from urllib.parse import quote

APPS = "/api/v1/apps"
GROUPS = "/api/v1/groups"
GROUP_RULES = "/api/v1/groups/rules"
USERS = "/api/v1/users"
USER_SCHEMA = "/api/v1/meta/schemas/user/default"


def below(collection: str, *parts: str) -> str:
    """The path of something below a collection: `below(APPS, id, "groups")`."""
    return "/".join((collection, *(quote(part, safe="") for part in parts)))
