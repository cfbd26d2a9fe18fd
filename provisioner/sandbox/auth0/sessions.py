"""Who is signed in to the tenant in which browser: a cookie, and what the tenant remembers of it."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

COOKIE = "auth0"
IDLE = 72 * 3_600.0
LONGEST = 168 * 3_600.0
"""Seconds: the vendor's defaults for a session nobody uses, and for any session."""


def begin(visit: Visit, user: Body) -> str:
    """Remember that the user signed in just now, and give the cookie's value."""
    key = secrets.token_urlsafe(32)
    now = visit.world.clock.now()
    visit.documents.put("session", key, {"user_id": user["user_id"], "began": now, "seen": now})
    return key


def keep(visit: Visit, key: str, response: Response) -> None:
    """Let the browser keep the session."""
    secure = visit.origin.startswith("https:")
    response.set_cookie(COOKIE, key, max_age=int(IDLE), httponly=True, samesite="lax", secure=secure)


def user_of(visit: Visit, request: Request) -> Body | None:
    """Who is signed in in this browser, or None; being asked keeps the session alive."""
    key = request.cookies.get(COOKIE, "")
    session = visit.documents.get("session", key)
    user = visit.documents.get("user", session["user_id"]) if session else None
    if session is None or user is None or _is_over(visit, session, user):
        visit.documents.delete("session", key)
        return None
    visit.documents.put("session", key, session | {"seen": visit.world.clock.now()})
    return user


def _is_over(visit: Visit, session: Body, user: Body) -> bool:
    """Whether time ended the session, or a change of the password, which ends all of a user's."""
    now = visit.world.clock.now()
    late = now - session["seen"] > IDLE or now - session["began"] > LONGEST
    return late or str(user.get("last_password_reset", "")) > iso(session["began"])


def end(visit: Visit, request: Request, response: Response) -> None:
    """Forget the browser's session."""
    visit.documents.delete("session", request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
