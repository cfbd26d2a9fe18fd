"""Which of Auth0's rate budgets a request draws on. Pure."""

from __future__ import annotations

import re

_API = re.compile(r"/api/v2/(?P<kind>[^/]+)")
_READ = {"clients": "read clients", "connections": "read connections"}


def bucket_of(method: str, path: str) -> str:
    """The name of the budget, by the groups of the subscription that divides most (Auth0 docs: rate limit
    configurations, Essentials and Professional). Where a tenant has fewer budgets, each group learns the common one.
    """
    found = _API.match(path)
    if found is None:
        return "outside the Management API"
    kind, reads = found["kind"], method.upper() == "GET"
    if kind in ("users", "users-by-email"):
        return "read users" if reads else "delete users" if method.upper() == "DELETE" else "write users"
    return _READ.get(kind, "other") if reads else "other"
