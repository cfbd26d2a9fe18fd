"""Small parts: credentials, token, scopes, budgets, refusals, what is taken out of answers."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from provisioner.adapters.auth0 import PROVIDER, application, scopes
from provisioner.adapters.auth0.buckets import bucket_of
from provisioner.adapters.auth0.credentials import ApiToken, Auth0Credentials, Machine, chosen
from provisioner.adapters.auth0.refusals import refusal
from provisioner.adapters.auth0.scrub import scrub
from provisioner.adapters.http import Network
from provisioner.errors import CredentialsError, MissingScope, NotFound, VendorError
from tests.adapters.auth0.tenant import Tenant, a_plan
from tests.virtual_time import run


def asked_for_token(**credentials: str) -> dict[str, str]:
    """The form with which a run that reads the tenant asks for its token."""
    tenant, plan = Tenant(), a_plan()

    async def main() -> None:
        given = [PROVIDER.credentials(**credentials)]
        async with PROVIDER.connect(plan, Network(inner=tenant), given) as connection:
            await connection.observe(PROVIDER.desired(plan))

    run(main())
    return dict(parse_qsl(tenant.sent[0].content.decode())) if tenant.log[0] == "POST /oauth/token" else {}


def test_a_token_for_a_secret() -> None:
    """Client credentials for the tenant's own API, whose name ends with a slash."""
    assert asked_for_token(auth0_client_id="m2m", auth0_client_secret="s") == {
        "grant_type": "client_credentials",
        "client_id": "m2m",
        "client_secret": "s",
        "audience": "https://acme.us.auth0.com/api/v2/",
    }


def test_blanks_around_credentials_are_nothing() -> None:
    """They come from copying, or from the line end of a file."""
    form = asked_for_token(auth0_client_id=" m2m", auth0_client_secret="s\n")
    assert (form["client_id"], form["client_secret"]) == ("m2m", "s")


@pytest.mark.parametrize("token", ["tök-hush", "hush\nhush", "hush hush"])
def test_a_token_that_no_header_can_carry(token: str) -> None:
    """It is refused without being quoted, and before anything is sent."""
    with pytest.raises(CredentialsError, match="AUTH0_API_TOKEN holds a blank, a line end or a sign") as caught:
        asked_for_token(auth0_api_token=token)
    assert "hush" not in str(caught.value)


def test_a_token_for_a_key() -> None:
    """The assertion is signed by the key and meant for the tenant; a key on one line will do."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    form = asked_for_token(auth0_client_id="m2m", auth0_client_assertion_key=pem.replace("\n", "\\n"))

    public, tenant = key.public_key(), "https://acme.us.auth0.com/"
    claims = jwt.decode(form["client_assertion"], public, algorithms=["RS256"], audience=tenant)
    assert (claims["iss"], claims["sub"]) == ("m2m", "m2m")
    assert "client_secret" not in form


def test_an_api_token_is_used_as_it_is() -> None:
    """No token is asked for."""
    assert asked_for_token(auth0_api_token="t0ken") == {}


def test_a_bad_key_is_not_quoted() -> None:
    """The library's own complaint might show a part of it."""
    with pytest.raises(CredentialsError, match="not a usable RSA private key") as raised:
        asked_for_token(auth0_client_id="m2m", auth0_client_assertion_key="-----BEGIN hush")
    assert "hush" not in repr(raised.value.__cause__) + repr(raised.value.__context__) + str(raised.value)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([{"auth0_api_token": "t"}, {"auth0_client_id": "m"}], ApiToken),
        ([{}, {"auth0_client_id": "m", "auth0_client_secret": "s"}], Machine),
        ([{"auth0_client_id": "m"}, {"auth0_client_secret": "s"}], Machine),
    ],
)
def test_the_first_source_that_suffices_counts(sources: list[dict[str, str]], expected: type) -> None:
    """A plan's own credentials come first; its secret may stand in another source than its id."""
    assert isinstance(chosen([Auth0Credentials(**source) for source in sources]), expected)  # type: ignore[arg-type]


def test_a_secret_of_the_plan_alone_wins() -> None:
    """Beside the id that all plans have in common: no plan's secret goes to another one's tenant."""
    own, common = {"auth0_client_secret": "own"}, {"auth0_client_id": "m", "auth0_client_secret": "all"}

    found = chosen([Auth0Credentials(**source) for source in (own, common)])  # type: ignore[arg-type]

    assert isinstance(found, Machine)
    assert found.secret and found.secret.get_secret_value() == "own"


@pytest.mark.parametrize(("given", "missing"), [({}, "no credentials"), ({"auth0_client_id": "m"}, "neither")])
def test_missing_credentials_are_named(given: dict[str, str], missing: str) -> None:
    """Before anything is sent."""
    with pytest.raises(CredentialsError, match=missing):
        chosen([Auth0Credentials(**given)])  # type: ignore[arg-type]


