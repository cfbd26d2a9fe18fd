"""What a request meets on its way through the one door: repetition, lost answers, scrubbing, counting."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from provisioner.adapters.http import Network, Scrub, TenantClient, dropping
from provisioner.errors import AnswerLost, NetworkError
from tests.virtual_time import run

URL = "https://acme.example"

Step = httpx.Response | httpx.RequestError
OK, DOWN, BUSY = httpx.Response(200, json={"ok": True}), httpx.Response(503, json={}), httpx.Response(429, json={})
BROKEN = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
UNREACHABLE = httpx.ConnectError("no route")


class Script:
    """A server that does these things in turn, the last one for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, httpx.RequestError):
            raise step
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)


def send(script: Script, method: str = "GET", path: str = "/things", **options: Any) -> httpx.Response:
    return ask(script, lambda tenant: tenant.client.build_request(method, path, **options))[0]


def ask(
    script: Callable[[httpx.Request], httpx.Response],
    request: Callable[[TenantClient], httpx.Request],
    scrub: Scrub | None = None,
) -> tuple[httpx.Response, TenantClient]:
    async def main() -> tuple[httpx.Response, TenantClient]:
        network = Network(inner=httpx.MockTransport(script))
        async with network.open_client(URL, bucket_of=lambda *_: "things", scrub=scrub) as tenant:
            return await tenant.client.send(request(tenant)), tenant

    return run(main())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("trouble", [DOWN, BROKEN, httpx.ReadTimeout("slow"), BUSY, UNREACHABLE], ids=repr)
def test_repeatable_requests_are_repeated(method: str, trouble: Step) -> None:
    """What does no harm twice is sent again after any passing trouble."""
    script = Script(trouble, trouble, OK)
    assert send(script, method).json() == {"ok": True}
    assert len(script.requests) == 3


@pytest.mark.parametrize("trouble", [BUSY, UNREACHABLE], ids=repr)
def test_post_is_repeated_where_it_was_not_done(trouble: Step) -> None:
    """A POST that was refused for its rate, or never reached the server, is sent again."""
    script = Script(trouble, OK)
    assert send(script, "POST", json={"a": 1}).status_code == 200
    assert [json.loads(request.content) for request in script.requests] == [{"a": 1}] * 2


@pytest.mark.parametrize("trouble", [DOWN, BROKEN, httpx.ReadTimeout("slow"), httpx.WriteError("gone")], ids=repr)
def test_lost_post_is_not_repeated(trouble: Step) -> None:
    """A POST that may have been done is sent once, and the error says that nobody knows."""
    script = Script(trouble, OK)
    with pytest.raises(AnswerLost, match="may have been done"):
        send(script, "POST")
    assert len(script.requests) == 1


def test_caller_knows_better_than_the_method() -> None:
    """`repeatable` makes a POST repeatable, and keeps a DELETE from it."""
    assert send(Script(DOWN, OK), "POST", extensions={"repeatable": True}).status_code == 200
    with pytest.raises(AnswerLost):
        send(Script(DOWN, OK), "DELETE", extensions={"repeatable": False})


def test_repetition_ends() -> None:
    """The last answer is handed on when the attempts are used up; no connection at all is given up sooner."""
    script = Script(DOWN)
    assert send(script).status_code == 503
    assert len(script.requests) == 6

    script = Script(UNREACHABLE)
    with pytest.raises(NetworkError):
        send(script)
    assert len(script.requests) == 3


def test_credentials_for_one_sending_are_renewed() -> None:
    """`renew` makes a new request for each repetition."""
    script = Script(DOWN, DOWN, OK)
    serial = iter(range(9))

    def renewed(request: httpx.Request) -> httpx.Request:
        return httpx.Request("GET", request.url, headers={"proof": str(next(serial))}, extensions=request.extensions)

    send(script, headers={"proof": "first"}, extensions={"renew": renewed})
    assert [request.headers["proof"] for request in script.requests] == ["first", "0", "1"]


def test_repeated_delete_that_finds_nothing_is_done() -> None:
    """After a lost answer a 404 to the same DELETE means success; a 404 to the first one stays a 404."""
    assert send(Script(BROKEN, httpx.Response(404, json={})), "DELETE").status_code == 204
    assert send(Script(httpx.Response(404, json={})), "DELETE").status_code == 404


def test_truncated_json_is_a_lost_answer() -> None:
    """JSON that breaks off is asked for again, and never handed on."""
    cut = httpx.Response(200, headers={"content-type": "application/json"}, content=b'[{"id": 1}, {"i')
    assert send(Script(cut, OK)).json() == {"ok": True}
    with pytest.raises(AnswerLost):
        send(Script(cut), "POST")


