"""Credentials in the Okta sandbox: API token, access tokens of service apps, scopes, proofs of possession."""

import uuid
from typing import Any

import httpx
import jwt
import pytest

from provisioner.sandbox.okta import PART, service_clients
from provisioner.sandbox.okta.service_clients import BOUND, PLAIN, digest
from tests.sandbox.noon import ORIGIN
from tests.sandbox.okta_org import Org

ENDPOINT = f"{ORIGIN}/oauth2/v1/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Service:
    """A service app with the seeded key."""

    def __init__(self, client: str = PLAIN) -> None:
        self.org = Org()
        self.client = client
        self.pem = PART.credentials(self.org.visit)["OAuth private key"]
        public = service_clients.key(self.org.visit)["public"]
        self.jwk = {name: public[name] for name in ("kty", "e", "n")}

    def assertion(self, **claims: Any) -> str:
        now = self.org.clock.now()
        usual = {"iss": self.client, "sub": self.client, "aud": ENDPOINT, "exp": now + 300, "jti": uuid.uuid4().hex}
        return jwt.encode(usual | claims, self.pem, "RS256")

    def proof(self, method: str, url: str, **claims: Any) -> dict[str, str]:
        usual = {"htm": method, "htu": url, "iat": self.org.clock.now(), "jti": uuid.uuid4().hex}
        headers = {"typ": "dpop+jwt", "jwk": self.jwk}
        return {"dpop": jwt.encode(usual | claims, self.pem, "RS256", headers=headers)}

    def token(self, headers: Any = None, **form: Any) -> httpx.Response:
        usual = {
            "grant_type": "client_credentials",
            "scope": "okta.users.read",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }
        return self.org.call("POST", "/oauth2/v1/token", data=usual | form, headers=headers or {})

    def bound_token(self) -> str:
        nonce = self.token(self.proof("POST", ENDPOINT)).headers["dpop-nonce"]
        answer = self.token(self.proof("POST", ENDPOINT, nonce=nonce))
        assert answer.json()["token_type"] == "DPoP"
        return str(answer.json()["access_token"])

    def users(self, authorization: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.org.call("GET", "/api/v1/users?limit=1", headers={"authorization": authorization} | (headers or {}))


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ("SSWS sandbox-okta-token", 200),
        ("SSWSsandbox-okta-token", 200),
        ("SSWS  sandbox-okta-token", 401),
        ("SSWS other", 401),
        ("Bearer sandbox-okta-token", 401),
        ("", 401),
    ],
)
def test_only_the_api_token_opens(shown: str, status: int) -> None:
    """Anything else is E0000011, and says which bucket it drew from all the same."""
    answer = Service().users(shown)

    assert answer.status_code == status
    assert "x-rate-limit-limit" in answer.headers
    assert status == 200 or answer.json()["errorCode"] == "E0000011"


def test_the_api_token_ends_with_its_owner() -> None:
    """The deactivation of the user who made it is its last use, for good; service apps go on."""
    service = Service()
    bearer = f"Bearer {service.token(scope='okta.users.manage').json()['access_token']}"
    me = service.org("GET", "/users/me")["id"]
    service.org("DELETE", f"/users/{me}")

    assert service.org.refused("GET", "/users")[:2] == (401, "E0000011")
    activate = f"/api/v1/users/{me}/lifecycle/activate"
    assert service.org.call("POST", activate, headers={"authorization": bearer}).status_code == 200
    assert service.org.refused("GET", "/users")[:2] == (401, "E0000011")


def test_a_token_opens_what_its_scopes_say() -> None:
    """Reading needs read or manage, writing manage; the refusal names the scope that is missing."""
    service = Service()
    bearer = {"authorization": "Bearer " + service.token(scope="okta.users.manage").json()["access_token"]}

    assert service.users(bearer["authorization"]).status_code == 200
    refused = service.org.call("GET", "/api/v1/groups", headers=bearer)
    assert refused.status_code == 403
    assert refused.json()["errorCode"] == "E0000006"
    assert 'scope="okta.groups.read", error="insufficient_scope"' in refused.headers["www-authenticate"]
    reader = {"authorization": "Bearer " + service.token(scope="okta.groups.read").json()["access_token"]}
    assert service.org.call("POST", "/api/v1/groups", {}, headers=reader).status_code == 403


