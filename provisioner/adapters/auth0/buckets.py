"""Which of Auth0's rate budgets a request draws on. Pure."""

from __future__ import annotations

import re

_API = re.compile(r"/api/v2/(?P<kind>[^/]+)")
_USERS = {"GET": "read users", "DELETE": "delete users"}
_READ = {"clients": "read clients", "connections": "read connections"}


def bucket_of(method: str, path: str) -> str:
    """The name of the budget, by the groups of the subscription that divides most (Auth0 docs: rate limit
    configurations, Essentials and Professional). Other subscriptions have one budget for all of them: a family.
    """
    found = _API.match(path)
    if found is None:
        return "outside the Management API"
    return f"Management API: {_group(method.upper(), found['kind'])}"


def _group(method: str, kind: str) -> str:
    if kind in ("users", "users-by-email"):
        return _USERS.get(method, "write users")
    return _READ.get(kind, "other") if method == "GET" else "other"
