"""Auth0's refusals in its own envelope, one constructor per kind of error; a recording is named where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}


class Refusal(Exception):
    """An answer that is an error; raised anywhere below a route and rendered in one place."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def refusal(status: int, message: str, code: str | None = None, **more: Any) -> Refusal:
    """A refusal in the envelope of recording 12; some errors have no `errorCode` (recording 21)."""
    body = {"statusCode": status, "error": _PHRASES.get(status, _PHRASES[500]), "message": message}
    return Refusal(status, body | ({"errorCode": code} if code else {}) | more)


def invalid_body(cause: str, place: str = "") -> Refusal:
    """A body that breaks its schema (recording 47, whose message goes on with the document's own words)."""
    return _invalid("Payload", cause, place, "invalid_body")


def invalid_query(cause: str, place: str = "") -> Refusal:
    """A query that breaks its schema (OpenAPI: 400 of the lists)."""
    return _invalid("Query", cause, place, "invalid_query_string")


def invalid_path(cause: str, place: str) -> Refusal:
    """An id in the path that cannot be one (OpenAPI: 400 of operations on one object)."""
    return _invalid("Path", cause, place, "invalid_uri")


def _invalid(part: str, cause: str, place: str, code: str) -> Refusal:
    where = f" on property {place}" if place else ""
    return refusal(400, f"{part} validation error: '{cause}'{where}.", code)


def bad_request(message: str, code: str | None = "invalid_body") -> Refusal:
    """A request that is well-formed and against a rule."""
    return refusal(400, message, code)


def malformed() -> Refusal:
    """A body that is no JSON; the words are those of the vendor's web framework (hapi)."""
    return refusal(400, "Invalid request payload JSON format")


def unsupported_media() -> Refusal:
    """A body of another content type; the words are those of the vendor's web framework (hapi)."""
    return refusal(415, "Unsupported Media Type")


def bad_authentication_header() -> Refusal:
    """No `Bearer <token>` in the header (vendor's community, many threads)."""
    return refusal(400, "Bad HTTP authentication header format", "Bearer")


def missing_authentication() -> Refusal:
    """No header at all (vendor's community, many threads)."""
    return refusal(401, "Missing authentication")


def invalid_token(cause: str = "Invalid token") -> Refusal:
    """A token that is none of this tenant's, or not any more (OpenAPI: 401)."""
    return refusal(401, cause, attributes={"error": cause})


def expired_token() -> Refusal:
    """A token whose time has passed."""
    return invalid_token("Expired token received for JSON Web Token validation")


def insufficient_scope(needed: Iterable[str]) -> Refusal:
    """A token without any of the scopes (recording 46)."""
    return refusal(403, f"Insufficient scope, expected any of: {','.join(needed)}", "insufficient_scope")


def not_found(message: str, code: str | None = None) -> Refusal:
    """Each kind has its own words, and some a code (recordings 12, 21 and 34)."""
    return refusal(404, message, code)


def no_such_path() -> Refusal:
    """A path that the API does not have, or not for this method."""
    return refusal(404, "Not Found")


def too_many_requests() -> Refusal:
    """A rate limit is reached."""
    return refusal(429, "Global limit has been reached", "too_many_requests")


def plain(status: int) -> Refusal:
    """What the vendor says for a bare 429 or 5xx; the frame's planned faults ask for these."""
    if status == 429:
        return too_many_requests()
    return refusal(status, "An internal server error occurred" if status == 500 else _PHRASES.get(status, "Error"))
