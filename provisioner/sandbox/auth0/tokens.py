"""Access tokens: the token endpoint, the seeded clients and their grants, and what a token allows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from jwt.types import Options

from provisioner.sandbox import rsa_keys
from provisioner.sandbox.auth0 import errors, keys, scopes
from provisioner.sandbox.auth0.errors import Refusal
from provisioner.sandbox.auth0.wire import FORM, JSON, PUBLIC, Answer, Call, Operation, domain
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PLAIN = "sandbox-auth0-client"
SECRET = "sandbox-auth0-secret"  # noqa: S105 - the documented credential of every sandbox
SIGNING = "sandbox-auth0-jwt-client"
"""The client that signs an assertion in place of sending a secret."""
API_TOKEN = "sandbox-auth0-token"  # noqa: S105 - likewise documented
LIFE = 86_400
"""Seconds that a token lasts (recording 49)."""
ASSERTION_LIFE = 300
"""Seconds that an assertion may last (vendor's page on private key JWT)."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ["RS256", "RS384", "PS256"]
"""What an assertion may be signed with (OpenAPI: `client_authentication_methods`)."""
_SIGNATURE_ONLY: Options = {"verify_aud": False, "verify_iat": False, "verify_exp": False, "verify_nbf": False}
"""Times are held against the sandbox's clock, which the library does not know."""


def seed(visit: Visit) -> None:
    """Grant both seeded clients every scope."""
    for client in (PLAIN, SIGNING):
        grant(visit, client, scopes.ALL)


def grant(visit: Visit, client: str, granted: Iterable[str]) -> None:
    """Grant the client these scopes and no others, as an admin does; tokens that were issued before keep theirs."""
    visit.documents.put("grant", client, {"scopes": list(granted)})


def assertion_key(visit: Visit) -> str:
    """The private key of the signing client in PEM; one for all tenants, like every seeded credential."""
    found = visit.world.store.shared(SIGNING, lambda: {"private": rsa_keys.private_pem(rsa_keys.deal())})
    return str(found["private"])


def audiences(visit: Visit) -> set[str]:
    """The Management API of this tenant, whether the sandbox is addressed with or without TLS."""
    return {f"{scheme}://{domain(visit)}/api/v2/" for scheme in ("http", "https")}


def _refused(status: int, error: str, description: str) -> Refusal:
    """An OAuth error (RFC 6749); its words are those of the vendor's community, or guesses."""
    return Refusal(status, {"error": error, "error_description": description})


def token(call: Call) -> Answer:
    """An access token for a client that proves who it is (recording 49, and `scope` by the vendor's reference)."""
    form = call.body if isinstance(call.body, dict) else {}
    if form.get("grant_type") != "client_credentials":
        raise _refused(403, "unsupported_grant_type", f"Unsupported grant type: {form.get('grant_type')}")
    client = _client(call.visit, form)
    audience = form.get("audience")
    if audience not in audiences(call.visit):
        raise _refused(403, "access_denied", f"Service not enabled within domain: {audience}")
    scope = " ".join(_granted(call.visit, client, audience, str(form.get("scope") or "")))
    issued = _issued(call.visit, client, audience, scope)
    return Answer({"access_token": issued, "scope": scope, "expires_in": LIFE, "token_type": "Bearer"})


def _granted(visit: Visit, client: str, audience: str, asked: str) -> list[str]:
    granted = (visit.documents.get("grant", client) or {"scopes": None})["scopes"]
    if granted is None:
        raise _refused(
            403,
            "access_denied",
            f'Client is not authorized to access "{audience}". You need to create a "client-grant" associated to this'
            " API.",
        )
    missing = [name for name in asked.split() if name not in granted]
    if missing:
        raise _refused(403, "access_denied", f"Client has not been granted scopes: {', '.join(missing)}")
    return asked.split() or list(granted)


def _client(visit: Visit, form: Body) -> str:
    """The id of the client that the request proves to come from; 401 for any other."""
    if "client_assertion" in form:
        return _asserted(visit, form)
    client = visit.documents.get("client", str(form.get("client_id")))
    shown = str(form.get("client_secret") or "")
    if client is None or not secrets.compare_digest(shown.encode(), str(client.get("client_secret", "")).encode()):
        raise _refused(401, "access_denied", "Unauthorized")
    if not shown or "client_credentials" not in client.get("grant_types", []):
        raise _refused(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client.")
    return str(client["client_id"])


def _asserted(visit: Visit, form: Body) -> str:
    """The signing client, when its key signed the assertion for this tenant, for a short time, and for once."""
    bad = _refused(401, "invalid_client", "The client assertion is invalid.")
    public = keys.private_key(assertion_key(visit)).public_key()
    try:
        claims = jwt.decode(form["client_assertion"], public, algorithms=_ALGORITHMS, options=_SIGNATURE_ONLY)
    except jwt.PyJWTError:
        raise bad from None
    addresses = {f"{scheme}://{domain(visit)}/" for scheme in ("http", "https")}
    left = float(claims.get("exp") or 0) - visit.world.clock.now()
    if (
        form.get("client_assertion_type") != _ASSERTION
        or form.get("client_id", SIGNING) != SIGNING
        or (claims.get("iss"), claims.get("sub")) != (SIGNING, SIGNING)
        or claims.get("aud") not in addresses
        or not 0 < left <= ASSERTION_LIFE
        or not claims.get("jti")
        or visit.documents.get("assertion", claims["jti"]) is not None
    ):
        raise bad
    visit.documents.put("assertion", claims["jti"], {})
    return SIGNING


def _issued(visit: Visit, client: str, audience: str, scope: str) -> str:
    key, now = keys.current(visit), int(visit.world.clock.now())
    claims = {
        "iss": f"https://{domain(visit)}/",
        "sub": f"{client}@clients",
        "aud": audience,
        "iat": now,
        "exp": now + LIFE,
        "scope": scope,
        "gty": "client-credentials",
        "azp": client,
    }
    return jwt.encode(claims, keys.private_key(key["private"]), "RS256", headers={"kid": key["kid"]})


@dataclass(frozen=True)
class Granted:
    """What a token stands for."""

    scopes: frozenset[str]
    client: str | None
    """Whom it was issued to; nobody in particular has the seeded token."""


def examine(visit: Visit, header: str | None) -> Granted:
    """What the token in the `Authorization` header stands for; 400 and 401 as the vendor tells them apart."""
    if header is None:
        raise errors.missing_authentication()
    scheme, _, shown = header.partition(" ")
    if scheme.lower() != "bearer" or not shown or " " in shown:
        raise errors.bad_authentication_header()
    if secrets.compare_digest(shown.encode(), API_TOKEN.encode()):
        return Granted(frozenset(scopes.ALL), None)
    claims = _claims(visit, shown)
    if claims.get("aud") not in audiences(visit):
        raise errors.invalid_token()
    if claims["exp"] <= visit.world.clock.now():
        raise errors.expired_token()
    return Granted(frozenset(claims["scope"].split()), str(claims["azp"]))


def _claims(visit: Visit, text: str) -> Body:
    """What the token says, when a key of this tenant that is not revoked signed it."""
    try:
        key = keys.find(visit, str(jwt.get_unverified_header(text).get("kid")))
        if key is None or key.get("revoked"):
            raise errors.invalid_token()
        public = keys.private_key(key["private"]).public_key()
        return dict(jwt.decode(text, public, algorithms=["RS256"], options=_SIGNATURE_ONLY))
    except jwt.PyJWTError:
        raise errors.invalid_token() from None


def public_pem(visit: Visit) -> str:
    """The public half of the signing client's key, as it is registered."""
    public = keys.private_key(assertion_key(visit)).public_key()
    pem: bytes = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


OPERATIONS = (Operation("POST", "/oauth/token", token, PUBLIC, takes=(FORM, JSON)),)
