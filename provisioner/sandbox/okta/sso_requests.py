"""What the sign-on address of an app is asked to answer: a request that comes, one that waited, or none at all."""

from __future__ import annotations

import base64
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from provisioner.sandbox.okta import sessions
from provisioner.sandbox.okta.browser import Trouble, Visitor
from provisioner.sandbox.saml import authn_request, signature
from provisioner.sandbox.saml.authn_request import AuthnRequest, BadRequest
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

PATIENCE = 3600.0
"""Seconds that a request waits for its user to sign in."""
_KIND, _KEY = "authnRequest", "okta_key"


@dataclass(frozen=True)
class Asked:
    """One login to be answered."""

    app: str
    relay_state: str
    at: float
    key: str = ""
    """What the request is kept under while its user signs in; empty where the login began at the org."""
    id: str | None = None
    """The id of the request."""
    acs_url: str = ""
    """The address that the request asked for, where the app allows it; empty for the app's own."""
    stale: str = ""
    """The session that is not enough, because the request wants a new one."""


def asked(visitor: Visitor, app: Body) -> Asked:
    """Read what is asked. Raises Trouble where it cannot be answered."""
    if _KEY in visitor.query:
        return _waiting(visitor, app)
    if "SAMLRequest" in (visitor.form if visitor.posts else visitor.query):
        return _taken(visitor, app)
    relay_state = visitor.query.get("RelayState") or app["settings"]["signOn"]["defaultRelayState"] or ""
    return Asked(app["id"], relay_state, visitor.visit.world.clock.now())


def way_back(visitor: Visitor, asked: Asked) -> str:
    """Give the address that goes on with the login, for somebody who has to sign in first."""
    query = {_KEY: asked.key} if asked.key else dict(visitor.query)
    path = visitor.request.url.path
    return f"{path}?{urlencode(query)}" if query else path


def answered(visit: Visit, asked: Asked) -> None:
    """Forget the request: nobody is answered twice."""
    visit.documents.delete(_KIND, asked.key)


def _waiting(visitor: Visitor, app: Body) -> Asked:
    kept = visitor.visit.documents.get(_KIND, visitor.query[_KEY])
    if kept is None or kept["app"] != app["id"] or kept["at"] + PATIENCE < visitor.visit.world.clock.now():
        raise Trouble(400, "Bad SAML request", "The request was answered already, or has waited too long. Begin anew.")
    return Asked(**kept)


def _taken(visitor: Visitor, app: Body) -> Asked:
    """Read and check a request, and keep it for as long as its user takes to sign in.

    Its Issuer and NameIDPolicy change nothing: the address says which app it is, the app says what it sends.
    """
    request, relay_state = _read(visitor, app["settings"]["signOn"])
    session, sign_on = sessions.current(visitor), app["settings"]["signOn"]
    forced = session is not None and request.force_authn and sign_on["honorForceAuthn"]
    if request.is_passive and (forced or session is None):
        raise Trouble(
            501, "Not in this sandbox", "What Okta answers to a passive request without a session is unknown."
        )
    taken = Asked(
        app=app["id"],
        relay_state=relay_state,
        at=visitor.visit.world.clock.now(),
        key=secrets.token_urlsafe(12),
        id=request.id,
        acs_url=_requested_acs(request, sign_on),
        stale=session.id if session and forced else "",
    )
    _keep(visitor.visit, taken)
    return taken


def _read(visitor: Visitor, sign_on: Body) -> tuple[AuthnRequest, str]:
    read = authn_request.read_post if visitor.posts else authn_request.read
    try:
        request, relay_state = read(visitor.form if visitor.posts else visitor.query)
        if sign_on["samlSignedRequestEnabled"]:
            _check_signature(visitor, request, sign_on)
    except BadRequest as error:
        raise Trouble(400, "Bad SAML request", f"{error}") from None
    return request, relay_state


def _check_signature(visitor: Visitor, request: AuthnRequest, sign_on: Body) -> None:
    certificates = (sign_on.get("spCertificate") or {}).get("x5c") or []
    if not certificates:
        raise BadRequest("The app asks for signed requests, and has no certificate to check them with.")
    certificate = base64.b64decode(certificates[0])
    if visitor.posts:
        signature.check_enveloped(request.document, certificate)
    else:
        signature.check_redirect(visitor.request.scope["query_string"].decode("latin-1"), certificate)


def _requested_acs(request: AuthnRequest, sign_on: Body) -> str:
    """The requestable address that is asked for by URL or index; any other is passed over.

    Vendor's support article on requestable SSO URLs.
    """
    for endpoint in sign_on["acsEndpoints"] if sign_on["allowMultipleAcsEndpoints"] else []:
        by_index = not request.acs_url and request.acs_index == endpoint["index"]
        if request.acs_url == endpoint["url"] or by_index:
            return str(endpoint["url"])
    return ""


def _keep(visit: Visit, taken: Asked) -> None:
    """Keep the request, and forget those whose users never came back."""
    for kept in visit.documents.find(_KIND):
        if kept["at"] + PATIENCE < taken.at:
            visit.documents.delete(_KIND, kept["key"])
    visit.documents.put(_KIND, taken.key, asdict(taken))