@pytest.mark.parametrize(
    "body", [b"hello", b'[{"id": "\xff"}]', b"[" * 200_000, b"9" * 5000], ids=lambda body: body[:9]
)
def test_what_is_no_json_is_given_up_soon(body: bytes) -> None:
    """A second look may help; a wrong server does not become a right one, and nobody waits long to hear so."""
    script = Script(httpx.Response(200, headers={"content-type": "application/json"}, content=body))
    with pytest.raises(NetworkError, match=r"the answer of acme\.example cannot be read: it is not JSON"):
        send(script)
    assert len(script.requests) == 3


class Stream(httpx.AsyncByteStream):
    """A body without end: these bytes, again and again, so many seconds apart."""

    def __init__(self, content: bytes, pause: float = 0.0) -> None:
        self.content, self.pause, self.closed = content, pause, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self.pause)
            yield self.content

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("content", "pause", "headers", "said"),
    [
        (b" ", 20, {}, "takes longer than 120 s to answer"),
        (b" " * 2**20, 0, {}, "sends more than 64 MB in one answer"),
        (gzip.compress(b" " * 2**26 + b" "), 0, {"content-encoding": "gzip"}, "sends more than 64 MB in one answer"),
        (gzip.compress(b"") + bytes(2**25), 0, {"content-encoding": "gzip"}, "sends more than 64 MB in one answer"),
        (b"", 0, {"content-encoding": "gzip, gzip"}, "sends an answer that is compressed more than once"),
    ],
    ids=["drip", "flood", "bomb", "dud", "bomb in a bomb"],
)
def test_answers_end(content: bytes, pause: float, headers: dict[str, str], said: str) -> None:
    """An answer without end, or out of all proportion, ends the run: once, not six times."""
    stream, sent = Stream(content, pause), []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, headers=headers, stream=stream)

    with pytest.raises(NetworkError, match=f"acme.example {said}"):
        ask(answer, lambda tenant: tenant.client.build_request("GET", "/things"))
    assert (len(sent), stream.closed) == (1, True)


def test_web_page_is_explained() -> None:
    """HTML where JSON should be is a wrong address or a proxy, whatever its status."""
    with pytest.raises(NetworkError, match=r"acme\.example answered 200 with a web page") as caught:
        send(Script(httpx.Response(200, html="<html>Sign in</html>")))
    assert "proxy" in caught.value.hint


def test_redirects_are_not_followed() -> None:
    """Credentials never go where the plan file does not point; the target is named instead."""
    script = Script(httpx.Response(302, headers={"location": "https://elsewhere.example/login"}))
    with pytest.raises(NetworkError, match=r"redirects to elsewhere\.example; credentials are not sent there"):
        send(script, headers={"authorization": "SSWS secret"})
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "answer", [httpx.Response(302), httpx.Response(304), httpx.Response(302, headers={"location": "http://[::1"})]
)
def test_redirects_to_nowhere(answer: httpx.Response) -> None:
    """A redirect that names no address, or none that can be, is told as such."""
    with pytest.raises(NetworkError, match=rf"acme\.example answered {answer.status_code}, a redirect to nowhere"):
        send(Script(answer))


def test_secrets_do_not_pass() -> None:
    """What the adapter names is gone from an answer before the client sees it, at any depth."""
    body = {"client_id": "c", "client_secret": "s", "signing_keys": [{"cert": "x", "key": "private"}]}
    script = Script(httpx.Response(201, json=body))
    answer, _ = ask(
        script, lambda tenant: tenant.client.build_request("POST", "/clients"), dropping("client_secret", "key")
    )

    assert answer.json() == {"client_id": "c", "signing_keys": [{"cert": "x"}]}


def test_compressed_answers_and_cookies() -> None:
    """A compressed body arrives readable, and cookies are not kept: a session beside the token would only confuse."""
    headers = {"content-type": "application/json", "content-encoding": "gzip", "set-cookie": "sid=1"}
    packed = gzip.compress(b"[1]")
    answer, tenant = ask(
        lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(packed)),
        lambda tenant: tenant.client.build_request("GET", "/things"),
    )

    assert answer.json() == [1]
    assert not tenant.client.cookies


def test_counts_and_trace(caplog: pytest.LogCaptureFixture) -> None:
    """Every sending is counted and logged, without query, people or secrets."""
    caplog.set_level(logging.DEBUG, "provisioner.http")
    secret = httpx.Response(200, headers={"x-okta-request-id": "r1", "x-secret": "hush"}, json={})
    _, tenant = ask(
        Script(BUSY, DOWN, secret),
        lambda tenant: tenant.client.build_request(
            "GET", "/users/ana%40acme.example", params={"q": "bo@"}, headers={"authorization": "SSWS hush"}
        ),
    )

    assert (tenant.counts.total, tenant.counts.retried, tenant.counts.rate_limited) == (3, 2, 1)
    assert tenant.trace.by_operation == {"GET things": 3}
    assert "GET acme.example/users/[hidden]  200" in caplog.text
    assert "'x-okta-request-id': 'r1'" in caplog.text
    assert not any(word in caplog.text for word in ("hush", "bo@", "ana"))
