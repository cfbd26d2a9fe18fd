"""An assignment of the application to a single person, made by hand. Pure; seen and reported, never made or removed."""

from __future__ import annotations

from typing import Any

from provisioner.core.resource import Found

Json = dict[str, Any]

KIND = "direct_assignment"


def found(app_user: Json) -> Found:
    """The assignment, under the name that the person has in the application."""
    return Found(KIND, str((app_user.get("credentials") or {}).get("userName") or "(unknown)"))
