"""Auth0's error answers as errors that say what was refused, why, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.adapters.http.redact import shown_path, shown_text
from provisioner.errors import CredentialsError, MissingScope, NotFound, ProvisionerError, VendorError

_EXPECTED_SCOPE = re.compile(r"Insufficient scope, expected any of: (.+)")

GRANT = "grant it to the machine-to-machine application under APIs > Auth0 Management API"
REFUSED = "the credentials are mistyped, revoked, expired, or of another tenant"
CLIENT = (
    "check AUTH0_CLIENT_ID and its secret or key, that the application is authorized for the Auth0 Management API,"
    " and that `domain` is the tenant's own domain, not a custom one"
)
GONE = "somebody deleted it meanwhile, or `domain` names another tenant: look at the diff again"
OUTAGE = "try again later; status.auth0.com tells of outages"
COMPLAINT = "correct in the plan file what Auth0 names"
SUPPORT = "; its support finds the case by the request id"
BUSY = "other clients use up the tenant's rate limit: try later, or look into the tenant's logs which client it is"
ENTITLEMENT = "the tenant's subscription does not allow it, or one of its limits is reached"


def refusal(method: str, path: str, status: int, headers: Mapping[str, str], body: Any) -> ProvisionerError:
    """The error for an answer of 400 or above.

    Codes are missing from the errors of actions and of authorization (recordings 13 to 27), so the status counts first.
    """
    data: Mapping[str, Any] = body if isinstance(body, dict) else {}
    code = str(data.get("errorCode") or (data.get("error") if "error_description" in data else "") or "")
    request_id = headers.get("x-auth0-requestid", "")
    label = " ".join(filter(None, (str(status), code, request_id and f"request {request_id}")))
    words = str(data.get("message") or data.get("error_description") or data.get("error") or "no reason given")
    message = f"Auth0 refused {method} {_shown(path)}: {shown_text(words.rstrip('.'))} ({label})"
    if status == 403 and (named := _EXPECTED_SCOPE.search(words)):
        scope = named[1]
        return MissingScope(f"Auth0 refused {method} {_shown(path)}: scope {scope} is missing", scope=scope, hint=GRANT)
    if path.endswith("/oauth/token") and status in (400, 401, 403):
        return CredentialsError(f"Auth0 gives no access token: {shown_text(words)} ({label})", hint=CLIENT)
    if status == 401:
        return CredentialsError(message, hint=REFUSED)
    if status == 404:
        return NotFound(message, status=status, code=code, request_id=request_id, hint=GONE)
    return VendorError(message, status=status, code=code, request_id=request_id, hint=_hint(status, request_id))


def _hint(status: int, request_id: str) -> str:
    if status == 403:
        return ENTITLEMENT
    if status == 429:
        return BUSY
    return OUTAGE if status >= 500 else COMPLAINT + SUPPORT * bool(request_id)


def _shown(path: str) -> str:
    """A path without the people in it; an Auth0 user's id may hold an upstream login."""
    return shown_path(re.sub(r"(?<=/users/)[^/]+", "[hidden]", path))