def test_a_token_lasts_an_hour() -> None:
    """Afterwards it is no token."""
    service = Service()
    bearer = "Bearer " + service.token().json()["access_token"]
    service.org.clock.advance(3599)
    assert service.users(bearer).status_code == 200

    service.org.clock.advance(1)

    assert service.users(bearer).status_code == 401


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": f"{ORIGIN}/oauth2/default"}, "invalid_client"),
        ({"iss": "someone"}, "invalid_client"),
        ({"sub": "nobody", "iss": "nobody"}, "invalid_client"),
        ({"exp": 1}, "invalid_client"),
        ({"exp": 1_900_000_000}, "invalid_client"),
    ],
)
def test_an_assertion_must_be_for_this_endpoint_this_client_and_now(claims: dict[str, Any], error: str) -> None:
    """Audience, issuer, subject and expiry are checked."""
    service = Service()
    answer = service.token(client_assertion=service.assertion(**claims))

    assert (answer.status_code, answer.json()["error"]) == (401, error)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, 401, "invalid_client"),
        ({"client_assertion": "no.jwt.here"}, 401, "invalid_client"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "okta.users.read okta.logs.read"}, 400, "invalid_scope"),
    ],
)
def test_a_request_for_a_token_is_checked(form: dict[str, str], status: int, error: str) -> None:
    """Grant type, client authentication and scopes, all of which must be granted."""
    answer = Service().token(**form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_scopes_can_be_granted_and_taken_away() -> None:
    """The client gets what it is granted at the time."""
    service = Service()
    service_clients.grant(service.org.visit, PLAIN, ["okta.orgs.read"])

    assert service.token().status_code == 400
    assert service.token(scope="okta.orgs.read").status_code == 200


def test_an_assertion_is_good_for_one_answer() -> None:
    """Whatever the answer was: after the demand for a nonce, too, a new assertion is needed (recordings 49 and 50)."""
    service = Service(BOUND)
    assertion = service.assertion()
    first = service.token(service.proof("POST", ENDPOINT), client_assertion=assertion)
    proof = service.proof("POST", ENDPOINT, nonce=first.headers["dpop-nonce"])

    assert first.json() == {
        "error": "use_dpop_nonce",
        "error_description": "Authorization server requires nonce in DPoP proof.",
    }
    assert service.token(proof, client_assertion=assertion).json()["error"] == "invalid_client"


def test_a_client_that_must_prove_possession_cannot_leave_it_out() -> None:
    """The refusal is recording 51's, to the letter."""
    answer = Service(BOUND).token()

    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_dpop_proof",
        "error_description": "The DPoP proof JWT header is missing.",
    }


def test_a_bound_token_needs_a_proof_with_every_call() -> None:
    """The proof names the token, the method and the address, is fresh, and serves once."""
    service = Service(BOUND)
    text = service.bound_token()
    url = f"{ORIGIN}/api/v1/users"
    good = service.proof("GET", url, ath=digest(text))

    assert service.users(f"DPoP {text}", good).status_code == 200
    for wrong in (
        good,
        {},
        service.proof("GET", url),
        service.proof("POST", url, ath=digest(text)),
        service.proof("GET", f"{url}/me", ath=digest(text)),
        service.proof("GET", url, ath=digest(text), iat=service.org.clock.now() - 400),
        service.proof("GET", url, ath=digest(text), nonce="stale"),
        {"dpop": "nonsense"},
    ):
        assert service.users(f"DPoP {text}", wrong).status_code == 400
    assert service.users(f"Bearer {text}").status_code == 401


def test_a_proof_names_the_address_as_it_was_sent() -> None:
    """A login in the path is written with %40, in the proof as in the request."""
    service = Service(BOUND)
    text = service.bound_token()
    path = "/api/v1/users/admin%40sandbox.example"
    proof = service.proof("GET", ORIGIN + path, ath=digest(text))
    answer = service.org.call("GET", path, headers={"authorization": f"DPoP {text}"} | proof)

    assert answer.status_code == 200


def test_a_nonce_lasts_a_day() -> None:
    """With yesterday's nonce comes today's."""
    service = Service(BOUND)
    nonce = service.token(service.proof("POST", ENDPOINT)).headers["dpop-nonce"]
    service.org.clock.advance(24 * 3600)
    answer = service.token(service.proof("POST", ENDPOINT, nonce=nonce))

    assert answer.json()["error"] == "use_dpop_nonce"
    assert answer.headers["dpop-nonce"] != nonce


def test_one_key_opens_every_tenant_and_outlives_a_reset() -> None:
    """Seeded credentials are the same in every tenant: one service app can be tried with a whole fleet."""
    service = Service()
    for host in ("acme.localhost", "beta.localhost"):
        address = f"http://{host}:8400/oauth2/v1/token"
        service.org.call("POST", f"http://{host}:8400/_sandbox/reset")
        form = {
            "grant_type": "client_credentials",
            "scope": "okta.users.read",
            "client_assertion_type": ASSERTION,
            "client_assertion": service.assertion(aud=address),
        }
        assert service.org.call("POST", address, data=form).status_code == 200, host
    service.org.call("POST", "/_sandbox/reset?all=true")

    assert PART.credentials(service.org.visit)["OAuth private key"] == service.pem
