"""Links by which a person chooses a password, once: in the e-mails of the org, and in answers to administrators."""

from __future__ import annotations

import secrets
from typing import Any

from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PATHS = {"activation": "/welcome/", "recovery": "/reset_password/"}
"""Where links lead, by what they are for (OpenAPI: UserActivationToken, ResetPasswordToken)."""


def issue(visit: Visit, user_id: str, kind: str) -> tuple[str, str]:
    """Make a link for the user, and give its token and its address; an earlier one ends."""
    drop(visit, user_id)
    token = secrets.token_urlsafe(15)
    visit.documents.put("oneTimeToken", token, {"token": token, "user": user_id, "kind": kind}, user=user_id)
    return token, f"{visit.origin}{PATHS[kind]}{token}"


def find(visit: Visit, token: str, kind: str) -> Body | None:
    """The user that the link was made for, or None where it is no link of this kind, or was used."""
    found = visit.documents.get("oneTimeToken", token)
    return visit.documents.get("user", found["user"]) if found and found["kind"] == kind else None


def drop(visit: Visit, user_id: str) -> None:
    """End every link of the user."""
    for found in visit.documents.find("oneTimeToken", user=user_id):
        visit.documents.delete("oneTimeToken", found["token"])
