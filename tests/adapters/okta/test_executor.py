"""The session with an Okta org, against a scripted server that answers as recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Coroutine
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from Cryptodome.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from provisioner.adapters.http import Network
from provisioner.adapters.okta.executor import ApiToken, OktaSession, PrivateKey
from provisioner.errors import AnswerLost, CredentialsError, MissingScope, NetworkError, NotFound, VendorError
from tests.virtual_time import run

T = TypeVar("T")
ORG = "https://acme.okta.example"
TOKEN = ApiToken(SecretStr("00secret-api-token"))
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SERVICE = PrivateKey("0oaclient", SecretStr(PEM), ("okta.apps.read", "okta.users.read"))

Handler = Callable[[httpx.Request], httpx.Response]


def recorded(name: str) -> dict[str, Any]:
    root = Path(__file__).parents[3]
    folder = Path(os.environ.get("PROVISIONER_EVIDENCE", root.parent / "shared")) / "recordings/okta"
    if not folder.is_dir():
        pytest.skip("the recorded traffic is not here; set PROVISIONER_EVIDENCE to its folder")
    response: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())["response"]
    return response


def replay(name: str) -> httpx.Response:
    response = recorded(name)
    return httpx.Response(response["status"], headers=response["headers"], json=response["body"])


def script(*answers: httpx.Response, log: list[httpx.Request] | None = None) -> Handler:
    """A server that gives these answers in turn, the last one for ever."""
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        if log is not None:
            log.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    return handle


def talk(
    handler: Handler, do: Callable[[OktaSession], Coroutine[Any, Any, T]], credentials: ApiToken | PrivateKey = TOKEN
) -> T:
    async def main() -> T:
        network = Network(inner=httpx.MockTransport(handler))
        async with network.open_client(ORG, bucket_of=lambda _, path: path) as tenant:
            return await do(OktaSession(tenant, ORG, credentials))

    return run(main())


def claims(token: str) -> dict[str, Any]:
    decoded: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded


def test_token_goes_with_every_call() -> None:
    """An API token is sent with a space after SSWS, and the query is encoded once."""
    log: list[httpx.Request] = []
    answer = talk(
        script(httpx.Response(200, json=[]), log=log),
        lambda okta: okta.call("GET", "/api/v1/users", query={"search": 'profile.login eq "a b"', "limit": 200}),
    )

    assert answer.json == []
    assert log[0].headers["authorization"] == "SSWS 00secret-api-token"
    assert log[0].url.params["search"] == 'profile.login eq "a b"'


@pytest.mark.parametrize("body", [{}, {"attributeStatements": [], "notes": None, "relay": ""}])
def test_empty_members_are_sent(body: Any) -> None:
    """Empty lists, nulls and empty bodies reach Okta: they are how something is emptied."""
    log: list[httpx.Request] = []
    talk(script(httpx.Response(200, json={}), log=log), lambda okta: okta.call("PUT", "/api/v1/x", body=body))

    assert json.loads(log[0].content) == body
    assert log[0].headers["content-type"] == "application/json"


def test_metadata_comes_as_text() -> None:
    """XML is asked for with its own Accept header, which JSON's would be refused for, and handed on as it is."""
    log: list[httpx.Request] = []
    answer = talk(
        script(
            httpx.Response(200, headers={"content-type": "application/xml;charset=ISO-8859-1"}, text="<a/>"), log=log
        ),
        lambda okta: okta.call("GET", "/api/v1/apps/0oa1/sso/saml/metadata", accept="application/xml"),
    )

    assert (answer.text, answer.json) == ("<a/>", None)
    assert log[0].headers["accept"] == "application/xml"


async def _all_pages(okta: OktaSession) -> list[Any]:
    return [page async for page in okta.pages("/api/v1/x", {"limit": 2})]


def link(url: str) -> list[tuple[str, str]]:
    return [("link", f'<{ORG}/api/v1/x?limit=2>; rel="self"'), ("link", f'<{url}>; rel="next"')]


