"""Nothing secret of Okta is ever shown: every kind of secret is planted, every verb run, all that it left searched."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from Cryptodome.PublicKey import RSA

from provisioner.adapters.okta.reader import OktaReader
from provisioner.adapters.okta.writer import OktaWriter
from provisioner.sandbox.okta.part import OktaPart
from tests.cli import canaries
from tests.cli.canaries import Scene
from tests.cli.conftest import Run

WRONG = "canary-00Q7xk_wrong-token-3f9aa2"
TOKEN = "sandbox-okta-token"


@pytest.fixture
def scene(
    run: Run, work: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[canaries.Scene]:
    """An org that nobody has credentials for yet."""
    with canaries.scene(OktaPart, "okta.yaml", run, caplog, monkeypatch) as made:
        yield made


def key_of(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> str:
    """The service apps' private key."""
    pem = scene.served.private_key
    scene.planted |= canaries.key_parts(pem)
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
    *(("verify", "okta.yaml", "-v", "--format", form) for form in ("text", "json", "markdown")),
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

    scene.is_refused("okta.yaml", WRONG)


def test_the_search_finds_what_leaks(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that finds nothing proves nothing unless it can find."""
    from_environment(scene, monkeypatch)
    scene("diff", "okta.yaml")

    scene.printed.append(f"so it was {base64.b64encode(TOKEN.encode()).decode()}")

    assert scene.leaked() == ["c2FuZGJveC1va3RhLXRva2Vu"]
