"""Okta's error answers as errors that say what was refused, why, and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.adapters.http.redact import shown_path, shown_text
from provisioner.errors import CredentialsError, MissingScope, NotFound, ProvisionerError, VendorError

_SCOPE = re.compile(r'scope="([^"]+)"')

GRANT = "grant it on the service app's Okta API Scopes tab, and give the app an admin role that covers it"
ROLE = "give the token's administrator, or the service app, a role that may do this"
REFUSED = "the credentials are mistyped, revoked, expired, or of another org"
CLIENT = "check OKTA_CLIENT_ID, that the key's public half is registered with that app, and this machine's clock"

GONE = "somebody deleted it meanwhile, or org_url names another org: look at the diff again"
OUTAGE = "try again later; status.okta.com tells of outages"
COMPLAINT = "correct in the plan file what Okta names"
SUPPORT = "; its support finds the case by the request id"

BUSY = "other clients use up the org's rate limit: try later, or ask Okta which client it is"
FEATURE = "the org lacks the feature, or the administrator a role for it; Okta answers both with this code"


def refusal(method: str, path: str, status: int, headers: Mapping[str, str], body: Any) -> ProvisionerError:
    """The error for an answer of 400 or above.

    The fields are those of Okta's error object (OpenAPI: Error). An access token without the scope is told apart by the
    WWW-Authenticate header alone, the body being empty (okta-sdk-golang #145); a missing admin role is E0000006.
    """
    data = body if isinstance(body, dict) else {}
    code = str(data.get("errorCode") or data.get("error") or "")
    request_id = headers.get("x-okta-request-id", "")
    facts: dict[str, Any] = {"status": status, "code": code, "request_id": request_id}
    label = " ".join(filter(None, (str(status), code, request_id and f"request {request_id}")))
    message = f"Okta refused {method} {shown_path(path)}: {_reason(data)} ({label})"
    challenge = headers.get("www-authenticate", "")
    if "insufficient_scope" in challenge:
        named = _SCOPE.search(challenge)
        scope = named[1] if named else ""
        missing = f"scope {scope} is missing" if scope else "a scope is missing"
        return MissingScope(f"Okta refused {method} {shown_path(path)}: {missing}", scope=scope, hint=GRANT, **facts)
    if code == "E0000006":
        return MissingScope(message, hint=ROLE, **facts)
    if status == 401 and code != "E0000015":
        return CredentialsError(message, hint=REFUSED, **facts)
    if status == 404:
        return NotFound(message, hint=GONE, **facts)
    return VendorError(message, hint=_hint(status, code, request_id), **facts)


def _hint(status: int, code: str, request_id: str) -> str:
    if code == "E0000015":
        return FEATURE
    if status == 429:
        return BUSY
    return OUTAGE if status >= 500 else COMPLAINT + SUPPORT * bool(request_id)


def sign_in_refusal(code: str, summary: str, status: int, scopes: tuple[str, ...]) -> ProvisionerError:
    """The error for a refused access token (RFC 6749, 5.2; recording 51_oauth_token_missing_dpop_400)."""
    message = f"Okta gives no access token: {shown_text(summary) or 'no reason given'} ({code or status})"
    if code == "invalid_scope":
        asked = " ".join(scopes)
        missing = f"{message}; one of these is missing: {asked}"
        return MissingScope(missing, scope=asked, hint=GRANT, status=status, code=code)
    if status == 429 or status >= 500:
        return VendorError(message, status=status, code=code, hint=OUTAGE)
    return CredentialsError(message, hint=CLIENT, status=status, code=code)


def _reason(data: Mapping[str, Any]) -> str:
    """The summary and its causes; some answers have no list of causes, some no body at all."""
    summary = data.get("errorSummary") or data.get("error_description") or "no reason given"
    listed = data.get("errorCauses")
    causes = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    words = [str(summary).rstrip("."), *(str(each.get("errorSummary") or "") for each in causes)]
    return shown_text("; ".join(filter(None, words)))
