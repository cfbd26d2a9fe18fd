"""Links under which people choose a password: made by the API or by "Forgot password?", good once and for a while."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import passwords
from provisioner.sandbox.auth0 import connections, ids, user_records, user_rules
from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

SECONDS = 432_000
"""How long a link is good unless somebody said otherwise (OpenAPI: changePasswordTicket)."""
CHOSEN = "sandbox-password"
"""What people choose, whom the sandbox plays, too."""


def make(visit: Visit, user: Body, given: Body) -> str:
    """Make a ticket, and give its address. `given` is what the API was asked for."""
    key = ids.unique()
    ends = visit.world.clock.now() + (given.get("ttl_sec") or SECONDS)
    _save(visit, {"id": key, "user_id": user["user_id"], "ends": ends, "used": False, "given": given})
    return f"{visit.origin}/lo/reset?ticket={key}#"


def find(visit: Visit, key: str) -> Body | None:
    """The ticket, used and late ones too, or None."""
    return visit.documents.get("ticket", key)


def late(visit: Visit, ticket: Body) -> bool:
    """Whether the ticket's time has passed."""
    return bool(ticket["ends"] <= visit.world.clock.now())


def waiting(visit: Visit, user: Body) -> Body | None:
    """The newest ticket that the user could still use, or None."""
    sent = visit.documents.find("ticket", user=user["user_id"])
    return next((each for each in reversed(sent) if not each["used"] and not late(visit, each)), None)


def use(visit: Visit, ticket: Body, password: str) -> Body:
    """Give the user, who has this password from now on, and a verified address where the ticket says so.

    Raises errors.Refusal where the connection's policy calls the password weak.
    """
    user = visit.documents.get("user", ticket["user_id"]) or {}
    if password != CHOSEN:
        connection = connections.find(visit, user["identities"][0]["connection"]) or {"options": {}}
        user_rules.check_password(connection, password)
    now = iso(visit.world.clock.now())
    user |= {"password": passwords.digested(password), "last_password_reset": now, "updated_at": now}
    if ticket["given"].get("mark_email_as_verified"):
        user["email_verified"] = True
    user_records.save(visit, user)
    _save(visit, ticket | {"used": True})
    return user


def _save(visit: Visit, ticket: Body) -> None:
    visit.documents.put("ticket", ticket["id"], ticket, user=ticket["user_id"])
