"""What the program reads of Auth0's answers (OpenAPI: the operations of these paths)."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
from pydantic import Field

from provisioner.adapters.shapes import Id, Shape, Shapes
from provisioner.errors import NetworkError

API = "/api/v2"

_Object = dict[str, Any]
# It holds the name of a connection, and an upstream's own id.
_UserId = Annotated[str, Field(pattern=r"^[^\x00-\x1f]+$")]


class _Addons(Shape):
    samlp: _Object | None = None


class _Client(Shape):
    client_id: Id
    name: str | None = None
    callbacks: list[str] | None = None
    addons: _Addons | None = None
    client_metadata: dict[str, str] | None = None


class _Token(Shape):
    access_token: Annotated[str, Field(pattern="^[!-~]+$")]
    expires_in: int = 0
    scope: str | None = None


class _Page(Shape):
    total: int | None = None


class _Clients(_Page):
    clients: list[_Client]


class _Connection(Shape):
    id: Id
    name: str


class _EnabledConnections(Shape):
    connections: list[_Connection]
    next: str | None = None


class _Part(Shape):
    name: str
    version: str | None = None


class _Version(Shape):
    runtime: str | None = None
    code: str | None = None
    dependencies: list[_Part] | None = None
    secrets: list[_Part] | None = None


class _Action(_Version):
    id: Id
    name: str
    status: str | None = None
    deployed_version: _Version | None = None
    current_version: _Object | None = None


class _Actions(_Page):
    actions: list[_Action]


class _Binding(Shape):
    id: Id
    display_name: str | None = None
    action: _Object | None = None


class _Bindings(_Page):
    bindings: list[_Binding]


class _User(Shape):
    user_id: _UserId
    email: str | None = None
    identities: list[_Object] | None = None
    app_metadata: _Object | None = None
    user_metadata: _Object | None = None


class _FoundUser(Shape):
    user_id: _UserId
    email: str | None = None


class _FoundUsers(_Page):
    users: list[_FoundUser]


class _SigningKey(Shape):
    cert: str


class _Job(Shape):
    id: Id
    status: str
    location: str | None = None
    summary: _Object | None = None


class _Ticket(Shape):
    ticket: str


SHAPES = Shapes(
    "Auth0",
    {
        "POST /oauth/token": _Token,
        "GET /clients": _Clients,
        "POST /clients|(GET|PATCH) /clients/[^/]+": _Client,
        "GET /clients/[^/]+/connections": _EnabledConnections,
        "GET /connections": list[_Connection],
        "GET /actions/actions": _Actions,
        "POST /actions/actions|(GET|PATCH) /actions/actions/[^/]+": _Action,
        "GET /actions/triggers/[^/]+/bindings": _Bindings,
        "GET /users-by-email": list[_User],
        "GET /users": _FoundUsers,
        "POST /users|GET /users/[^/]+": _User,
        "POST /tickets/password-change": _Ticket,
        "GET /keys/signing": list[_SigningKey],
        "GET /jobs/[^/]+|POST /jobs/users-(imports|exports)": _Job,
        "GET /jobs/[^/]+/errors": list[_Object] | None,
    },
)


def read(answer: httpx.Response) -> Any:
    """The JSON of an answer, None where there is none. Raises `VendorError` where it is not what is read of it."""
    try:
        data = answer.json() if answer.content else None
    except ValueError:
        raise NetworkError(f"{answer.url.host} did not answer with JSON", hint="is this Auth0's own domain?") from None
    path = answer.url.raw_path.decode().partition("?")[0].removeprefix(API)
    request_id = answer.headers.get("x-auth0-requestid", "")
    SHAPES.check(answer.request.method, path, data, status=answer.status_code, request_id=request_id)
    return data
