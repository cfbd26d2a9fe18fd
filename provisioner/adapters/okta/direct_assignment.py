"""An assignment of the application to a single person, made by hand. Pure; seen and reported, never made or removed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from provisioner.core.resource import Found

Json = dict[str, Any]

KIND = "direct_assignment"


def found(app_user: Json, known: Collection[str]) -> Found | None:
    """The assignment, unless it came through a group or the person's id is among those `known`."""
    if app_user["scope"] != "USER" or app_user["id"] in known:
        return None
    return Found(KIND, str((app_user.get("credentials") or {}).get("userName") or app_user["profile"].get("email")))
