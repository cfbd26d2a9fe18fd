"""What must be there before a single recording can be played: made through the API like anything else."""

from collections.abc import Callable
from typing import Any

import httpx

from provisioner.sandbox import EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.okta import PART, org
from tests.contract import evidence
from tests.contract.compare import Names, differences
from tests.contract.evidence import Exchange
from tests.contract.replay import TOKEN, features
from tests.contract.score import parsed

ORIGIN = "http://scene.localhost"
NOT_SERVED = {
    "20_app_create_max_instances_400": "an org's maximum number of apps is nothing that this sandbox has",
    "45_rate_limit_429": "agent pools are not served; the answer is that of every rate limit",
    "49_oauth_token_dpop_nonce_400": "its assertion is masked: played with a real one in test_okta_tokens.py",
    "50_oauth_token_dpop_200": "its assertion is masked: played with a real one in test_okta_tokens.py",
    "51_oauth_token_missing_dpop_400": "its assertion is masked: played with a real one in test_okta_tokens.py",
}
Json = dict[str, Any]


class Scene:
    """An org in which one recording is played."""

    def __init__(self, one: Exchange) -> None:
        self.one = one
        self.names = Names()
        self.sandbox: Sandbox = create_app(Store(None), parts=[PART], settings=SandboxSettings(rate_limits=False))
        self.client = httpx.AsyncClient(transport=EmbeddedTransport(self.sandbox), headers=TOKEN)
        org.set_features(self.sandbox.visit(PART, Place("scene", ORIGIN)), features([one]))

    async def send(self, method: str, path: str, body: Any = None, query: Any = None, accept: str = "*/*") -> Any:
        """Call the sandbox; a refusal of what only prepares is an error of the scene."""
        return await self.client.request(method, ORIGIN + path, json=body, params=query, headers={"accept": accept})

    async def made(self, path: str, body: Any, query: Any = None) -> Json:
        """Create something."""
        answer = await self.send("POST", path, body, query)
        assert answer.status_code in {200, 201}, answer.text
        result: Json = answer.json()
        return result

    def segment(self, kind: str) -> str | None:
        """The recorded id that follows a word of the path."""
        parts = self.one.path.split("/")
        return parts[parts.index(kind) + 1] if kind in parts[:-1] else None

    async def app(self, body: Json | None = None, key: str | None = None) -> str:
        """An app for the id in the path (or another one), made from the request where it is one."""
        sent = self.one.sent if isinstance(self.one.sent, dict) and "signOnMode" in self.one.sent else None
        body = {name: value for name, value in (body or sent or saml()).items() if name != "name"}
        made = await self.made("/api/v1/apps", body)
        self.names.known[key or self.segment("apps") or ""] = made["id"]
        self.names.learn(self.one.sent, made)
        if isinstance(self.one.answer, dict):
            self.names.learn(self.one.answer, made)
        return str(made["id"])

    async def user(self, body: Json | None = None, activate: bool = True) -> Json:
        """A user for the id in the path or the body."""
        profile = {"login": "ana@acme.example", "email": "ana@acme.example", "firstName": "Ana", "lastName": "Diaz"}
        made = await self.made("/api/v1/users", body or {"profile": profile}, {"activate": str(activate).lower()})
        key = self.segment("users") or (self.one.sent or {}).get("id")
        if key:
            self.names.known[key] = made["id"]
        self.names.learn(self.one.answer, made)
        return made

    async def group(self, name: str = "Agents", key: str | None = None) -> str:
        """A group for the id in the path."""
        made = await self.made("/api/v1/groups", {"profile": {"name": name, "description": name}})
        key = key or self.segment("groups")
        if key:
            self.names.known[key] = made["id"]
        return str(made["id"])

    async def play(self) -> list[str]:
        """Send the recorded request, and say what is different in the answer."""
        self.sandbox.world.clock.advance(5)
        one, names = self.one, self.names
        accept = "application/xml" if one.path.endswith("metadata") and one.status == 200 else "application/json"
        answer = await self.send(
            one.method,
            names.translate(one.path),
            names.translate(one.sent) if one.sent is not None else None,
            [(name, names.translate(value)) for name, value in one.query],
            accept,
        )
        if answer.status_code != one.status:
            return [f"{answer.status_code} instead of {one.status}: {answer.text}"]
        body = parsed(answer)
        if one.status >= 400 and isinstance(body, dict):
            names.known[body["errorId"]] = one.answer["errorId"]
            return [] if names.translate(body) == names.translate(one.answer) else [f"{body} instead of {one.answer}"]
        names.learn(one.answer, body)
        return list(differences(one.answer, body, names)) + links(one, answer)


