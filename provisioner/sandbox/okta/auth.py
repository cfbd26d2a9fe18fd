"""Who calls, and whether the credentials shown allow the operation."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from provisioner.sandbox.okta import errors, oauth, org
from provisioner.sandbox.okta.wire import Operation
from provisioner.sandbox.world import Visit

API_TOKEN = "sandbox-okta-token"  # noqa: S105 - the documented credential of every sandbox
_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Caller:
    """The id behind the credentials, and the scopes they carry; None for an API token, which may do anything."""

    id: str
    scopes: frozenset[str] | None


def identify(request: Request, visit: Visit) -> Caller:
    """The caller that the `Authorization` header names; E0000011 for any other.

    The scheme and an API token are separated by one space; or by none, as the models of okta-sdk-python send it and
    the vendor accepts it.
    """
    shown = request.headers.get("authorization", "")
    if shown in {f"SSWS {API_TOKEN}", f"SSWS{API_TOKEN}"}:
        return Caller(_token_owner(visit), None)
    scheme, _, token = shown.partition(" ")
    if scheme not in {"Bearer", "DPoP"}:
        raise errors.invalid_token()
    granted = oauth.examine(request, visit, scheme, token)
    return Caller(granted.client, granted.scopes)


def _token_owner(visit: Visit) -> str:
    """The id of the user who made the API token, as long as there is a token: it ends with the user's deactivation."""
    owner = org.load(visit)["admin"]
    if owner is None:
        raise errors.invalid_token()
    return str(owner)


def authorize(caller: Caller, operation: Operation, visit: Visit) -> None:
    """Refuse a token without the scope that the operation needs; `manage` covers `read`.

    The header's form is that of a vendor's support article on insufficient_scope; that the body is E0000006 is the
    catalogue's only fitting entry, not recorded.
    """
    if caller.scopes is None:
        return
    verb = "read" if operation.method in _READS else "manage"
    needed = f"okta.{operation.scope}.{verb}"
    if not {needed, f"okta.{operation.scope}.manage"} & caller.scopes:
        challenge = (
            f'Bearer authorization_uri="{visit.origin}/oauth2/v1/authorize", realm="{visit.origin}", scope="{needed}",'
            ' error="insufficient_scope", error_description="The access token provided does not contain the required'
            f' scopes.", resource="{operation.path}"'
        )
        raise errors.no_permission({"www-authenticate": challenge})
