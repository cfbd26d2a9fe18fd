"""The addresses under `/_sandbox/`: state, reset, faults, clock, clipboard, log of requests; closed to web pages."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.sandbox import clipboard
from provisioner.sandbox.answer import problem
from provisioner.sandbox.clock import Clock, iso
from provisioner.sandbox.faults import Fault
from provisioner.sandbox.hosts import LOOPBACK, Place, UnknownHostError, by_another_site, neighbour

if TYPE_CHECKING:
    from provisioner.sandbox.app import Sandbox


def control_routes(sandbox: "Sandbox") -> ASGIApp:
    """Give the application that answers under `/_sandbox/`."""
    control = Control(sandbox)
    router = Router(
        [
            _route("state", control.state, "GET"),
            _route("reset", control.reset, "POST"),
            _route("faults", control.planned_faults, "GET"),
            _route("faults", control.plan_faults, "POST"),
            _route("faults", control.clear_faults, "DELETE"),
            _route("clock", control.clock, "GET"),
            _route("clock", control.set_clock, "POST"),
            _route("clipboard", control.clipboard, "GET"),
            _route("clipboard", control.fill_clipboard, "PUT"),
            _route("requests", control.requests, "GET"),
            _route("requests", control.clear_requests, "DELETE"),
        ]
    )

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(Request(scope))
        await (refusal or router)(scope, receive, send)

    return guarded


def _refusal(request: Request) -> Response | None:
    """Refuse other machines, and pages of other origins that are open in the same browser."""
    if request.client is None or request.client.host not in LOOPBACK:
        return problem(403, "The control addresses are for this machine only.")
    if "origin" in request.headers or by_another_site(request.headers, request.state.place.origin):
        return problem(403, "The control addresses are not for web pages.")
    return None


def _route(name: str, endpoint: Callable[[Request], Awaitable[Response]], method: str) -> Route:
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (ValueError, TypeError, UnknownHostError) as error:
            return problem(400, str(error))

    return Route(f"/_sandbox/{name}", answered, methods=[method])


class Control:
    """What each address does, for the tenant that the host name says unless the query names another."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def state(self, request: Request) -> Response:
        """Give `{"tenant", "now", PART: vendor JSON}`; with `all=true` `{"tenants": [...]}` of every known tenant."""
        if _wants_all(request):
            here: Place = request.state.place
            places = [neighbour(here, name) for name in self._sandbox.world.store.tenants()]
            return JSONResponse({"tenants": [self._state(place) for place in places]})
        return JSONResponse(self._state(_place(request)))

    def _state(self, place: Place) -> dict[str, Any]:
        sandbox = self._sandbox
        parts = {part.name: part.state(sandbox.visit(part, place)) for part in sandbox.parts}
        return {"tenant": place.tenant, "now": iso(sandbox.world.clock.now()), **parts}

    async def reset(self, request: Request) -> Response:
        """Reset a tenant; with `all=true` every tenant, and the clock to real time."""
        if not _wants_all(request):
            names = [_place(request).tenant]
        else:
            names = self._sandbox.world.store.tenants()
            self._sandbox.world.clock.reset()
        for name in names:
            self._sandbox.reset(name)
        return JSONResponse({"reset": names})

    async def planned_faults(self, request: Request) -> Response:
        """Give the planned faults with the requests each has `seen` and how often it `fired`."""
        return JSONResponse({"faults": self._sandbox.faults.planned(_place(request).tenant)})

    async def plan_faults(self, request: Request) -> Response:
        """Plan one fault or a list of them; all or none."""
        words = await _json(request)
        faults = [Fault.parse(each) for each in (words if isinstance(words, list) else [words])]
        self._sandbox.faults.plan(*faults, tenant=_place(request).tenant)
        return await self.planned_faults(request)

    async def clear_faults(self, request: Request) -> Response:
        """Forget the planned faults."""
        self._sandbox.faults.clear(_place(request).tenant)
        return await self.planned_faults(request)

    async def clock(self, _: Request) -> Response:
        """Give the sandbox's time."""
        now = self._sandbox.world.clock.now()
        return JSONResponse({"now": iso(now), "epoch": now})

    async def set_clock(self, request: Request) -> Response:
        """Change the clock of all tenants: one of `advance` (seconds), `freeze` (ISO or epoch), `speed` (factor)."""
        _change_clock(self._sandbox.world.clock, await _json(request))
        return await self.clock(request)

    async def clipboard(self, request: Request) -> Response:
        """Give `{"clipboard": [{"name", "values"}, …]}`: what programs have printed for people to paste."""
        return JSONResponse({"clipboard": clipboard.entries(self._sandbox.world.store, _place(request).tenant)})

    async def fill_clipboard(self, request: Request) -> Response:
        """Keep `{"name": text, "values": object}`, in place of what had the name."""
        match await _json(request):
            case {"name": str() as name, "values": dict() as values, **rest} if name and not rest:
                clipboard.put(self._sandbox.world.store, _place(request).tenant, name, values)
            case _:
                raise ValueError('expected {"name": text, "values": object}')
        return await self.clipboard(request)

    async def requests(self, request: Request) -> Response:
        """Give the newest requests to vendors, oldest first; `since=N` only those with a greater number."""
        since = int(request.query_params.get("since", 0))
        entries = self._sandbox.log.entries(_place(request).tenant, since)
        return JSONResponse({"requests": [entry.as_json() for entry in entries]})

    async def clear_requests(self, request: Request) -> Response:
        """Forget the tenant's requests."""
        self._sandbox.log.clear(_place(request).tenant)
        return JSONResponse({"requests": []})


def _change_clock(clock: Clock, change: Any) -> None:
    match change:
        case {"advance": int() | float() as seconds, **rest} if not rest:
            clock.advance(seconds)
        case {"freeze": str() as at, **rest} if not rest:
            time = datetime.fromisoformat(at)
            clock.freeze((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())
        case {"freeze": int() | float() as at, **rest} if not rest:
            clock.freeze(at)
        case {"speed": int() | float() as factor, **rest} if not rest:
            clock.speed(factor)
        case _:
            raise ValueError('expected {"advance": seconds}, {"freeze": ISO time or epoch} or {"speed": factor}')


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise ValueError(f"the body is no JSON: {error}") from error


def _wants_all(request: Request) -> bool:
    return request.query_params.get("all") == "true"


def _place(request: Request) -> Place:
    """Give the tenant that `tenant=NAME` names, or else that of the host."""
    here: Place = request.state.place
    name = request.query_params.get("tenant", here.tenant)
    return here if name == here.tenant else neighbour(here, name)
