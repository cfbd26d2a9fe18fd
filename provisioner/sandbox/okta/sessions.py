"""Who is signed in to the org: a session for each browser, named by a cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from provisioner.sandbox.okta import ids, user_records
from provisioner.sandbox.okta.browser import Visitor

Body = dict[str, Any]

COOKIE = "sid"
IDLE = 2 * 60 * 60
"""Seconds without a request until a session ends: the default of the vendor's global session policy."""


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in."""

    id: str
    user: Body
    began: float


def current(visitor: Visitor) -> Session | None:
    """The session of the browser, which goes on with this; None without one, and for a user who is not active."""
    key, now = visitor.request.cookies.get(COOKIE, ""), visitor.visit.world.clock.now()
    documents = visitor.visit.documents
    found = documents.get("session", key)
    user = documents.get("user", found["user"]) if found else None
    if found is None or user is None or user["status"] != "ACTIVE" or found["seen"] + IDLE < now:
        return None
    documents.put("session", key, found | {"seen": now})
    return Session(key, user, found["began"])


def begin(visitor: Visitor, user: Body, response: Response) -> Response:
    """Sign the user in with this response, in a session of its own; the browser's former one ends."""
    visitor.visit.documents.delete("session", visitor.request.cookies.get(COOKIE, ""))
    key, now = secrets.token_urlsafe(24), visitor.visit.world.clock.now()
    visitor.visit.documents.put("session", key, {"user": user["id"], "began": now, "seen": now})
    user["lastLogin"] = ids.stamp(now)
    user_records.save(visitor.visit, user)
    response.set_cookie(COOKIE, key, httponly=True, samesite="lax", secure=visitor.visit.origin.startswith("https:"))
    return response


def end(visitor: Visitor, response: Response) -> Response:
    """Sign out with this response."""
    visitor.visit.documents.delete("session", visitor.request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE)
    return response