def test_pages_to_the_end() -> None:
    """Every page is fetched, by the address that the page before names, an empty one included."""
    log: list[httpx.Request] = []
    pages = [
        httpx.Response(200, headers=link(f"{ORG}/api/v1/x?after=2,%2B&limit=2"), json=[1, 2]),
        httpx.Response(200, headers=link(f"{ORG}/api/v1/x?after=4&limit=2"), json=[]),
        httpx.Response(200, json=[3]),
    ]

    assert talk(script(*pages, log=log), _all_pages) == [[1, 2], [], [3]]
    assert str(log[1].url) == f"{ORG}/api/v1/x?after=2,%2B&limit=2"


@pytest.mark.parametrize("url", ["https://evil.example/api/v1/x", "http://acme.okta.example/api/v1/apps"])
def test_pages_stay_in_the_org(url: str) -> None:
    """A next page on another origin is refused: our credentials would go with the request."""
    log: list[httpx.Request] = []
    with pytest.raises(NetworkError, match="credentials are not sent there"):
        talk(script(httpx.Response(200, headers=link(url), json=[1]), log=log), _all_pages)
    assert len(log) == 1


@pytest.mark.parametrize("after", [lambda: 2, count().__next__], ids=["circle", "ever on"])
def test_lists_end(after: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A next page that was fetched before is an error, and so are more pages than any org has people for."""
    monkeypatch.setattr("provisioner.adapters.okta.executor.MOST_PAGES", 10)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=link(f"{ORG}/api/v1/apps?after={after()}"), json=[])

    with pytest.raises(NetworkError, match=r"acme\.okta\.example pages without end"):
        talk(answer, _all_pages)


@pytest.mark.parametrize("url", ["http://[::1", f"{ORG}:port/"])
def test_a_next_page_that_is_no_address(url: str) -> None:
    """It is told as Okta's mistake; an address below the org's own is completed."""
    with pytest.raises(NetworkError, match="a next page that is no address"):
        talk(script(httpx.Response(200, headers=link(url), json=[])), _all_pages)

    pages = [httpx.Response(200, headers=link("/api/v1/apps?after=2"), json=[]), httpx.Response(200, json=[])]
    assert talk(script(*pages), _all_pages) == [[], []]


def test_vendor_error_says_why() -> None:
    """Code, summary, causes and request id of a refusal are kept."""
    with pytest.raises(VendorError) as caught:
        talk(script(replay("09_app_delete_active_403")), lambda okta: okta.call("DELETE", "/api/v1/apps/0oa1"))

    error = caught.value
    assert (error.status, error.code, error.request_id) == (403, "E0000056", "d9ff22dc234ccb11c0af0c500a1164cc")
    assert "Delete application forbidden; The application must be deactivated before deletion." in error.message


@pytest.mark.parametrize("body", [None, [], "busy", {"errorSummary": 5, "errorCauses": 5}, {"errorCauses": [5, {}]}])
def test_a_refusal_in_any_form(body: Any) -> None:
    """What stands between us and Okta answers as it likes; the status says what to do."""
    with pytest.raises(VendorError, match="429") as caught:
        talk(script(httpx.Response(429, json=body)), lambda okta: okta.call("GET", "/api/v1/apps"))
    assert "other clients use up" in caught.value.hint


def test_not_found() -> None:
    """A 404 has an error of its own, and a login in the path is not shown."""
    with pytest.raises(NotFound) as caught:
        talk(script(replay("30_user_404")), lambda okta: okta.call("GET", "/api/v1/users/ana@acme.example"))
    assert "ana@acme.example" not in caught.value.message


def test_wrong_token() -> None:
    """A refused token is about credentials, and is not quoted."""
    body = {"errorCode": "E0000011", "errorSummary": "Invalid token provided"}
    with pytest.raises(CredentialsError, match="Invalid token provided") as caught:
        talk(script(httpx.Response(401, json=body)), lambda okta: okta.call("GET", "/api/v1/users/me"))
    assert "00secret" not in "".join(traceback.format_exception(caught.value))


def test_missing_feature_is_not_a_wrong_token() -> None:
    """Okta answers 401 for a feature that the org lacks, too."""
    with pytest.raises(VendorError, match="E0000015"):
        talk(script(replay("46_feature_not_enabled_401")), lambda okta: okta.call("POST", "/api/v1/apps", body={}))


def test_missing_scope_is_named() -> None:
    """The scope that Okta misses stands in a header only; the body is empty (okta-sdk-golang #145)."""
    challenge = 'Bearer realm="r", scope="okta.groups.read", error="insufficient_scope", resource="/api/v1/groups"'
    with pytest.raises(MissingScope) as caught:
        talk(
            script(httpx.Response(403, headers={"www-authenticate": challenge})),
            lambda okta: okta.call("GET", "/api/v1/groups"),
        )
    assert caught.value.scope == "okta.groups.read"


def test_lost_post_is_not_repeated() -> None:
    """A POST whose answer is lost is sent once, unless it is marked as repeatable."""
    log: list[httpx.Request] = []
    down = httpx.Response(503, json={})
    with pytest.raises(AnswerLost):
        talk(script(down, log=log), lambda okta: okta.call("POST", "/api/v1/apps", body={"label": "x"}))
    assert len(log) == 1

    answers = script(down, httpx.Response(200, json={}))
    assert talk(answers, lambda okta: okta.call("POST", "/api/v1/x", body={}, repeatable=True)).status == 200


def test_user_delete_can_be_kept_from_repetition() -> None:
    """Okta's second DELETE of a user deletes what the first deactivated, so the caller may forbid it."""
    log: list[httpx.Request] = []
    with pytest.raises(AnswerLost):
        talk(
            script(httpx.Response(503, json={}), log=log),
            lambda okta: okta.call("DELETE", "/api/v1/users/00u1", repeatable=False),
        )
    assert len(log) == 1


class TokenServer:
    """The org's token endpoint: one access token per assertion, DPoP where `dpop` says so, and one API."""

    def __init__(self, *, dpop: bool = False, failures: int = 0) -> None:
        self.dpop, self.failures = dpop, failures
        self.seen: set[str] = set()
        self.tokens: list[dict[str, str]] = []
        self.calls: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return self._token(request) if request.url.path == "/oauth2/v1/token" else self._api(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assertion = jwt.decode(
            form["client_assertion"], KEY.public_key(), algorithms=["RS256"], audience=f"{ORG}/oauth2/v1/token"
        )
        assert assertion["jti"] not in self.seen, "an assertion was sent twice"
        self.seen.add(assertion["jti"])
        self.tokens.append(form)
        if self.failures:
            self.failures -= 1
            return httpx.Response(503, json={})
        if not self.dpop:
            return httpx.Response(200, json={"token_type": "Bearer", "expires_in": 3600, "access_token": "at-bearer"})
        if "dpop" not in request.headers:
            return replay("51_oauth_token_missing_dpop_400")
        if "nonce" not in self._proof(request):
            return replay("49_oauth_token_dpop_nonce_400")
        return replay("50_oauth_token_dpop_200")

    def _api(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        if self.dpop:
            assert self._proof(request)["ath"]
            assert request.headers["authorization"].startswith("DPoP ")
        if self.failures:
            self.failures -= 1
            return httpx.Response(503, json={})
        return httpx.Response(200, json={})

    def _proof(self, request: httpx.Request) -> dict[str, Any]:
        proof = claims(request.headers["dpop"])
        assert proof["jti"] not in self.seen, "a proof was sent twice"
        assert (proof["htm"], proof["htu"]) == (request.method, str(request.url.copy_with(query=None)))
        self.seen.add(proof["jti"])
        return proof


async def _two_calls(okta: OktaSession) -> None:
    await okta.call("GET", "/api/v1/x", query={"limit": 1})
    await okta.call("GET", "/api/v1/y", query={"limit": 1})


def test_service_app_signs_in_once() -> None:
    """One access token, for the scopes asked for, serves all calls."""
    server = TokenServer()
    talk(server, _two_calls, SERVICE)

    assert [form["scope"] for form in server.tokens] == ["okta.apps.read okta.users.read"]
    assert [call.headers["authorization"] for call in server.calls] == ["Bearer at-bearer"] * 2


@pytest.mark.parametrize("form", ["jwk", "pem in one line"])
def test_private_key_forms(form: str) -> None:
    """A JWK works, with members that the SDK does not expect, and so does a PEM whose line ends were escaped."""
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY)) | {"kid": "k1", "key_ops": ["sign"]}
    text = json.dumps(jwk) if form == "jwk" else PEM.replace("\n", "\\n")
    server = TokenServer()
    talk(server, _two_calls, PrivateKey("0oaclient", SecretStr(text), ("okta.apps.read",)))

    assert jwt.get_unverified_header(server.tokens[0]["client_assertion"]).get("kid") == (
        "k1" if form == "jwk" else None
    )


def test_lost_token_answer_is_asked_for_again() -> None:
    """A token request is repeated with a new assertion, because Okta takes each only once."""
    server = TokenServer(failures=2)
    talk(server, _two_calls, SERVICE)
    assert len(server.tokens) == 3


@pytest.fixture
def quick_dpop_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK makes a key of 3072 bits for each session, which takes seconds."""
    monkeypatch.setattr("okta.dpop.RSA.generate", lambda bits: RSA.import_key(PEM))


@pytest.mark.usefixtures("quick_dpop_key")
@pytest.mark.parametrize("configured", [True, False])
def test_dpop(configured: bool) -> None:
    """DPoP is used when it is configured, and when the org asks for it; each proof is bound to its request."""
    server = TokenServer(dpop=True)
    talk(server, _two_calls, PrivateKey("0oaclient", SecretStr(PEM), ("okta.apps.read",), dpop=configured))

    assert len(server.tokens) == (2 if configured else 3)
    assert len(server.calls) == 2


@pytest.mark.usefixtures("quick_dpop_key")
def test_repeated_call_has_a_new_proof() -> None:
    """A repetition after a 503 carries a proof of its own."""
    server = TokenServer(dpop=True)

    async def do(okta: OktaSession) -> None:
        await okta.call("GET", "/api/v1/x")
        server.failures = 2
        await okta.call("GET", "/api/v1/y")

    talk(server, do, SERVICE)
    assert len(server.calls) == 4


@pytest.mark.parametrize(("error", "kind"), [("invalid_client", CredentialsError), ("invalid_scope", MissingScope)])
def test_refused_sign_in(error: str, kind: type[CredentialsError]) -> None:
    """A refused sign-in tells the client from the scope, and quotes no assertion."""
    echo = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    body = {"error": error, "error_description": f"The client_assertion {echo} is bad"}
    with pytest.raises(CredentialsError) as caught:
        talk(script(httpx.Response(401, json=body)), _two_calls, SERVICE)

    assert type(caught.value) is kind
    assert echo not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("key", ["{'kty': 'RSA', 'd': SECRET}", '{"kty": "RSA", "d": "SECRET"}', "SECRET"])
def test_bad_key_is_not_quoted(key: str) -> None:
    """A key that cannot be read is reported without a word of it, and before anything is sent."""
    log: list[httpx.Request] = []
    with pytest.raises(CredentialsError, match="RSA private key") as caught:
        talk(script(httpx.Response(200), log=log), _two_calls, PrivateKey("0oa", SecretStr(key), ()))

    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert log == []


def test_sdk_reads_nothing_by_itself(tmp_path: Path) -> None:
    """Neither ./okta.yaml nor OKTA_* variables reach the executor, and `okta.client`, slow to import, stays out."""
    (tmp_path / "okta.yaml").write_text("okta: {client: {token: from-file, orgUrl: https://file.example}}")
    program = f"""
import asyncio, sys, httpx
from pydantic import SecretStr
from provisioner.adapters.http import Network
from provisioner.adapters.okta.executor import ApiToken, OktaSession
def handle(request):
    assert request.headers["authorization"] == "SSWS ours" and request.url.host == "acme.okta.example", request
    return httpx.Response(200, json=[])
async def main():
    async with Network(inner=httpx.MockTransport(handle)).open_client("{ORG}", bucket_of=lambda m, p: p) as tenant:
        await OktaSession(tenant, "{ORG}", ApiToken(SecretStr("ours"))).call("GET", "/api/v1/apps")
asyncio.run(main())
assert "okta.client" not in sys.modules
"""
    surroundings = os.environ | {"OKTA_CLIENT_TOKEN": "from-env", "OKTA_CLIENT_ORGURL": "https://env.example"}
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=tmp_path, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
