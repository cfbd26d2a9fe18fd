"""Auth0 access tokens: who gets one, for what, for how long, and what the Management API does without a good one."""

from typing import Any

import httpx
import jwt
import pytest

from provisioner.sandbox.auth0 import PART, keys, tokens
from tests.sandbox.auth0_tenant import Tenant
from tests.sandbox.noon import ORIGIN

API = f"{ORIGIN}/api/v2/"
FORM = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-auth0-client",
    "client_secret": "sandbox-auth0-secret",
    "audience": API,
}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def ask(tenant: Tenant, **form: Any) -> httpx.Response:
    return tenant.call("POST", "/oauth/token", FORM | form)


def asserted(tenant: Tenant, algorithm: str = "RS256", origin: str = ORIGIN, **claims: Any) -> Any:
    """The answer to the client that signs, with some claims changed."""
    now = tenant.clock.now()
    good = {"iss": tokens.SIGNING, "sub": tokens.SIGNING, "aud": f"{origin}/", "jti": "1", "exp": now + 60}
    key = PART.credentials(tenant.visit)["private key"]
    assertion = jwt.encode(good | claims, key, algorithm)
    form = {"grant_type": "client_credentials", "audience": f"{origin}/api/v2/", "client_id": tokens.SIGNING}
    return tenant.call(
        "POST", f"{origin}/oauth/token", form | {"client_assertion": assertion, "client_assertion_type": ASSERTION_TYPE}
    )


def test_json_and_form_are_both_taken(tenant: Tenant) -> None:
    """The answer names the granted scopes, and the token opens the API for a day."""
    for answer in (ask(tenant), tenant.call("POST", "/oauth/token", data=FORM)):
        body = answer.json()
        assert answer.status_code == 200
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 86_400)
        assert "read:clients" in body["scope"].split()
        opened = tenant.call("GET", "/api/v2/clients", headers={"authorization": f"Bearer {body['access_token']}"})
        assert opened.status_code == 200


def test_the_token_is_signed_with_the_tenants_key(tenant: Tenant) -> None:
    """Its claims are those of a machine-to-machine client."""
    token = ask(tenant, scope="read:users").json()["access_token"]
    public = keys.certificate(keys.current(tenant.visit)).public_key()
    claims = jwt.decode(token, public, ["RS256"], audience=API, options={"verify_exp": False, "verify_iat": False})  # type: ignore[arg-type]

    assert claims["sub"] == "sandbox-auth0-client@clients"
    assert (claims["scope"], claims["gty"]) == ("read:users", "client-credentials")


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"client_secret": "guess"}, 401, "access_denied"),
        ({"client_id": "nobody"}, 401, "access_denied"),
        ({"audience": API.rstrip("/")}, 403, "access_denied"),
        ({"audience": "https://elsewhere.example/api/v2/"}, 403, "access_denied"),
        ({"audience": None}, 403, "access_denied"),
        ({"scope": "read:everything"}, 403, "access_denied"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
    ],
)
def test_a_wrong_request_gets_no_token(tenant: Tenant, wrong: Any, status: int, error: str) -> None:
    """The secret, the audience with its slash, the scopes and the grant must be right."""
    answer = ask(tenant, **wrong)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_client_without_a_grant_gets_no_token(tenant: Tenant) -> None:
    """A new client has a secret, but nobody has granted it anything."""
    made = tenant.client(grant_types=["client_credentials"])
    answer = ask(tenant, client_id=made["client_id"], client_secret=made["client_secret"])

    assert answer.status_code == 403
    assert "client-grant" in answer.json()["error_description"]


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS256"])
def test_a_signed_assertion_stands_for_a_secret(tenant: Tenant, algorithm: str) -> None:
    """private_key_jwt with each algorithm that the vendor takes."""
    assert asserted(tenant, algorithm).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"aud": API}, {"iss": "other"}, {"sub": "other"}, {"exp": 0}, {"jti": ""}, {"exp": 4_000_000_000}]
)
def test_a_wrong_assertion_is_refused(tenant: Tenant, wrong: Any) -> None:
    """It is for this tenant, by its own client, not too old and not for too long."""
    assert asserted(tenant, **wrong).json()["error"] == "invalid_client"


def test_one_key_is_good_for_every_tenant_and_outlives_a_reset(tenant: Tenant) -> None:
    """Seeded credentials are the same in every tenant."""
    key = PART.credentials(tenant.visit)["private key"]
    for origin in ("http://acme.localhost:8400", "http://beta.localhost:8400"):
        tenant.call("POST", f"{origin}/_sandbox/reset")
        assert asserted(tenant, origin=origin).status_code == 200, origin
    tenant.call("POST", "/_sandbox/reset?all=true")

    assert PART.credentials(tenant.visit)["private key"] == key


def test_an_assertion_is_good_for_once(tenant: Tenant) -> None:
    """The same `jti` a second time is refused."""
    assert [asserted(tenant).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (None, 401, "Missing authentication"),
        ("Basic abc", 400, "Bad HTTP authentication header format"),
        ("Bearer", 400, "Bad HTTP authentication header format"),
        ("Bearer nonsense", 401, "Invalid token"),
    ],
)
def test_without_a_good_token_nothing_opens(tenant: Tenant, header: str | None, status: int, message: str) -> None:
    """No header, another scheme and a foreign token are told apart."""
    answer = tenant.bare("GET", "/api/v2/clients", headers={"authorization": header} if header else {})

    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_a_bad_token_is_told_in_the_vendors_form(tenant: Tenant) -> None:
    """The envelope of 401 has attributes and no errorCode."""
    answer = tenant.call("GET", "/api/v2/clients", headers={"authorization": "Bearer x"})

    assert answer.json() == {
        "statusCode": 401,
        "error": "Unauthorized",
        "message": "Invalid token",
        "attributes": {"error": "Invalid token"},
    }


def test_a_token_ends_by_the_sandboxs_clock(tenant: Tenant) -> None:
    """A day later it is expired, and said to be."""
    header = {"authorization": f"Bearer {ask(tenant).json()['access_token']}"}
    tenant.clock.advance(86_399)
    assert tenant.call("GET", "/api/v2/clients", headers=header).status_code == 200
    tenant.clock.advance(1)

    message = tenant.call("GET", "/api/v2/clients", headers=header).json()["message"]
    assert message == "Expired token received for JSON Web Token validation"


def test_a_missing_scope_is_named(tenant: Tenant) -> None:
    """Grants that an admin takes away are missing from the next token; the words are those of recording 46."""
    tokens.grant(tenant.visit, tokens.PLAIN, ["read:clients"])
    header = {"authorization": f"Bearer {ask(tenant).json()['access_token']}"}
    answer = tenant.call("POST", "/api/v2/users", {}, headers=header)

    assert tenant.call("GET", "/api/v2/clients", headers=header).status_code == 200
    assert answer.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": "Insufficient scope, expected any of: create:users",
        "errorCode": "insufficient_scope",
    }


def test_one_scope_is_not_enough_where_two_are_needed(tenant: Tenant) -> None:
    """Rotating keys takes the right to create and the right to update them."""
    tokens.grant(tenant.visit, tokens.PLAIN, ["create:signing_keys"])
    header = {"authorization": f"Bearer {ask(tenant).json()['access_token']}"}

    assert tenant.call("POST", "/api/v2/keys/signing/rotate", headers=header).status_code == 403