def links(one: Exchange, answer: httpx.Response) -> list[str]:
    """Whether the answer has the recorded relations in its Link headers."""
    recorded: Any = next((value for name, value in one.headers.items() if name.lower() == "link"), [])
    wanted = [link.partition("rel=")[2] for link in ([recorded] if isinstance(recorded, str) else recorded)]
    got = [link.partition("rel=")[2] for link in answer.headers.get_list("link")]
    return [] if wanted == got else [f"links {got} instead of {wanted}"]


def saml() -> Json:
    """The request of recording 01."""
    return next(one.sent for name, one in evidence.recordings("okta") if name.startswith("01"))


async def _metadata(scene: Scene, number: str) -> None:
    body = next(one.sent for name, one in evidence.recordings("okta") if name.startswith(number))
    key = await scene.app(body)
    made = (await scene.send("GET", f"/api/v1/apps/{key}")).json()
    scene.names.known[dict(scene.one.query)["kid"]] = made["credentials"]["signing"]["kid"]


async def _inactive_app(scene: Scene) -> None:
    key = await scene.app()
    await scene.send("POST", f"/api/v1/apps/{key}/lifecycle/deactivate")


async def _clone(scene: Scene) -> None:
    key = await scene.app()
    scene.names.known[dict(scene.one.query)["targetAid"]] = await scene.app(key="another")
    made = (await scene.send("GET", f"/api/v1/apps/{key}")).json()
    scene.names.known[scene.segment("keys") or ""] = made["credentials"]["signing"]["kid"]
    scene.names.known[scene.segment("apps") or ""] = key


async def _labelled(scene: Scene) -> None:
    """The app that the recorded list holds, made from its own settings."""
    (recorded,) = scene.one.answer
    settings = saml()["settings"] | {"signOn": recorded["settings"]["signOn"]}
    await scene.app(saml() | {"label": recorded["label"], "settings": settings})


async def _person(scene: Scene) -> None:
    made = await scene.user()
    if isinstance(scene.one.sent, dict) and "type" in scene.one.sent:
        scene.names.known |= {scene.one.sent["type"]["id"]: made["type"]["id"]}


async def _person_with_everything(scene: Scene) -> None:
    made = await scene.user({"profile": scene.one.answer["profile"]})
    scene.names.learn(scene.one.answer, made)


async def _person_with_password(scene: Scene) -> None:
    profile = dict.fromkeys(("login", "email"), "x@acme.example") | {"firstName": "X", "lastName": "Y"}
    await scene.user({"profile": profile, "credentials": {"password": {"value": "Abcd1234"}}})


async def _namesakes(scene: Scene) -> None:
    for number in range(2):
        login = f"smith{number}@acme.example"
        await scene.user({"profile": {"login": login, "email": login, "firstName": "TestAcc", "lastName": "Smith"}})


OIDC = {
    "name": "oidc_client",
    "label": "Client",
    "signOnMode": "OPENID_CONNECT",
    "settings": {"oauthClient": {"grant_types": ["authorization_code"]}},
}


async def _oidc_app(scene: Scene) -> str:
    made = await scene.made("/api/v1/apps", OIDC)
    scene.names.known[scene.segment("apps") or ""] = made["id"]
    return str(made["id"])


async def _assigned(scene: Scene) -> None:
    app, user = await _oidc_app(scene), await scene.user()
    await scene.made(f"/api/v1/apps/{app}/users", {"id": user["id"]})


