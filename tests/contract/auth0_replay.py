"""Recorded Auth0 traffic, sent again to the sandbox: `python -m tests.contract.auth0_replay` prints how it compares.

Every run gets an empty tenant. An exchange counts when the sandbox serves its operation; it is alike when status, keys
and JSON types are. Skipped is only what depends on something outside, or what the recorder is known to have changed.
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import httpx

from provisioner.sandbox import EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.auth0 import PART, api, connections
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.world import Visit
from tests.contract import evidence
from tests.contract.compare import Names, differences, identities, other_values
from tests.contract.evidence import Exchange
from tests.contract.score import Score, operation_of, parsed

TOKEN = {"authorization": "Bearer sandbox-auth0-token"}
ROUTES = api.build().routes
IDENTITY = re.compile(
    r"[A-Za-z0-9]{32}|tpc_[A-Za-z0-9]{22}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(con|job|cred)_[A-Za-z0-9]{16,22}"
    r"|[0-9a-f]{24}|auth0\|\S+"
)
"""Clients, Actions with their versions and bindings, connections, jobs, credentials, users."""
KEYS = ("client_id", "user_id", "id")
STEP = 0.7
"""Seconds from one request to the next, about as the recorded builds of Actions went on."""
LISTS = ("clients", "actions", "bindings", "versions", "connections", "users")
VOLATILE = re.compile(
    r"(created_at|updated_at|built_at|build_time|last_password_reset|client_secret|cert|key|pkcs7|subject|tenant|id|kid"
    r"|client_id|user_id|total|start|length|enabled_clients|status)$"
)
"""Times, identities, secrets, what other runs leave in a tenant, and how far a build was."""
REASONS = {
    "/keys/signing": "the recorder invents the bodies of signing keys",
    "/connections$": "about lists of connections: those of runs are removed by exchanges that are not in the file",
}
"""Why readings of some paths cannot count."""
POLICIES = {"passwordPolicy", "password_options"}
"""Options of databases, of which a tenant shows one, the other or both."""
LOST = {"tenant", "global", "callback_url_template", "encrypted", "cross_origin_auth", "cross_origin_authentication"}
"""Fields of clients that Go recorders did not know at their time, and so dropped before they saved."""


def names() -> Names:
    """The names of a run, as Auth0's things have them."""
    return Names(IDENTITY, KEYS)


class Replayer:
    """Plays one run against a tenant of its own."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient, tenant: str, run: list[Exchange]) -> None:
        self.names = names()
        self.other_values: list[str] = []
        self._sandbox, self._client, self._run = sandbox, client, run
        self._origin = f"http://{tenant}.localhost"
        self._seen: set[str] = set()
        self._unplayed: set[str] = set()
        self._visit = sandbox.visit(PART, Place(tenant, self._origin))
        self._made_here = {self.names.key(one.answer) for one in run if one.method == "POST" and self._served(one)}
        prepare(self._visit, run)

    def _served(self, one: Exchange) -> str | None:
        return operation_of(ROUTES, one.method, unquote(one.path))

    async def play(self, score: Score) -> None:
        """Send every exchange in order, and count what comes back."""
        for one in self._run:
            self._sandbox.world.clock.advance(STEP)
            if one.method == "POST" and self._served(one):
                self._seen |= identities(one.answer, IDENTITY)
            reason = self._cannot(one)
            if reason:
                score.skipped[reason] += 1
                self._take_over(one)
                continue
            wrong = self._wrong(one, await self._send(one))
            if wrong:
                score.different[str(self._served(one))].append((one, wrong))
            else:
                score.alike[str(self._served(one))] += 1

    def _take_over(self, one: Exchange) -> None:
        """Let a connection be there that is not played, so that what is done with it beside others can be."""
        if (one.method, one.path, one.status) == ("POST", "/api/v2/connections", 201):
            made = {name: value for name, value in one.answer.items() if name != "enabled_clients"}
            connections.save(self._visit, made)
            self.names.known[made["id"]] = made["id"]
            self._unplayed.add(made["id"])

    def _cannot(self, one: Exchange) -> str | None:
        """Why an exchange cannot count, or None."""
        if self._served(one) is None:
            return f"the sandbox does not serve {one.method} {kind_of(one.path)}"
        if reason := self._left_out(one):
            return reason
        if isinstance(one.answer, dict) and one.answer.keys() == {"client_secret", "signing_keys"}:
            return "the recorder masked all of the answer"
        if any(key.startswith("cred_") for key in identities(one.answer, IDENTITY) - self._seen):
            return "about credentials that were made by operations that are not in the replay file"
        foreign = identities([unquote(one.path).split("/"), one.sent], IDENTITY) - self.names.known.keys()
        if foreign and not foreign & self._made_here:
            return "about something that was made outside of the run"
        return None

    def _left_out(self, one: Exchange) -> str | None:
        made = (one.method, one.path) == ("POST", "/api/v2/connections") and one.sent["strategy"] != "auth0"
        if made or one.path.rpartition("/")[2] in self._unplayed:
            return "about a connection of a strategy that is not played"
        reasons = (reason for part, reason in REASONS.items() if one.method == "GET" and re.search(part, one.path))
        return next(reasons, None)

    async def _send(self, one: Exchange) -> httpx.Response:
        return await self._client.request(
            one.method,
            self._origin + self.path(one),
            params=[(key, self.names.translate(value)) for key, value in one.query],
            headers=TOKEN,
            json=self.names.translate(one.sent) if one.sent is not None else None,
        )

    def path(self, one: Exchange) -> str:
        """The path with the run's own identities."""
        return "/".join(quote(self.names.translate(unquote(part)), safe="") for part in one.path.split("/"))

    def _wrong(self, one: Exchange, answer: httpx.Response) -> list[str]:
        if answer.status_code != one.status:
            return [f"{answer.status_code} instead of {one.status}: {answer.text[:300]}"]
        body = parsed(answer)
        self.names.learn(one.answer, body)
        recorded, ours = comparable(one, one.answer, body, self.names)
        self.other_values += other_values(recorded, ours, self.names, volatile=VOLATILE)
        return list(differences(recorded, ours, self.names)) + list(content_type(one, answer))


