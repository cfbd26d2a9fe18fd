"""Recorded Okta traffic, sent again to the sandbox: `python -m tests.contract.replay` prints how much comes back alike.

Every run gets an empty org with the features that its answers show. An exchange counts when the sandbox serves its
operation; it is alike when status, keys and JSON types are. Skipped is only what depends on something outside.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx

from provisioner.sandbox import EmbeddedTransport, Sandbox, SandboxSettings, Store, create_app
from provisioner.sandbox.hosts import Place
from provisioner.sandbox.okta import PART, api, org
from tests.contract import evidence
from tests.contract.compare import IDENTITY, Names, differences, identities, lost_and_found, other_values
from tests.contract.evidence import Exchange
from tests.contract.score import Score, operation_of, parsed

TOKEN = {"authorization": "SSWS sandbox-okta-token"}
ROUTES = api.build().routes


def operation(one: Exchange) -> str | None:
    """The operation of the sandbox that serves this exchange, or None."""
    return operation_of(ROUTES, one.method, one.path)


def features(run: list[Exchange]) -> set[str]:
    """The features of the org that the run was recorded on, as its answers show them; all where they show nothing."""
    text = json.dumps([one.answer for one in run])
    apps = '"signOnMode"' in text
    shown = {
        org.IDENTITY_ENGINE: not apps or '"accessPolicy"' in text,
        org.ENTITLEMENTS: not apps or '"emOptInStatus"' in text,
        org.UNIVERSAL_LOGOUT: not apps or '"universalLogout"' in text,
        org.LOGOUT_LICENCE: not apps or '"universalLogout": {' in text,
        org.FOLDED_RELAY_STATE: '"defaultRelayState": ""' not in text,
        org.FRONT_CHANNEL_LOGOUT: '"oauthClient": {"client_uri"' not in text or '"participate_slo"' in text,
        org.FEDERATED_CLAIMS: '"E0000015"' not in text,
        org.ACCOUNT_EMAILS: '"type": "PRIMARY"' in text,
        org.REALMS: '"passwordChanged"' not in text or '"realmId"' in text,
        org.GROUP_OWNERS: '"objectClass"' not in text or '"owners"' in text,
        org.EMAIL_FACTOR: _new_users_have(run, "resetFactors"),
        org.ATTRIBUTE_SOURCING: '"mutability"' not in text or '"master"' in text,
    }
    return {name for name, has in shown.items() if has}


def _new_users_have(run: list[Exchange], link: str) -> bool:
    made = [one.answer for one in run if (one.method, one.path, one.status) == ("POST", "/api/v1/users", 200)]
    return not made or link in made[0]["_links"]


class Replayer:
    """Plays one run against an org of its own."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient, tenant: str, run: list[Exchange]) -> None:
        self.names = Names()
        self._sandbox, self._client, self._run = sandbox, client, run
        self._origin = f"http://{tenant}.localhost"
        self._outside: set[str] = set()
        self._made_here = identities([one.answer for one in run if operation(one)])
        self._attributes = attributes(run)
        self.other_values: list[str] = []
        org.set_features(sandbox.visit(PART, Place(tenant, self._origin)), features(run))

    async def _prepare(self) -> None:
        """Let last names be optional, where an admin of the recorded org had said so."""
        base = next(
            (one.answer["definitions"]["base"] for one in self._run if "definitions" in (one.answer or {})), None
        )
        if base and "lastName" not in base["required"]:
            change = {"definitions": {"base": {"properties": {"lastName": {"required": False}}}}}
            await self._client.post(f"{self._origin}/api/v1/meta/schemas/user/default", json=change, headers=TOKEN)

    async def play(self, score: Score) -> None:
        """Send every exchange in order, and count what comes back."""
        await self._prepare()
        for one in self._run:
            self._sandbox.world.clock.advance(2)
            name = operation(one)
            reason = self._cannot(one, name)
            if reason:
                score.skipped[reason] += 1
                self._outside |= identities(one.answer)
                continue
            answer = await self._send(one)
            wrong = self._wrong(one, answer)
            if wrong:
                score.different[str(name)].append((one, wrong))
            else:
                score.alike[str(name)] += 1

    def _cannot(self, one: Exchange, name: str | None) -> str | None:
        """Why an exchange cannot count, or None."""
        if name is None:
            return f"the sandbox does not serve {one.method} {IDENTITY.sub('…', one.path)}"
        if one.sent is None and one.method in {"POST", "PUT"} and self._needs_body(name):
            return "the recorder lost the request's body"
        if isinstance(one.answer, dict) and one.answer.get("id") in self._outside:
            return "about something that was made outside of the run"
        if isinstance(one.answer, dict) and one.method in {"GET", "PUT"} and one.answer.get("id") == "test_group_id":
            return "the recorder replaced an id by a word"
        foreign = identities([one.path.split("/"), one.sent]) - self.names.known.keys()
        if foreign and (foreign <= self._outside or not foreign & self._made_here):
            return "about something that was made outside of the run"
        return None

    def _needs_body(self, name: str) -> bool:
        return any(f"{each.method} {each.path}" == name and each.takes for each in api.OPERATIONS)

    async def _send(self, one: Exchange) -> httpx.Response:
        accept = "application/xml" if one.path.endswith("/metadata") else "application/json"
        return await self._client.request(
            one.method,
            self._origin + self.names.translate(one.path),
            params=[(key, self.names.translate(value)) for key, value in one.query],
            headers=TOKEN | {"accept": accept},
            json=self.names.translate(one.sent) if one.sent is not None else None,
        )

    def _wrong(self, one: Exchange, answer: httpx.Response) -> list[str]:
        if answer.status_code != one.status:
            return [f"{answer.status_code} instead of {one.status}: {answer.text[:300]}"]
        body = parsed(answer)
        self.names.learn(one.answer, body)
        recorded, ours = (self._own_attributes(one, each) for each in (one.answer, body))
        wrong = list(differences(recorded, ours, self.names)) + list(header_differences(one, answer))
        if isinstance(recorded, list) and 'rel="next"' not in f"{one.headers.get('link')}{answer.headers.get('link')}":
            wrong += lost_and_found(recorded, ours, self.names)
        self.other_values += other_values(recorded, ours, self.names)
        return wrong

    def _own_attributes(self, one: Exchange, body: Any) -> Any:
        """A schema without the custom attributes that other runs added and removed on the same org."""
        if not one.path.startswith("/api/v1/meta/schemas/user/") or "definitions" not in (body or {}):
            return body
        custom = body["definitions"]["custom"]
        own = {name: value for name, value in custom["properties"].items() if name in self._attributes}
        kept = {name: value for name, value in custom.items() if name != "required"} | {"properties": own}
        return body | {"definitions": body["definitions"] | {"custom": kept}}


