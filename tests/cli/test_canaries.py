"""Nothing secret is ever shown: secrets of every kind are planted, every verb is run, and what it left is searched."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, quote

import httpx
import jwt
import pytest
from Cryptodome.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.adapters.okta.reader import OktaReader
from provisioner.adapters.okta.writer import OktaWriter
from provisioner.cli import problems
from provisioner.sandbox import Store, create_app
from provisioner.sandbox.answer import ask, read_body
from provisioner.sandbox.okta.part import OktaPart
from provisioner.sandbox.serve import background
from provisioner.sandbox.world import World
from tests.cli.conftest import Ran, Run
from tests.served import Served

WRONG = "canary-00Q7xk_wrong-token-3f9aa2"
TOKEN = "sandbox-okta-token"


class Spy(OktaPart):
    """An org that takes note of every secret that passes, and may quote the whole request in its refusal."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.quotes = ""

    def app(self, world: World) -> ASGIApp:
        real = super().app(world)

        async def spying(scope: Scope, receive: Receive, send: Send) -> None:
            body = await read_body(receive)
            self._note(Headers(scope=scope), body)
            if self.quotes and self.quotes in scope["path"]:
                await self._quoting(Headers(scope=scope), body)(scope, receive, send)
                return
            answer = await ask(real, scope, body)
            if scope["path"].endswith("/token") and answer.status == 200:
                self.secrets.add(json.loads(answer.body)["access_token"])
            await answer.send(send)

        return spying

    def _note(self, headers: Headers, body: bytes) -> None:
        token = headers.get("authorization", "").rpartition(" ")[2].removeprefix("SSWS")
        self.secrets |= {token, headers.get("dpop", "")}
        self.secrets |= set(parse_qs(body.decode(errors="replace")).get("client_assertion", []))

    def _quoting(self, headers: Headers, body: bytes) -> JSONResponse:
        said = f"cannot take {dict(headers)} with {body.decode(errors='replace')}"
        bare = headers.get("authorization", "").rpartition(" ")[2].removeprefix("SSWS")
        cause = {"errorSummary": f"the token {bare} is not good enough"}
        refusal = {"errorCode": "E0000001", "errorSummary": said, "errorCauses": [cause]}
        return JSONResponse(refusal | {"error": "invalid_client", "error_description": said}, 400)


@dataclass
class Scene:
    """A working folder whose plan points at the spying org, and all that runs of the program left behind."""

    run: Run
    spy: Spy
    served: Served
    log: pytest.LogCaptureFixture
    errors: list[BaseException]
    planted: set[str] = field(default_factory=set)
    printed: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str) -> Ran:
        ran = self.run(*arguments)
        self.printed += [ran.out, ran.err]
        return ran

    def everything(self) -> str:
        """What people and scripts can see of the runs so far, and of the sandbox."""
        files = [path.read_text(encoding="utf-8") for path in Path(".provisioner").rglob("*.jsonl")]
        # What the org was made to quote, its log of requests quotes, too.
        pages = () if self.spy.quotes else ("requests", "state")
        seen = [httpx.get(f"{self.served.origin}/_sandbox/{page}").text for page in pages]
        return "\n".join([*self.printed, self.log.text, *files, *seen, *_words(self.errors)])

    def leaked(self) -> list[str]:
        """The secrets that can be seen, in whatever form; the search must have something to look for."""
        text = self.everything()
        secrets = {secret for secret in self.planted | self.spy.secrets if secret}
        assert secrets
        return [form for secret in secrets for form in _forms(secret) if form in text]


def _forms(secret: str) -> set[str]:
    raw = secret.encode()
    coded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], *(each.rstrip("=") for each in coded)}


def _words(errors: list[BaseException]) -> Iterator[str]:
    """All that exceptions say, and those behind them."""
    for error in errors:
        behind: BaseException | None = error
        while behind is not None:
            yield f"{behind} {behind!r}"
            behind = behind.__cause__ or behind.__context__