def test_the_scopes_of_a_token_are_read_from_it() -> None:
    """A token that somebody fetched may be a JWT with its scopes inside, or opaque."""
    payload = base64.urlsafe_b64encode(json.dumps({"scope": "read:clients update:clients"}).encode()).decode()

    assert scopes.of_token(f"e30.{payload.rstrip('=')}.x") == frozenset({"read:clients", "update:clients"})
    assert scopes.of_token("opaque") is None
    assert scopes.of_token("a.b.c") is None


def test_who_manages_nobody_needs_no_right_to_users() -> None:
    """A plan without the section asks for nothing about people."""
    nobody = a_plan(users={"on_removal": "keep"})

    assert not [scope for scope in scopes.needed(nobody, write=True) if "users" in scope]
    assert "read:users" in scopes.needed(a_plan(), write=False)


@pytest.mark.parametrize(
    ("line", "bucket"),
    [
        ("GET /api/v2/users-by-email", "Management API: read users"),
        ("PATCH /api/v2/users/auth0%7C1", "Management API: write users"),
        ("DELETE /api/v2/users/auth0%7C1", "Management API: delete users"),
        ("GET /api/v2/clients", "Management API: read clients"),
        ("PATCH /api/v2/clients/c1", "Management API: other"),
        ("GET /api/v2/connections", "Management API: read connections"),
        ("GET /api/v2/jobs/job_1", "Management API: other"),
        ("GET /samlp/metadata/c1", "outside the Management API"),
    ],
)
def test_the_groups_of_the_rate_limits(line: str, bucket: str) -> None:
    """As the subscription with the most groups divides them."""
    assert bucket_of(*line.split()) == bucket


@pytest.mark.parametrize(
    ("status", "path", "body", "kind", "words"),
    [
        (
            404,
            "/api/v2/clients/c1",
            {"message": "none", "errorCode": "inexistent_client"},
            NotFound,
            "inexistent_client",
        ),
        (404, "/api/v2/actions/actions/a", {"message": "That action does not exist."}, NotFound, "does not exist"),
        (401, "/api/v2/clients", {"message": "Invalid token"}, CredentialsError, "Invalid token"),
        (403, "/api/v2/keys", {"message": "Insufficient scope, expected any of: read:x"}, MissingScope, "read:x"),
        (
            403,
            "/oauth/token",
            {"error": "access_denied", "error_description": "no grant"},
            CredentialsError,
            "no grant",
        ),
        (400, "/api/v2/users/auth0|ana@acme", {"message": "eyJhbGciOi.eyJ.x"}, VendorError, "hidden"),
        (502, "/api/v2/users", None, VendorError, "no reason given"),
    ],
)
def test_refusals_say_what_happened(status: int, path: str, body: Any, kind: type, words: str) -> None:
    """Status and the vendor's own words; no token, and nobody's id."""
    error = refusal("GET", path, status, httpx.Headers({"x-auth0-requestid": "r1"}), body)

    assert type(error) is kind
    assert words in str(error)
    assert error.hint
    assert "ana@acme" not in str(error)


def test_secrets_are_taken_out_of_answers_alone() -> None:
    """Where Auth0 puts them: people's metadata may use the same names."""
    client = {"client_id": "c1", "client_secret": "s", "signing_keys": [{"key": "k"}]}
    person = {"user_id": "u", "app_metadata": {"client_secret": "theirs"}}

    assert scrub(client) == {"client_id": "c1"}
    assert scrub([client]) == [{"client_id": "c1"}]
    assert scrub({"clients": [client], "total": 1}) == {"clients": [{"client_id": "c1"}], "total": 1}
    assert scrub(person) == person
    row = {"user": {"email": "a@b", "password_hash": "h"}, "errors": []}
    assert scrub([row]) == [{"user": {"email": "a@b"}, "errors": []}]


def test_the_add_on_is_safe_by_default() -> None:
    """SHA-256, the response signed, the NameID from the e-mail address, and nothing that the Action does not say."""
    add_on = application.samlp(a_plan(application={"settings": {"lifetimeInSeconds": 3600, "issuer": None}}))

    assert (add_on["signatureAlgorithm"], add_on["digestAlgorithm"]) == ("rsa-sha256", "sha256")
    assert add_on["signResponse"]
    (probe,) = add_on["nameIdentifierProbes"]
    assert add_on["mappings"] == {"email": probe}
    assert not add_on["mapIdentities"] and not add_on["passthroughClaimsWithNoMapping"]
    assert None not in add_on.values()


def test_legacy_sso_has_two_callbacks() -> None:
    """The ACS URL and, as Twilio's guide wants it, the entity ID."""
    plan = a_plan(flex={"sso": "legacy", "account_sid": "AC" + "1" * 32})

    acs = f"https://iam.twilio.com/v1/Accounts/AC{'1' * 32}/saml2"
    assert application.body(plan)["callbacks"] == [acs, f"{acs}/metadata"]