def prepare(visit: Visit, run: list[Exchange]) -> None:
    """Set the tenant up as the recorded one was: no connection for new clients, usernames where the run sends some."""
    connections.set_enabled_for_new_clients(visit, False)
    database = connections.find(visit, connections.DATABASE)
    assert database
    if any(one.path == "/api/v2/connections" and (one.sent or {}).get("name") == database["name"] for one in run):
        visit.documents.delete("connection", database["id"])
    if any(one.path == "/api/v2/users" and isinstance(one.sent, dict) and "username" in one.sent for one in run):
        options = database["options"] | {"requires_username": True}
        connections.save(visit, database | {"options": options})


def kind_of(path: str) -> str:
    """The path without identities, for reasons."""
    kinds = [part if not IDENTITY.fullmatch(part) else "…" for part in unquote(path).split("/")]
    return re.sub(r"/(users|roles)/[^/]+", r"/\1/…", "/".join(kinds))


def comparable(one: Exchange, recorded: Any, ours: Any, names: Names) -> tuple[Any, Any]:
    """Both answers without what cannot be compared: lost fields of clients, and other runs' entries in lists."""
    if "/clients" in one.path and "connections" not in one.path:
        recorded, ours = (_clients(one, each, other) for each, other in ((recorded, ours), (ours, recorded)))
    if isinstance(recorded, dict) and recorded.get("strategy") == "auth0":
        recorded, ours = _connection(recorded, ours), _connection(ours, recorded)
    return _own_entries(recorded, names.known.keys(), names), _own_entries(ours, set(names.known.values()), names)


def _clients(one: Exchange, body: Any, other: Any) -> Any:
    """What Go recorders left of clients; they also add to what they mask, and put lists into an envelope of theirs."""
    if one.source == "a0deploy" or not isinstance(body, dict):
        return body
    if "clients" in body:
        envelope = {name: value for name, value in body.items() if name not in {"length", "next"}}
        return envelope | {"clients": [_clients(one, client, client) for client in body["clients"]]}
    projected = any(name == "fields" for name, _ in one.query)
    masked = {"client_secret", "signing_keys"} if projected or not (other.keys() & {"signing_keys"}) else set()
    shown = {name: value for name, value in body.items() if name not in LOST | masked}
    return shown | ({"signing_keys": [{"cert": ""}]} if "signing_keys" in shown else {})


def _connection(body: Any, other: Any) -> Any:
    """A database without what its tenant's features decide, and what is newer than some recordings."""
    newer = {"authentication", "connected_accounts"} - other.keys()
    shown = {name: value for name, value in body.items() if name not in newer}
    if "options" not in shown:
        return shown
    options = {name: value for name, value in shown["options"].items() if name not in POLICIES}
    methods = options.get("authentication_methods")
    if methods:
        options["authentication_methods"] = methods | {"password": {"enabled": methods["password"]["enabled"]}}
    return shown | {"options": options}


def _own_entries(body: Any, known: Any, names: Names) -> Any:
    """A list, also inside of its envelope, with the entries that are the run's own."""
    if isinstance(body, list):
        return [entry for entry in body if names.key(entry) in known]
    if isinstance(body, dict):
        lists = {name: _own_entries(body[name], known, names) for name in LISTS if isinstance(body.get(name), list)}
        numbers = {"total"} if lists and "per_page" in body else set()  # absent where 0, and other runs count
        return {name: value for name, value in body.items() if name not in numbers} | lists
    return body


def content_type(one: Exchange, answer: httpx.Response) -> Iterator[str]:
    """Another content type than the recorded one."""
    recorded = "".join(one.headers.get("content-type", answer.headers.get("content-type", "")))
    if recorded.replace(" ", "") != answer.headers.get("content-type", "").replace(" ", ""):
        yield f"content type {answer.headers.get('content-type')} instead of {recorded}"


async def score() -> Score:
    """Play the whole replay file."""
    total = Score()
    sandbox = create_app(Store(None), parts=[PART], settings=SandboxSettings(rate_limits=False, search_lag=0))
    async with httpx.AsyncClient(transport=EmbeddedTransport(sandbox)) as client:
        for number, run in enumerate(evidence.replay("auth0")):
            player = Replayer(sandbox, client, f"run-{number}", run)
            await player.play(total)
            total.other_values += player.other_values
    return total


if __name__ == "__main__":
    sys.stdout.write("\n".join(asyncio.run(score()).lines("--all" in sys.argv)) + "\n")
