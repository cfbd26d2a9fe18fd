"""The service apps that may ask for access tokens: two seeded ones with one key, and what they are granted."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from provisioner.sandbox.okta import certificates
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PLAIN = "sandbox-okta-client"
BOUND = "sandbox-okta-dpop-client"
"""The client that must prove possession of a key with every request."""
KEY_ID = "sandbox-okta-key"
SCOPES = tuple(f"okta.{name}.{verb}" for name in ("apps", "users", "groups", "schemas") for verb in ("read", "manage"))


def seed(visit: Visit) -> None:
    """Register both clients, with every scope of this tenant's operations granted that a plan needs."""
    for key in (PLAIN, BOUND):
        visit.documents.put("client", key, {"id": key, "dpop": key == BOUND, "scopes": list(SCOPES)})


def grant(visit: Visit, client: str, scopes: Iterable[str]) -> None:
    """Grant the client these scopes and no others, as an admin does in the console."""
    body = visit.documents.get("client", client) or {}
    visit.documents.put("client", client, body | {"scopes": list(scopes)})


def key(visit: Visit) -> Body:
    """The clients' key: `private` in PEM and `public` as a JWK; one for all tenants, like every seeded credential."""
    return visit.world.store.shared(KEY_ID, lambda: _made(visit.world.clock.now()))


def _made(now: float) -> Body:
    made = certificates.certify(PLAIN, now, now + 365 * 24 * 3600)
    parts = certificates.jwk(made.certificate)
    public = {"kty": "RSA", "use": "sig", "kid": KEY_ID, "e": parts["e"], "n": parts["n"]}
    return {"private": made.private_key, "public": public}


def thumbprint(jwk: Body) -> str:
    """The JWK thumbprint that binds a token to a key (RFC 7638)."""
    names = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in names}, separators=(",", ":"))
    return digest(text)


def digest(text: str) -> str:
    """SHA-256 in base64url without padding, as JOSE writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