def attributes(run: list[Exchange]) -> set[str]:
    """The custom attributes that the run itself sends."""
    sent = [one.sent for one in run if one.path.startswith("/api/v1/meta/schemas/user/") and one.sent]
    return {name for body in sent for name in body.get("definitions", {}).get("custom", {}).get("properties", {})}


def header_differences(one: Exchange, answer: httpx.Response) -> Iterator[str]:
    """Another content type, or Link headers where the vendor has none and the reverse."""
    recorded = {name.lower(): "".join(value) for name, value in one.headers.items()}
    for name in ("content-type", "link"):
        if (name in recorded) != (name in answer.headers):
            yield f"header {name}: {answer.headers.get(name)} instead of {recorded.get(name)}"
    wanted, got = (each.get("content-type", "").partition(";")[0] for each in (recorded, answer.headers))
    if wanted != got:
        yield f"content type {got} instead of {wanted}"


async def score() -> Score:
    """Play the whole replay file."""
    total = Score()
    sandbox = create_app(Store(None), parts=[PART], settings=SandboxSettings(rate_limits=False))
    async with httpx.AsyncClient(transport=EmbeddedTransport(sandbox)) as client:
        for number, run in enumerate(evidence.replay("okta")):
            player = Replayer(sandbox, client, f"run-{number}", run)
            await player.play(total)
            total.other_values += player.other_values
    return total


if __name__ == "__main__":
    sys.stdout.write("\n".join(asyncio.run(score()).lines("--all" in sys.argv)) + "\n")
