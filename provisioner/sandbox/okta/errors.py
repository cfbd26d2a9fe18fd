"""Okta's refusals: one constructor per error code, with the body that the vendor sends.

Statuses and summaries come from the vendor's error catalogue; where a recording shows other words, the recording's
words are used and it is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provisioner.sandbox.okta import ids


class Refusal(Exception):
    """An answer that is an error; raised anywhere below a route and rendered in one place."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def refusal(
    code: str, status: int, summary: str, causes: Iterable[str] = (), headers: dict[str, str] | None = None
) -> Refusal:
    """A refusal in Okta's own error form; `errorId` is new each time."""
    body = {
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": ids.error_id(),
        "errorCauses": [{"errorSummary": cause} for cause in causes],
    }
    return Refusal(status, body, headers)


def invalid(subject: str, *causes: str) -> Refusal:
    """E0000001, the answer to a value that breaks a rule (recordings 20 and 24)."""
    return refusal("E0000001", 400, f"Api validation failed: {subject}", causes)


def malformed(*causes: str) -> Refusal:
    """E0000003, the answer to a body that is not JSON or whose fields have another type (error catalogue)."""
    return refusal("E0000003", 400, "The request body was not well-formed.", causes)


def no_permission(headers: dict[str, str] | None = None) -> Refusal:
    """E0000006 (error catalogue)."""
    return refusal("E0000006", 403, "You do not have permission to perform the requested action", headers=headers)


def not_found(key: str, kind: str) -> Refusal:
    """E0000007, with the vendor's own word for the kind (recording 30)."""
    return refusal("E0000007", 404, f"Not found: Resource not found: {key} ({kind})")


def no_such_path() -> Refusal:
    """E0000008 (error catalogue)."""
    return refusal("E0000008", 404, "The requested path was not found")


def internal() -> Refusal:
    """E0000009 (error catalogue)."""
    return refusal("E0000009", 500, "Internal Server Error")


def read_only() -> Refusal:
    """E0000010 (error catalogue)."""
    return refusal("E0000010", 503, "Service is in read only mode")


def invalid_token() -> Refusal:
    """E0000011, a token that is missing, wrong or expired (error catalogue)."""
    return refusal("E0000011", 401, "Invalid token provided")


def feature_missing() -> Refusal:
    """E0000015, the org does not have the feature (recording 46)."""
    return refusal("E0000015", 401, "You do not have permission to access the feature you are requesting")


def already_active() -> Refusal:
    """E0000016 (error catalogue)."""
    return refusal("E0000016", 403, "Activation failed because the user is already active")


def not_acceptable() -> Refusal:
    """E0000019 (recording 13)."""
    return refusal(
        "E0000019", 400, "Bad request. Accept and/or Content-Type headers likely do not match supported values."
    )


def unsupported_media() -> Refusal:
    """E0000021; the catalogue gives it the words of E0000019 and status 400."""
    return refusal(
        "E0000021", 400, "Bad request. Accept and/or Content-Type headers likely do not match supported values."
    )


def wrong_method() -> Refusal:
    """E0000022 (error catalogue)."""
    return refusal("E0000022", 405, "The endpoint does not support the provided HTTP method")


def app_metadata(cause: str) -> Refusal:
    """E0000024 (recording 10)."""
    return refusal(
        "E0000024",
        400,
        "Bad request. This operation on app metadata is not yet supported.",
        [f"This operation on app metadata is not yet supported: {cause}"],
    )


def missing_parameter(cause: str) -> Refusal:
    """E0000028 (error catalogue)."""
    return refusal("E0000028", 400, "The request is missing a required parameter.", [cause])


def invalid_cursor() -> Refusal:
    """E0000029 (recording 19)."""
    return refusal("E0000029", 400, "Invalid paging request.", ["Invalid cursor."])


def invalid_search(cause: str) -> Refusal:
    """E0000031 (error catalogue)."""
    return refusal("E0000031", 400, "Invalid search criteria.", [cause])


def wrong_status() -> Refusal:
    """E0000038 (error catalogue)."""
    return refusal("E0000038", 403, "This operation is not allowed in the user's current status.")


def kept_by_group() -> Refusal:
    """E0000046 (public issues articulate/terraform-provider-okta 120 and gravitational/teleport 53947)."""
    return refusal(
        "E0000046",
        403,
        "Deactivate application for user forbidden.",
        ["The application cannot be unassigned from the user while their group memberships grant them access"],
    )


def too_many_requests() -> Refusal:
    """E0000047 (recording 45)."""
    return refusal("E0000047", 429, "API call exceeded rate limit due to too many requests.")


def unsupported(*causes: str) -> Refusal:
    """E0000060 (public issue terraform-provider-okta 903)."""
    return refusal("E0000060", 501, "Unsupported operation.", causes)


def delete_active_app() -> Refusal:
    """E0000056 (recording 09)."""
    return refusal(
        "E0000056", 403, "Delete application forbidden.", ["The application must be deactivated before deletion."]
    )


def wrong_state(*causes: str) -> Refusal:
    """E0000107 (error catalogue)."""
    return refusal("E0000107", 403, "The entity is not in the expected state for the requested transition.", causes)


def read_only_object(kind: str) -> Refusal:
    """E0000111 (error catalogue)."""
    return refusal("E0000111", 403, f"Cannot modify the {kind} object because it is read-only.")


def inactive_user_assignment() -> Refusal:
    """E0000117 (error catalogue)."""
    return refusal("E0000117", 403, "Cannot assign apps or update app profiles for an inactive user.")


def etag_mismatch() -> Refusal:
    """E0000231 (error catalogue)."""
    return refusal("E0000231", 412, "ETag value doesn't match.")


BY_STATUS = {
    400: lambda: refusal("E0000020", 400, "Bad request."),
    401: invalid_token,
    403: no_permission,
    404: no_such_path,
    405: wrong_method,
    429: too_many_requests,
    500: internal,
    503: read_only,
}
"""What the vendor says for a bare status; the frame's planned faults ask for these."""