@pytest.fixture
def scene(run: Run, work: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """An org that nobody has credentials for yet. Every logger of every library is listened to."""
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []
    told = problems._told

    def noted(error: BaseException) -> Any:
        errors.append(error)
        return told(error)

    monkeypatch.setattr(problems, "_told", noted)
    spy = Spy()
    with closing(Store(None)) as store:
        app = create_app(store, parts=[spy])
        with background(app) as addresses:
            scene = Scene(run, spy, Served(app, addresses), caplog, errors)
            scene.served.plan()
            yield scene


def key_of(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> str:
    """The service apps' private key; each line of it is a secret, and so are its numbers."""
    pem = scene.served.private_key
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    scene.planted |= {line for line in pem.splitlines() if len(line) > 20 and "-" not in line}
    scene.planted |= {jwk["d"], jwk["p"], jwk["q"], str(key.private_numbers().d)}
    # The SDK takes seconds to make a key of its own.
    own = RSA.import_key(pem)
    monkeypatch.setattr(RSA, "generate", lambda bits: own)
    return pem


def from_environment(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An API token, in a variable."""
    monkeypatch.setenv("OKTA_API_TOKEN", TOKEN)


def from_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service app's key, in `.env`; of another plan's credentials nothing is used."""
    pem = key_of(scene, monkeypatch)
    lines = f'OKTA_CLIENT_ID=sandbox-okta-client\nOKTA_PRIVATE_KEY="{pem}"\nOTHER__OKTA_API_TOKEN={WRONG}\n'
    Path(".env").write_text(lines, encoding="utf-8")
    scene.planted.add(WRONG)


def from_folder(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of an app that is bound to it, in a secrets folder."""
    pem = key_of(scene, monkeypatch)
    Path("secrets").mkdir()
    Path("secrets/okta_client_id").write_text("sandbox-okta-dpop-client", encoding="utf-8")
    Path("secrets/okta_private_key").write_text(pem, encoding="utf-8")
    monkeypatch.setenv("PROVISIONER_SECRETS_DIR", "secrets")


VERBS = (
    ("validate", "okta.yaml"),
    ("diff", "okta.yaml", "-v", "--format", "json"),
    ("apply", "okta.yaml", "-v"),
    ("diff", "okta.yaml", "-v", "--format", "markdown"),
    ("apply", "okta.yaml", "-v", "--format", "json"),
    *(("outputs", "okta.yaml", "-v", "--format", form) for form in ("text", "json", "markdown", "env", "pem")),
)


# The SDK is slow at signing in with a key, so not every form is tried with every kind of credentials.
FEW = VERBS[2:5]


@pytest.mark.parametrize(
    ("place", "verbs"),
    [(from_environment, VERBS), (from_file, FEW), (from_folder, FEW[:1])],
    ids=["API token", "service app", "bound service app"],
)
def test_a_good_day(place: Any, verbs: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb in every form, with credentials from every place."""
    place(scene, monkeypatch)

    assert [scene(*arguments).code for arguments in verbs] == [0] * len(verbs)

    assert scene.leaked() == []


@pytest.mark.parametrize(
    ("place", "path"),
    [(from_environment, "/apps"), (from_file, "/token"), (from_folder, "/token"), (from_folder, "/users")],
)
def test_a_vendor_that_quotes_the_request(place: Any, path: str, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that repeats headers and body is shown without what is secret in them."""
    place(scene, monkeypatch)
    scene.spy.quotes = path

    text, data = scene("apply", "okta.yaml", "-v"), scene("diff", "okta.yaml", "-v", "--format", "json")

    assert "[hidden]" in text.err
    assert "[hidden]" in data.out
    assert scene.leaked() == []


FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "status", "status": 503, "times": 99},
    {"kind": "status_after_write", "status": 500},
    {"kind": "close", "times": 99},
    {"kind": "close_after_write"},
    {"kind": "truncate", "times": 99},
    {"kind": "html", "times": 99},
]


@pytest.mark.parametrize(
    ("place", "faults"),
    [(from_environment, FAULTS), (from_folder, FAULTS[:1])],
    ids=["API token", "bound service app"],
)
def test_faults_of_every_kind(place: Any, faults: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated, lost and broken requests say no more than whole ones."""
    place(scene, monkeypatch)

    for fault in faults:
        scene.served.fault(path="/api/v1", **fault)
        scene("apply", "okta.yaml", "-v")
        scene.served.app.faults.clear("localhost")
        scene.served.app.reset("localhost")

    assert scene.leaked() == []


async def failing(self: object, *_: object) -> NoReturn:
    """A mistake in the adapter whose text holds all that it knows."""
    key = RSA.generate(2048).export_key().decode()
    raise ValueError(f"cannot use {TOKEN} or Authorization: SSWS {WRONG} or {key}", self.__dict__)


@pytest.mark.parametrize("place", [(OktaReader, "observe"), (OktaWriter, "write")], ids=["reading", "writing"])
def test_a_mistake_of_ours(place: tuple[type, str], scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody foresaw is told by its name and place alone, even with -v."""
    from_folder(scene, monkeypatch)
    monkeypatch.setattr(*place, failing)
    scene.planted |= {TOKEN, WRONG}

    text = scene("apply", "okta.yaml", "-v")
    data = scene("apply", "okta.yaml", "--verbose", "--format", "json")
    scene.errors.clear()  # the mistake itself holds the secrets

    assert (text.code, data.json["error"]["type"]) == (1, "error")
    assert "internal error (ValueError)" in text.err
    assert scene.leaked() == []


@pytest.mark.parametrize(
    "variables",
    [
        {"OKTA_API_TOKEN": WRONG},
        {"OKTA_API_TOKEN": f"{WRONG[:12]}\n{WRONG[12:]}"},
        {"OKTA_API_TOKEN": f"ö{WRONG}"},
        {"OKTA_CLIENT_ID": "sandbox-okta-client", "OKTA_PRIVATE_KEY": WRONG},
        {"OKTA_CLIENT_ID": "x", "OKTA_PRIVATE_KEY": f"-----BEGIN PRIVATE KEY-----\n{WRONG}\n-----END PRIVATE KEY-----"},
        {"OKTA_CLIENT_ID": "x", "OKTA_PRIVATE_KEY": json.dumps({"kty": "RSA", "d": WRONG})},
        {"OKTA_API_TOKEN": "", "OKTA_DPOP": WRONG},
    ],
    ids=["wrong", "folded", "not ASCII", "no key", "broken key", "broken JWK", "wrong variable"],
)
def test_credentials_that_are_no_good(variables: dict[str, str], scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a secret is said without repeating it, in whole or in part."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    scene.planted |= {WRONG, WRONG[:12], WRONG[12:]}

    ran = scene("diff", "okta.yaml", "-v")
    data = scene("apply", "okta.yaml", "-v", "--format", "json")

    assert (ran.code, data.json["error"]["type"]) == (1, "credentials")
    assert scene.leaked() == []


def test_the_search_finds_what_leaks(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that finds nothing proves nothing unless it can find."""
    from_environment(scene, monkeypatch)
    scene("diff", "okta.yaml")

    scene.printed.append(f"so it was {base64.b64encode(TOKEN.encode()).decode()}")

    assert scene.leaked() == ["c2FuZGJveC1va3RhLXRva2Vu"]
