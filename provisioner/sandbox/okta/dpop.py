"""Proofs of possession: what a `DPoP` header must hold at the token endpoint and at every call (RFC 9449)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import unquote

import jwt
from jwt.types import Options

from provisioner.sandbox.okta import service_clients
from provisioner.sandbox.okta.errors import Refusal
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

WINDOW = 300
"""How many seconds a proof's `iat` may be off."""
NONCE_LIFE = 24 * 3600
"""A nonce is good for a day (vendor's guide on DPoP)."""
SIGNATURE_ONLY: Options = {"verify_aud": False, "verify_iat": False, "verify_exp": False, "verify_nbf": False}
"""Times are held against the sandbox's clock, which the library does not know."""
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")


def refused(description: str) -> Refusal:
    """invalid_dpop_proof in the form of recording 51; descriptions other than that one's are guesses."""
    return Refusal(400, {"error": "invalid_dpop_proof", "error_description": description})


def nonce(visit: Visit) -> str:
    """The nonce of the day."""
    now = visit.world.clock.now()
    body = visit.documents.get("nonce", "nonce")
    if body is None or body["until"] <= now:
        body = {"value": secrets.token_urlsafe(24), "until": now + NONCE_LIFE}
        visit.documents.put("nonce", "nonce", body)
    return str(body["value"])


def check(visit: Visit, proof: str | None, method: str, url: str, token: str | None = None) -> str:
    """The thumbprint of the key that signed the proof for this request.

    At the token endpoint the nonce must be there: `use_dpop_nonce` hands it out (recording 49). At a call, where
    `token` is given, the proof must name the token by its hash, and a nonce only has to be right if it is there.
    """
    if not proof:
        raise refused("The DPoP proof JWT header is missing.")
    key, claims = _opened(proof)
    if claims.get("htm") != method or unquote(str(claims.get("htu"))) != url:
        raise refused("The DPoP proof JWT is for another request.")
    if abs(visit.world.clock.now() - float(claims.get("iat") or 0)) > WINDOW:
        raise refused("The DPoP proof JWT is not issued recently enough.")
    if token is not None and claims.get("ath") != service_clients.digest(token):
        raise refused("The DPoP proof JWT is for another access token.")
    _check_nonce(visit, claims.get("nonce"), needed=token is None)
    if not claims.get("jti") or not once(visit, f"dpop {claims['jti']}"):
        raise refused("The DPoP proof JWT has no jti, or one that has been used.")
    return service_clients.thumbprint(key)


def _opened(proof: str) -> tuple[Body, Body]:
    """The public key in the proof's header, and the claims that it signed."""
    try:
        header = jwt.get_unverified_header(proof)
        key = header.get("jwk") or {}
        if header.get("typ") != "dpop+jwt" or header.get("alg") not in ALGORITHMS or "d" in key:
            raise refused("The DPoP proof JWT header is invalid.")
        claims = jwt.decode(proof, jwt.PyJWK(key).key, algorithms=[header["alg"]], options=SIGNATURE_ONLY)
    except (jwt.PyJWTError, KeyError):
        raise refused("The DPoP proof JWT signature is invalid.") from None
    return key, claims


def _check_nonce(visit: Visit, given: Any, needed: bool) -> None:
    current = nonce(visit)
    if given != current and (needed or given is not None):
        body = {
            "error": "use_dpop_nonce",
            "error_description": "Authorization server requires nonce in DPoP proof.",
        }
        raise Refusal(400, body, {"dpop-nonce": current})


def once(visit: Visit, identity: str) -> bool:
    """Whether this is the first time that the identity is seen; it is remembered."""
    if visit.documents.get("seen", identity) is not None:
        return False
    visit.documents.put("seen", identity, {})
    return True
