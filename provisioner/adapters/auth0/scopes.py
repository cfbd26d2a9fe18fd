"""The scopes that a plan needs, and which of them a token lacks. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from provisioner.adapters.auth0 import user
from provisioner.errors import MissingScope

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

_READ = ("read:clients", "read:connections", "read:actions", "read:signing_keys")
_WRITE = ("create:clients", "update:clients", "update:connections", "create:actions", "update:actions")
_READ_PEOPLE = ("read:users",)
_CHANGE_PEOPLE = ("update:users", "update:users_app_metadata")


def needed(plan: Auth0Plan, *, write: bool) -> tuple[str, ...]:
    """What the plan's calls ask for, each once (OpenAPI: security of the operations)."""
    scopes = [*_READ, *(_WRITE if write else ())]
    if manages_people(plan):
        scopes += [*_READ_PEOPLE, *(_CHANGE_PEOPLE if write else ())]
        if write and plan.users.create:
            scopes += ["create:users", *(["create:user_tickets"] if user.invites(plan) else ())]
    return tuple(scopes)


def manages_people(plan: Auth0Plan) -> bool:
    """Whether anybody may be created, changed or removed."""
    return bool(plan.people) or plan.users.on_removal != "keep"


def check(granted: frozenset[str] | None, plan: Auth0Plan, *, write: bool) -> None:
    """Raises `MissingScope` with all that is missing. `granted` is None where the token does not tell."""
    missing = [scope for scope in needed(plan, write=write) if granted is not None and scope not in granted]
    if missing:
        raise MissingScope(
            f"the credentials lack {', '.join(missing)}",
            scope=" ".join(missing),
            hint="grant them under Applications > APIs > Auth0 Management API > Machine to Machine Applications",
        )


def of_token(token: str) -> frozenset[str] | None:
    """The scopes that an access token itself names; None for one that is no JWT. Nothing is verified."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return frozenset(claims["scope"].split())
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        return None