async def _to_assign(scene: Scene) -> None:
    await _oidc_app(scene)
    await scene.user()


async def _app_and_group(scene: Scene) -> None:
    await scene.app(saml())
    await scene.group()


async def _group_assigned(scene: Scene) -> None:
    app, group = await scene.app(), await scene.group()
    await scene.send("PUT", f"/api/v1/apps/{app}/groups/{group}", {})


async def _three_groups_assigned(scene: Scene) -> None:
    app = await scene.app()
    for number in range(3):
        group = await scene.group(f"Group {number}", key=f"group {number}")
        await scene.send("PUT", f"/api/v1/apps/{app}/groups/{group}", {"priority": number + 1})


async def _member(scene: Scene) -> None:
    group, user = await scene.group(), await scene.user()
    await scene.send("PUT", f"/api/v1/groups/{group}/users/{user['id']}")


async def _group_and_user(scene: Scene) -> None:
    await scene.group()
    await scene.user()


async def _named_group(scene: Scene) -> None:
    await scene.group(dict(scene.one.query)["q"])


async def _claim(scene: Scene) -> None:
    app = await scene.app(saml())
    made = await scene.made(f"/api/v1/apps/{app}/federated-claims", {"name": "one", "expression": "user.profile.email"})
    scene.names.known[scene.segment("federated-claims") or ""] = made["id"]


async def _without_claims(scene: Scene) -> None:
    await scene.app(saml())
    visit = scene.sandbox.visit(PART, Place("scene", ORIGIN))
    org.set_features(visit, set(org.FEATURES) - {org.FEDERATED_CLAIMS})


async def _with_claims(scene: Scene) -> None:
    await scene.app(saml())


async def _recorded_schema(scene: Scene) -> None:
    """The custom attribute and the optional last name that the recorded org had."""
    custom = scene.one.answer["definitions"]["custom"]["properties"]
    base = {"lastName": {"required": False}}
    change = {"definitions": {"custom": {"properties": custom}, "base": {"properties": base}}}
    await scene.made("/api/v1/meta/schemas/user/default", change)


async def _rule(scene: Scene) -> None:
    (key,) = scene.one.sent["actions"]["assignUserToGroups"]["groupIds"]
    await scene.group(key=key)


async def _policy(scene: Scene) -> None:
    app = await scene.app(saml())
    made = (await scene.send("GET", f"/api/v1/apps/{app}")).json()
    scene.names.known[scene.segment("policies") or ""] = made["_links"]["accessPolicy"]["href"].rpartition("/")[2]


async def _app(scene: Scene) -> None:
    await scene.app()


PREPARED: dict[str, Callable[[Scene], Any]] = {
    **dict.fromkeys(("04", "05", "06", "07", "09", "13", "14", "15", "57"), _app),
    **dict.fromkeys(("08", "10"), _inactive_app),
    "11": lambda scene: _metadata(scene, "01"),
    "12": lambda scene: _metadata(scene, "03"),
    "16": _clone,
    "18": _labelled,
    **dict.fromkeys(("25", "27", "31", "32"), _person),
    "26": _person_with_everything,
    "28": _person_with_password,
    "29": _namesakes,
    "33": _to_assign,
    **dict.fromkeys(("34", "35", "36"), _assigned),
    **dict.fromkeys(("37", "38"), _app_and_group),
    "39": _three_groups_assigned,
    "40": _group_assigned,
    "42": _group_and_user,
    "43": _member,
    "44": _named_group,
    "46": _without_claims,
    "47": _with_claims,
    "48": _claim,
    "52": _recorded_schema,
    "54": _rule,
    "56": _policy,
}
"""By the recording's number; the others need nothing."""


async def differences_of(name: str, one: Exchange) -> list[str]:
    """What is different in the sandbox's answer to a recording, in an org prepared for it."""
    scene = Scene(one)
    async with scene.client:
        prepare = PREPARED.get(name[:2])
        if prepare:
            await prepare(scene)
        return await scene.play()
