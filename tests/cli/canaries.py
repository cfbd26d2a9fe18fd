"""A vendor that takes note of every secret that passes, and a search for them in all that runs of the program left."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.cli import problems
from provisioner.sandbox import Store, create_app
from provisioner.sandbox.answer import ask, read_body
from provisioner.sandbox.serve import background
from provisioner.sandbox.world import Part, World
from tests.cli.conftest import Ran, Run
from tests.served import Served

# What stands under these names is secret, in whatever request or answer.
SECRET_NAMES = {"access_token", "client_assertion", "client_secret", "password", "password_hash", "ticket"}


class Spy:
    """Notes what is secret in requests and answers, and may quote the whole request in a refusal."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.quotes = ""

    def beside(self, real: ASGIApp) -> ASGIApp:
        """The vendor's application, watched."""

        async def spying(scope: Scope, receive: Receive, send: Send) -> None:
            headers, body = Headers(scope=scope), await read_body(receive)
            self._note_headers(headers)
            self._note_body(headers.get("content-type", ""), body)
            if self.quotes and self.quotes in f"{scope['method']} {scope['path']}":
                await _quoting(headers, body)(scope, receive, send)
                return
            answer = await ask(real, scope, body)
            self._note_body(Headers(raw=answer.headers).get("content-type", ""), answer.body)
            await answer.send(send)

        return spying

    def _note_headers(self, headers: Headers) -> None:
        token = headers.get("authorization", "").rpartition(" ")[2].removeprefix("SSWS")
        self.secrets |= {token, headers.get("dpop", "")}

    def _note_body(self, media: str, body: bytes) -> None:
        text = body.decode(errors="replace")
        if "json" in media and text:
            self.secrets |= set(_secrets(json.loads(text)))
        elif "urlencoded" in media:
            self.secrets |= set(_secrets(dict(parse_qsl(text))))
        elif "multipart" in media:
            self.secrets |= set(re.findall(r'"password\w*":\s*"([^"]+)"', text))


def _secrets(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else ((name, each) for each in value)
        for key, member in members:
            yield from _secrets(member, key)
    elif isinstance(value, str) and "PRIVATE KEY" in value:
        yield from key_lines(value)
    elif isinstance(value, str) and name in SECRET_NAMES:
        yield value


def _quoting(headers: Headers, body: bytes) -> JSONResponse:
    """A refusal in the words of every vendor."""
    said = f"cannot take {dict(headers)} with {body.decode(errors='replace')}"
    bare = headers.get("authorization", "").rpartition(" ")[2].removeprefix("SSWS")
    cause = {"errorSummary": f"the token {bare} is not good enough"}
    refusal = {"errorCode": "E0000001", "errorSummary": said, "errorCauses": [cause]}
    return JSONResponse(refusal | {"error": "invalid_client", "error_description": said, "message": said}, 400)


def key_lines(pem: str) -> set[str]:
    """Each line of a private key is a secret."""
    return {line for line in pem.splitlines() if len(line) > 20 and "-" not in line}


def key_parts(pem: str) -> set[str]:
    """What gives a private key away: its lines and its numbers."""
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    return key_lines(pem) | {jwk["d"], jwk["p"], jwk["q"], str(key.private_numbers().d)}


@dataclass
class Scene:
    """A working folder whose plan points at the watched vendor, and all that runs of the program left behind."""

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
        # What the vendor was made to quote, its log of requests quotes, too.
        pages = () if self.spy.quotes else ("requests", "state")
        seen = [httpx.get(f"{self.served.origin}/_sandbox/{page}").text for page in pages]
        return "\n".join([*self.printed, self.log.text, *files, *seen, *_words(self.errors)])

    def leaked(self) -> list[str]:
        """The secrets that can be seen, in whatever form; the search must have something to look for."""
        text = self.everything()
        secrets = {secret for secret in self.planted | self.spy.secrets if secret}
        assert secrets
        return [form for secret in secrets for form in _forms(secret) if form in text]

    def is_refused(self, plan: str, secret: str) -> None:
        """Asserts that reading and applying fail for the credentials, which hold this secret, and repeat none of it."""
        self.planted |= {secret, secret[:12], secret[12:]}

        ran = self("diff", plan, "-v")
        data = self("apply", plan, "-v", "--format", "json")

        assert (ran.code, data.json["error"]["type"]) == (1, "credentials")
        assert self.leaked() == []


def _forms(secret: str) -> set[str]:
    raw = secret.encode()
    coded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    spelled = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    return {secret, quote(secret, safe=""), *spelled, *(each.rstrip("=") for each in coded)}


def _words(errors: list[BaseException]) -> Iterator[str]:
    """All that exceptions say, and those behind them."""
    for error in errors:
        behind: BaseException | None = error
        while behind is not None:
            yield f"{behind} {behind!r}"
            behind = behind.__cause__ or behind.__context__


@contextmanager
def scene(
    part: type[Part], plan: str, run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A tenant that nobody has credentials for yet. Every logger of every library is listened to."""
    caplog.set_level(logging.DEBUG)
    spy, errors, told, real = Spy(), list[BaseException](), problems.told, part.app

    def noted(error: BaseException) -> Any:
        errors.append(error)
        return told(error)

    def watched(self: Any, world: World) -> ASGIApp:
        return spy.beside(real(self, world))

    monkeypatch.setattr(problems, "told", noted)
    monkeypatch.setattr(part, "app", watched)
    with closing(Store(None)) as store:
        app = create_app(store, parts=[part()])
        with background(app) as addresses:
            made = Scene(run, spy, Served(app, addresses), caplog, errors)
            made.served.plan(plan)
            yield made
