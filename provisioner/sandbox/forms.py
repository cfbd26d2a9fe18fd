"""The one guard of all forms on the sandbox's own pages: no other site posts them."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from provisioner.sandbox.answer import problem
from provisioner.sandbox.hosts import by_another_site

Endpoint = Callable[[Request], Awaitable[Response]]


def own(endpoint: Endpoint) -> Endpoint:
    """Answer what another site posts with 403: it could sign a person in as somebody else, or set up its own SSO.

    Reading is for everybody, as links lead here from anywhere.
    """

    async def guarded(request: Request) -> Response:
        if request.method == "POST" and by_another_site(request.headers, request.state.visit.origin):
            return problem(403, "This form is for the sandbox's own pages.")
        return await endpoint(request)

    return guarded
