"""Access tokens for service apps: the token endpoint, and what a token that is shown grants."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import jwt
from starlette.requests import Request

from provisioner.sandbox.okta import dpop, errors, org, service_clients
from provisioner.sandbox.okta.errors import Refusal
from provisioner.sandbox.okta.wire import FORM, Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PATH = "/oauth2/v1/token"
LIFE = 3600
"""Seconds that an access token lasts (recording 50), and that an assertion may last (vendor's reference)."""
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _refused(status: int, error: str, description: str) -> Refusal:
    """An OAuth error in the form of recording 51."""
    return Refusal(status, {"error": error, "error_description": description})


def token(call: Call) -> Answer:
    """An access token, or why there is none; both are answers, so that an assertion is used up by either.

    Recordings 49 and 50: after `use_dpop_nonce` the second try comes with a new assertion.
    """
    try:
        return _issue(call, call.body or {})
    except Refusal as refusal:
        return Answer(refusal.body, refusal.status, list(refusal.headers.items()))


def _issue(call: Call, form: dict[str, str]) -> Answer:
    if form.get("grant_type") != "client_credentials":
        raise _refused(400, "unsupported_grant_type", "The authorization grant type is not supported.")
    client = _client(call, form)
    bound = None
    if client["dpop"] or "dpop" in call.headers:
        bound = dpop.check(call.visit, call.headers.get("dpop"), "POST", call.visit.origin + PATH)
    scopes = _scopes(client, form.get("scope", ""))
    text = secrets.token_urlsafe(64)
    ends = call.visit.world.clock.now() + LIFE
    granted = {"client": client["id"], "scopes": scopes, "ends": ends, "bound": bound}
    call.documents.put("token", service_clients.digest(text), granted)
    body = {
        "token_type": "DPoP" if bound else "Bearer",
        "expires_in": LIFE,
        "access_token": text,
        "scope": " ".join(scopes),
    }
    return Answer(body, headers=[("dpop-nonce", dpop.nonce(call.visit))] if bound else [])


def _client(call: Call, form: dict[str, str]) -> Body:
    """The client that signed the assertion. Wordings of public issues (okta-sdk-python 289, php-openid-client 25), or
    guesses."""
    text = form.get("client_assertion")
    if form.get("client_assertion_type") != _ASSERTION or not text:
        raise _invalid_client(
            "Client Credentials requests to the Org Authorization Server must use the private_key_jwt"
            " token_endpoint_auth_method."
        )
    claims = _claims(call.visit, text)
    client = call.documents.get("client", str(claims.get("sub")))
    if client is None or claims.get("iss") != claims.get("sub"):
        raise _invalid_client("The client_assertion's iss and sub must be the client_id of a client.")
    if claims.get("aud") != call.visit.origin + PATH:
        raise _invalid_client("The audience claim for client_assertion must be the endpoint invoked for the request.")
    left = float(claims.get("exp") or 0) - call.visit.world.clock.now()
    if not 0 < left <= LIFE:
        raise _invalid_client(f"The client_assertion token {'is expired' if left <= 0 else 'expires too late'}.")
    if "jti" in claims and not dpop.once(call.visit, f"assertion {client['id']} {claims['jti']}"):
        raise _invalid_client("The client_assertion token has been used already.")
    return client


def _invalid_client(description: str) -> Refusal:
    return _refused(401, "invalid_client", description)


def _claims(visit: Visit, text: str) -> Body:
    """The assertion's claims, when the registered key signed it."""
    public = service_clients.key(visit)["public"]
    try:
        if jwt.get_unverified_header(text).get("kid", public["kid"]) != public["kid"]:
            raise _invalid_client("The client_assertion JWT kid is invalid.")
        return dict(jwt.decode(text, jwt.PyJWK(public, "RS256").key, algorithms=["RS256"], options=dpop.SIGNATURE_ONLY))
    except jwt.PyJWTError:
        raise _invalid_client("The client_assertion signature is invalid.") from None


def _scopes(client: Body, asked: str) -> list[str]:
    """The scopes that were asked for, all of which must be granted; the wording is a guess."""
    scopes = asked.split()
    if not scopes or set(scopes) - set(client["scopes"]):
        raise _refused(400, "invalid_scope", "One or more scopes are not granted to the client.")
    return scopes


@dataclass(frozen=True)
class Granted:
    """What an access token stands for."""

    client: str
    scopes: frozenset[str]


def examine(request: Request, visit: Visit, scheme: str, text: str) -> Granted:
    """What the token grants: E0000011 for one that is unknown, expired, or shown in the other scheme.

    A token that is bound to a key needs a proof with every call; what the vendor answers to a bad one was not recorded.
    """
    found = visit.documents.get("token", service_clients.digest(text))
    if found is None or found["ends"] <= visit.world.clock.now() or (scheme == "DPoP") != bool(found["bound"]):
        raise errors.invalid_token()
    if found["bound"]:
        url = visit.origin + request.url.path
        if dpop.check(visit, request.headers.get("dpop"), request.method, url, token=text) != found["bound"]:
            raise dpop.refused("The DPoP proof JWT is signed with another key than the access token is bound to.")
    return Granted(found["client"], frozenset(found["scopes"]))


OPERATIONS = (Operation("POST", PATH, token, org.PUBLIC, takes=FORM),)
