"""Which of Okta's rate budgets a request draws on. Pure."""

from __future__ import annotations

import re

_API = re.compile(r"/api/v1/(?P<kind>apps|groups|users)(?:/(?P<id>[^/]+)(?P<below>/.+)?)?$")


def bucket_of(method: str, path: str) -> str:
    """The name of the budget, as Okta's own table of paths has it (okta/terraform-provider-okta, apimutex).

    What lies below an application, a group or a user draws on the budget of the collection, not of the object; the
    reading of a single user has a budget apart from its writing.
    """
    match = _API.match(path)
    if match is None:
        return "/api/v1" if path.startswith("/api/v1/") else path
    collection = f"/api/v1/{match['kind']}"
    if match["id"] is None or match["below"]:
        return collection
    if match["kind"] == "users" and method.upper() == "GET":
        return f"{collection}/{{id:.+}}"
    return f"{collection}/{{id}}"
