"""Okta's ids of the things that others refer to, as a run gets to know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from provisioner.adapters.okta import application, group, user, user_attribute
from provisioner.core.resource import Observed

Json = dict[str, Any]


@dataclass(slots=True)
class Ids:
    """What is known by now: from what was observed, then from what was created."""

    app: str = ""
    group: str = ""
    users: dict[str, str] = field(default_factory=dict)
    roles_are_list: bool = False

    @classmethod
    def of(cls, observed: Observed) -> Ids:
        """What the observed things tell."""
        ids = cls()
        for found in observed.resources.values():
            if found.kind == application.KIND:
                ids.app = cast(Json, found.native)["id"]
            elif found.kind == group.KIND:
                ids.group = cast(str, found.native)
            elif found.kind == user.KIND:
                ids.users[found.key] = cast(user.Account, found.native).id
            elif found.kind == user_attribute.KIND:
                ids.roles_are_list = cast(bool, found.native)
        return ids
