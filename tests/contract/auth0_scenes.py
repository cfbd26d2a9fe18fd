"""What must be there before a single Auth0 recording can be played: made through the API like anything else."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from provisioner.sandbox import EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.auth0 import PART, connections
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.world import Visit
from tests.contract import evidence
from tests.contract.auth0_replay import TOKEN, comparable, names
from tests.contract.compare import differences
from tests.contract.evidence import Exchange
from tests.contract.score import parsed

ORIGIN = "http://scene.localhost"
NOT_SERVED = {
    "46": "its operation is not served; scopes are checked in test_auth0_tokens.py, to the letter",
    "47": "its operation is not served; validation is checked in test_auth0_clients.py",
    "48": "custom domains are nothing that this sandbox has",
    "49": "the recorder made up the values; tokens are checked in test_auth0_tokens.py",
    "50": "the recorder made up the answer",
}
RECORDINGS = {name[:2]: one for name, one in evidence.recordings("auth0")}
SINCE = {
    "10": [".refresh_token: invented"],
    "11": [".refresh_token: invented"],
    "42": [".connections[].authentication: invented", ".connections[].connected_accounts: invented"],
}
"""What the vendor has added since a recording was made, by the word of newer ones (08; replay: connections)."""
Json = dict[str, Any]


class Scene:
    """A tenant in which one recording is played."""

    def __init__(self, number: str) -> None:
        self.one = RECORDINGS[number]
        self.pause = 3.0
        self.names = names()
        self.sandbox: Sandbox = create_app(
            Store(None), parts=[PART], settings=SandboxSettings(rate_limits=False, search_lag=0)
        )
        self.client = httpx.AsyncClient(transport=EmbeddedTransport(self.sandbox), base_url=ORIGIN, headers=TOKEN)
        database = self.database
        named = {"requires_username": number != "38", "validation": {"username": {"max": 15, "min": 1}}}
        options = database["options"] | named
        connections.save(self.visit, database | {"options": options})
        self.names.known["con_ftSSLHb0O7rcUGmF"] = self.names.known["con_1D0JFKzHjd17eNfe"] = database["id"]

    @property
    def visit(self) -> Visit:
        """The tenant from the inside."""
        return self.sandbox.visit(PART, Place("scene", ORIGIN))

    @property
    def database(self) -> Json:
        """The tenant's database connection."""
        found = connections.find(self.visit, connections.DATABASE)
        assert found
        return found

    async def send(self, one: Exchange) -> httpx.Response:
        """Send a recorded request, with the names that the sandbox gave."""
        self.sandbox.world.clock.advance(self.pause)
        path = "/".join(self.names.translate(part.replace("%7C", "|")) for part in one.path.split("/"))
        if isinstance(one.sent, str):
            boundary = one.sent.partition("\r\n")[0].removeprefix("--")
            headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
            return await self.client.post(path, content=self.names.translate(one.sent), headers=headers)
        body = self.names.translate(one.sent) if one.sent is not None else None
        return await self.client.request(one.method, path, params=list(one.query), json=body)

    async def earlier(self, *numbers: str) -> None:
        """Play other recordings first."""
        for number in numbers:
            one = RECORDINGS[number]
            answer = await self.send(one)
            assert answer.status_code == one.status, (number, answer.text)
            self.names.learn(one.answer, parsed(answer))

    async def made(self, path: str, body: Json, recorded: Json | str) -> Json:
        """Create something that the recording calls by this name, or shows so."""
        answer = await self.client.post(path, json=body)
        assert answer.is_success, answer.text
        result: Json = answer.json()
        self.names.learn(recorded, result)
        if isinstance(recorded, str):
            self.names.known[recorded] = str(self.names.key(result))
        self.sandbox.world.clock.advance(self.pause)
        return result

    async def play(self) -> list[str]:
        """Send the recorded request, and say what is different in the answer."""
        one, answer = self.one, await self.send(self.one)
        if answer.status_code != one.status:
            return [f"{answer.status_code} instead of {one.status}: {answer.text}"]
        body = parsed(answer)
        if one.status >= 400:
            return [] if body == one.answer else [f"{body} instead of {one.answer}"]
        if isinstance(one.answer, str):
            return [] if outline(one.answer) == outline(body) else [body]
        self.names.learn(one.answer, body)
        recorded, ours = comparable(one, one.answer, body, self.names)
        return list(differences(recorded, ours, self.names))


def outline(text: str) -> list[str]:
    """An XML document without what differs from tenant to tenant: domain, client and certificate."""
    tenantless = re.sub(r"dev-cc74fjl4w46udioq.us.auth0.com|scene.localhost|https?://|/[A-Za-z0-9]{32}", "", text)
    return re.findall(r"<[^>]+>", re.sub(r"\s+<", "<", tenantless))


async def _client(scene: Scene) -> None:
    """A client for the id in the path."""
    shown = scene.one.answer if isinstance(scene.one.answer, dict) else {}
    body = {"name": shown.get("name", "Any"), "app_type": shown.get("app_type", "regular_web")}
    await scene.made("/api/v2/clients", body, scene.one.path.split("/")[-1])


async def _listed_client(scene: Scene) -> None:
    """The first client of the recorded list, made from what a creation may say of it."""
    recorded = scene.one.answer["clients"][0]
    added = {"tenant", "global", "cross_origin_auth", "signing_keys", "client_id", "callback_url_template"}
    body = {name: value for name, value in recorded.items() if name not in added | {"client_secret"}}
    await scene.made("/api/v2/clients", body, recorded["client_id"])


