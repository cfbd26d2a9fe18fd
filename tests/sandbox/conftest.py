"""A tiny vendor to try the frame with, and a client that talks to a sandbox in process."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from provisioner.sandbox import Clock, EmbeddedTransport, Sandbox, Store, create_app
from provisioner.sandbox.world import Visit, World

NOON = 1_800_000_000.0


class Notes:
    """A vendor that keeps notes: POST and GET under `/notes`; what it does not know is 404 and `unknown`."""

    name: str = "notes"
    owns: tuple[str, ...] = ("/notes", "/oauth2/")

    def app(self, world: World) -> ASGIApp:
        return Router([Route("/notes", self._notes, methods=["GET", "POST"])], default=self._unknown)

    def seed(self, visit: Visit) -> None:
        visit.documents.put("note", "seeded", {"id": "seeded", "name": "Seeded note"})

    def state(self, visit: Visit) -> dict[str, Any]:
        return {"notes": visit.documents.find("note")}

    def credentials(self, visit: Visit) -> dict[str, str]:
        return {"API token": "notes-token"}

    def refusal(self, status: int, visit: Visit) -> Response:
        return JSONResponse({"vendor": "notes", "status": status}, status)

    async def _notes(self, request: Request) -> Response:
        visit: Visit = request.state.visit
        request.state.bucket = "notes"
        if request.method == "POST":
            note = await request.json()
            visit.documents.put("note", note["id"], note)
            return JSONResponse(note, 201)
        return JSONResponse({"origin": visit.origin, "notes": visit.documents.find("note")})

    async def _unknown(self, scope: Any, receive: Any, send: Any) -> None:
        scope["state"]["unknown"] = True
        await JSONResponse({"vendor": "notes", "error": "no such endpoint"}, 404)(scope, receive, send)


class Client:
    """httpx on an embedded sandbox, one call at a time."""

    def __init__(self, app: ASGIApp, base_url: str = "http://localhost:8400") -> None:
        self._app = app
        self._base_url = base_url

    def __call__(self, method: str, url: str, **options: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            async with httpx.AsyncClient(transport=EmbeddedTransport(self._app), base_url=self._base_url) as client:
                return await client.request(method, url, **options)

        return asyncio.run(call())

    def plan(self, **fault: Any) -> None:
        assert self("POST", "/_sandbox/faults", json=fault).status_code == 200


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.freeze(NOON)
    return clock


@pytest.fixture
def frame(clock: Clock) -> Sandbox:
    """A sandbox in memory whose only vendor is the tiny one."""
    return create_app(Store(None), parts=[Notes()], clock=clock)


@pytest.fixture
def client(frame: Sandbox) -> Client:
    return Client(frame)
