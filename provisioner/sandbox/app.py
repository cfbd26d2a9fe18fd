"""The sandbox as one ASGI application: finds tenant and vendor of a request, and applies planned faults on the way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from email.utils import formatdate
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from provisioner.sandbox.answer import Answer, ask, problem, read_body
from provisioner.sandbox.clock import Clock
from provisioner.sandbox.control import control_routes
from provisioner.sandbox.faults import Faults
from provisioner.sandbox.home import home
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place, UnknownHostError, by_another_site, place_of
from provisioner.sandbox.requestlog import Body, Logged, RequestLog
from provisioner.sandbox.store import Store
from provisioner.sandbox.world import Part, SandboxSettings, Visit, World

CONTROL = "/_sandbox"


def create_app(
    store: Store,
    *,
    parts: Iterable[Part] | None = None,
    clock: Clock | None = None,
    settings: SandboxSettings | None = None,
) -> "Sandbox":
    """Give the sandbox on this store: with every vendor, on real time and with the default settings unless told."""
    if parts is None:
        from provisioner.sandbox.parts import PARTS

        parts = PARTS
    return Sandbox(World.of(store, clock, settings), tuple(parts))


class Sandbox:
    """The ASGI application. It needs no lifespan, so it may be called in process as well as served.

    `faults`, `log` and `world` are there for tests; `sleep` is what a `slow` fault waits with.
    """

    def __init__(self, world: World, parts: tuple[Part, ...]) -> None:
        self.world = world
        self.parts = parts
        self.faults = Faults()
        self.log = RequestLog()
        self.sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep
        self._apps = {part.name: part.app(world) for part in parts}
        self._control = control_routes(self)
        self._home = home(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Raises ConnectionDropped where a planned fault breaks the answer off."""
        if scope["type"] != "http":
            raise NotImplementedError(f"The sandbox speaks HTTP only, not {scope['type']}.")
        send = self._dated(send)
        try:
            place = place_of(scope)
        except UnknownHostError as error:
            refusal = problem(421, f"No tenant lives at {str(error)!r}: use localhost or NAME.localhost.")
            await refusal(scope, receive, send)
            return
        if self._is_pushed(place, Headers(scope=scope)):
            refusal = problem(403, f"No tenant is made for a web page: open {place.origin} yourself.")
            await refusal(scope, receive, send)
            return
        scope = {**scope, "state": {"place": place}}
        path = scope["path"]
        if path == "/":
            await self._home(scope, receive, send)
        elif path == CONTROL or path.startswith(f"{CONTROL}/"):
            await self._control(scope, receive, send)
        else:
            answer = await self._logged(scope, await read_body(receive), place)
            await answer.send(send)

    def _is_pushed(self, place: Place, headers: Headers) -> bool:
        """Whether a page of another site would make a tenant, of which it could make thousands."""
        if place.tenant == DEFAULT_TENANT or not by_another_site(headers, place.origin):
            return False
        return not self.world.store.holds(place.tenant)

    def visit(self, part: Part, place: Place) -> Visit:
        """Give a part's view of a tenant, which is seeded when it appears for the first time."""
        visit = self.world.visit(place.tenant, part.name, place.origin)
        marks = self.world.store.documents(place.tenant, "sandbox")
        if marks.get("seeded", part.name) is None:
            with marks.transaction():
                # Asked again inside: another process may have been quicker.
                if marks.get("seeded", part.name) is None:
                    marks.put("seeded", part.name, {})
                    part.seed(visit)
        return visit

    def reset(self, tenant: str) -> None:
        """Forget all that the tenant holds, its rate-limit windows and its planned faults; the log stays."""
        self.world.store.wipe(tenant)
        self.world.windows.forget(tenant)
        self.world.buckets.forget(tenant)
        self.faults.clear(tenant)

    def _part_of(self, path: str) -> Part | None:
        """Give the part with the longest prefix that fits."""
        fitting = [(len(prefix), part) for part in self.parts for prefix in part.owns if path.startswith(prefix)]
        return max(fitting, key=lambda each: each[0])[1] if fitting else None

    async def _logged(self, scope: Scope, body: bytes, place: Place) -> Answer:
        """Give the answer of the part that owns the path, and keep both in the log."""
        entry = self.log.open(
            at=self.world.clock.now(),
            tenant=place.tenant,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            request=Body.of(scope["headers"], body),
        )
        part = self._part_of(entry.path)
        if part is None:
            entry.unknown = True
            answer = Answer.of(problem(404, f"No vendor of this sandbox has {entry.path}."))
        else:
            entry.part = part.name
            with self.world.concurrency.enter(place.tenant, part.name):
                answer = await self._answer(scope, body, self.visit(part, place), part, entry)
        entry.status, entry.answer = answer.status, Body.of(answer.headers, answer.body)
        return answer

    async def _answer(self, scope: Scope, body: bytes, visit: Visit, part: Part, entry: Logged) -> Answer:
        async def execute() -> Answer:
            state: dict[str, Any] = {"visit": visit}
            answer = await ask(self._apps[part.name], {**scope, "state": state}, body)
            entry.bucket, entry.unknown = state.get("bucket"), state.get("unknown", False)
            return answer

        fault = self.faults.due(visit.tenant, entry.method, entry.path)
        if fault is None:
            return await execute()
        entry.fault = fault.kind
        return await fault.disturb(execute, lambda status: part.refusal(status, visit), self.sleep)

    def _dated(self, send: Send) -> Send:
        """Stamp every answer with the sandbox's time, which clients hold rate-limit resets against."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(self.world.clock.now(), usegmt=True)
                MutableHeaders(scope=message).setdefault("date", date)
            await send(message)

        return dated