async def _action(scene: Scene) -> None:
    """The Action that the recording shows, in the same state."""
    shown = scene.one.answer.get("versions", [{}])[0].get("action") or scene.one.answer
    source = scene.one.answer.get("versions", [scene.one.answer])[0]
    # Without its runtime, which is gone.
    body = {name: source[name] for name in ("code", "dependencies") if name in source}
    secrets = [{"name": each["name"], "value": "x"} for each in source["secrets"]]
    body |= {"name": shown["name"], "supported_triggers": shown["supported_triggers"], "secrets": secrets}
    made = await scene.made("/api/v2/actions/actions", body, shown["id"])
    if "versions" in scene.one.answer or "deployed_version" in scene.one.answer:
        answer = await scene.client.post(f"/api/v2/actions/actions/{made['id']}/deploy")
        assert answer.is_success, answer.text


async def _building(scene: Scene) -> None:
    """The same, so fresh that its packages are not there yet."""
    scene.pause = 0.5
    await _action(scene)


async def _bound(scene: Scene) -> None:
    """Recording 13's Action deployed, and a second one."""
    await scene.earlier("13", "15")
    body = RECORDINGS["13"].sent | {"name": "Bar"}
    made = await scene.made("/api/v2/actions/actions", body, "5f357212-ac1e-4fc1-8b67-052248aaa40d")
    await scene.client.post(f"/api/v2/actions/actions/{made['id']}/deploy")


async def _binding(scene: Scene) -> None:
    await _bound(scene)
    await scene.earlier("22")


async def _user(scene: Scene) -> None:
    """The user that the recording shows."""
    shown = scene.one.answer[0] if isinstance(scene.one.answer, list) else scene.one.answer
    wanted = ("email", "username", "given_name", "family_name", "nickname", "picture", "user_metadata", "blocked")
    body = {name: shown[name] for name in (*wanted, "email_verified", "app_metadata") if name in shown}
    body["user_id"] = shown["user_id"].removeprefix("auth0|")
    await _person(scene, body, shown)
    if isinstance(scene.one.sent, dict) and None in scene.one.sent.get("app_metadata", {}).values():
        metadata = {"baz": "qux", "foo": "bar"}
        key = scene.names.known[shown["user_id"]]
        change = {"user_metadata": metadata, "app_metadata": metadata}
        assert (await scene.client.patch(f"/api/v2/users/{key}", json=change)).is_success


async def _person(scene: Scene, body: Json, recorded: Json | str) -> None:
    place = {"connection": connections.DATABASE, "password": "passpass$12$12"}
    await scene.made("/api/v2/users", body | place, recorded)


async def _found_user(scene: Scene) -> None:
    sent = {name: value for name, value in RECORDINGS["30"].sent.items() if name not in {"connection", "password"}}
    await _person(scene, sent, scene.one.answer["users"][0])


async def _duplicate(scene: Scene) -> None:
    """An import of a user who is there already."""
    database = scene.database
    connections.save(scene.visit, database | {"options": database["options"] | {"requires_username": False}})
    await _person(scene, {"email": "chuck630@example.com"}, "auth0|chuck")
    upload = (
        RECORDINGS["38"]
        .sent.replace("auzironian@example.com", "chuck630@example.com")
        .replace("true\r\n", "false\r\n", 1)
    )
    one = RECORDINGS["38"]
    answer = await scene.send(Exchange(one.run, 0, "", "POST", one.path, (), upload, 202, one.answer))
    assert answer.status_code == 202, answer.text
    scene.names.known["job_Msbc3YRyjuAREpPy"] = answer.json()["id"]


async def _nine_clients(scene: Scene) -> None:
    """Beside those that a tenant begins with."""
    for number in range(6):
        await scene.made("/api/v2/clients", {"name": f"Client {number}"}, f"client {number}")


async def _connected(scene: Scene) -> None:
    made = await scene.made("/api/v2/clients", {"name": "Any"}, "Ca4v8gSpiV5oIlYH2aVkfRCn0A1uIAdB")
    for link in scene.visit.documents.find("enabledClient", client=made["client_id"]):
        scene.visit.documents.delete("enabledClient", f"{link['connection']}:{link['client']}")
    if scene.one.method == "GET":
        await scene.earlier("43")


def _after(*numbers: str) -> Callable[[Scene], Awaitable[None]]:
    return lambda scene: scene.earlier(*numbers)


async def _client_then(scene: Scene) -> None:
    await _client(scene)
    await scene.earlier("06")


PREPARED: dict[str, Callable[[Scene], Awaitable[None]]] = {
    **dict.fromkeys(("02", "03"), _after("01")),
    **dict.fromkeys(("04", "05", "06", "51"), _client),
    "07": _client_then,
    "09": _listed_client,
    "11": _after("10"),
    **dict.fromkeys(("14", "15"), _after("13")),
    "16": _after("13", "15"),
    "17": _building,
    **dict.fromkeys(("19", "20"), _action),
    "22": _bound,
    **dict.fromkeys(("23", "24", "25", "26", "27"), _binding),
    **dict.fromkeys(("31", "32", "33", "37"), _user),
    "36": _found_user,
    "39": _after("38"),
    "40": _duplicate,
    "42": _nine_clients,
    **dict.fromkeys(("43", "44"), _connected),
}
"""By the recording's number; the others need nothing."""


async def differences_of(number: str) -> list[str]:
    """What is different in the sandbox's answer to a recording, in a tenant prepared for it."""
    scene = Scene(number)
    async with scene.client:
        if number in PREPARED:
            await PREPARED[number](scene)
        return await scene.play()
