"""The sign-on address of a SAML app: from a request of its service provider, or from nothing, to a signed response."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from provisioner.sandbox.okta import app_catalog, app_keys, saml_metadata, sessions, sign_in
from provisioner.sandbox.okta.browser import Trouble, Visitor
from provisioner.sandbox.okta.saml_values import Person, Unanswerable
from provisioner.sandbox.okta.sessions import Session
from provisioner.sandbox.saml import authn_request, signature
from provisioner.sandbox.saml.authn_request import AuthnRequest, BadRequest
from provisioner.sandbox.saml.post_form import post_form
from provisioner.sandbox.saml.response import Assertion, Style, signed
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

WINDOW = 300.0
"""Seconds for which an assertion holds, before and after it was issued (preview in Twilio's guide)."""
PATIENCE = 3600.0
"""Seconds that a request waits for its user to sign in."""
_STYLE = Style("saml2p", "saml2", entity_format=True, new_id=lambda: f"id{10**24 + secrets.randbelow(9 * 10**24)}")
"""Prefixes, issuers and ids as in the vendor's published assertions."""


def sign_on(visitor: Visitor) -> Response:
    """Answer the service provider, or ask the person to sign in first."""
    app = _app(visitor)
    asked = _asked(visitor, app)
    session = sessions.current(visitor)
    if session is None or session.id == asked["stale"]:
        return sign_in.to_login(_here(visitor, asked))
    if asked["key"]:
        visitor.visit.documents.delete("authnRequest", asked["key"])
    return _answered(visitor.visit, app, session, asked)


def _app(visitor: Visitor) -> Body:
    """The app of the address, where it can sign anybody on."""
    path = visitor.request.path_params
    found = visitor.visit.documents.find("app", name=path["name"])
    app = next((each for each in found if each["key"] == path["key"]), None)
    if app is None or app["signOnMode"] != "SAML_2_0":
        raise Trouble(404, "Page not found", "The page you are looking for does not exist.")
    if app["status"] != "ACTIVE":
        raise Trouble(403, "App not active", f"{app['label']} is inactive. An administrator can activate it.")
    sign_on = app["settings"]["signOn"]
    if not app_catalog.of(app).custom or sign_on["assertionEncryption"].get("enabled") or sign_on["inlineHooks"]:
        raise Trouble(501, "Not in this sandbox", "The sandbox knows no catalog apps, encryption or inline hooks.")
    return app


def _asked(visitor: Visitor, app: Body) -> Body:
    """What is to be answered: a request that comes now, one that waited for a sign-in, or none at all."""
    if "okta_key" in visitor.query:
        return _waiting(visitor, app)
    if "SAMLRequest" in (visitor.form if visitor.posts else visitor.query):
        return _taken(visitor, app)
    sign_on = app["settings"]["signOn"]
    relay_state = visitor.query.get("RelayState") or sign_on["defaultRelayState"] or ""
    return {"key": "", "id": None, "acs": "", "relay": relay_state, "stale": ""}


def _taken(visitor: Visitor, app: Body) -> Body:
    """Read and check a request, and keep it for as long as its user takes to sign in.

    Its Issuer and NameIDPolicy change nothing: the address says which app it is, the app says what it sends.
    """
    sign_on = app["settings"]["signOn"]
    try:
        request, relay_state = _read(visitor)
        if sign_on["samlSignedRequestEnabled"]:
            _check_signature(visitor, request, sign_on)
    except BadRequest as error:
        raise Trouble(400, "Bad SAML request", f"{error}") from None
    session = sessions.current(visitor)
    forced = session and request.force_authn and sign_on["honorForceAuthn"]
    if request.is_passive and (forced or not session):
        raise Trouble(
            501, "Not in this sandbox", "No document says how Okta answers a passive request without a session."
        )
    key, now = secrets.token_urlsafe(12), visitor.visit.world.clock.now()
    _forget_old(visitor.visit, now)
    asked = {
        "key": key,
        "app": app["id"],
        "at": now,
        "id": request.id,
        "acs": _requested_acs(request, sign_on),
        "relay": relay_state,
        "stale": session.id if session and forced else "",
    }
    visitor.visit.documents.put("authnRequest", key, asked)
    return asked


def _read(visitor: Visitor) -> tuple[AuthnRequest, str]:
    return authn_request.read_post(visitor.form) if visitor.posts else authn_request.read(visitor.query)


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
    """The requestable address that is asked for by URL or index; any other is passed over, and the app's own is taken.

    Vendor's support article on requestable SSO URLs.
    """
    for endpoint in sign_on["acsEndpoints"] if sign_on["allowMultipleAcsEndpoints"] else []:
        by_index = not request.acs_url and request.acs_index == endpoint["index"]
        if request.acs_url == endpoint["url"] or by_index:
            return str(endpoint["url"])
    return ""


def _waiting(visitor: Visitor, app: Body) -> Body:
    asked = visitor.visit.documents.get("authnRequest", visitor.query["okta_key"])
    if asked is None or asked["app"] != app["id"] or asked["at"] + PATIENCE < visitor.visit.world.clock.now():
        raise Trouble(400, "Bad SAML request", "The request was answered already, or has waited too long. Begin anew.")
    return asked


def _forget_old(visit: Visit, now: float) -> None:
    for asked in visit.documents.find("authnRequest"):
        if asked["at"] + PATIENCE < now:
            visit.documents.delete("authnRequest", asked["key"])


def _here(visitor: Visitor, asked: Body) -> str:
    """The address to come back to after signing in."""
    query = {"okta_key": asked["key"]} if asked["key"] else dict(visitor.query)
    path = visitor.request.url.path
    return f"{path}?{urlencode(query)}" if query else path


def _answered(visit: Visit, app: Body, session: Session, asked: Body) -> Response:
    held = visit.documents.get("appUser", f"{app['id']}:{session.user['id']}")
    if held is None:
        raise Trouble(
            403,
            "App Not Assigned",
            f"Sorry, you can't access {app['label']} because you are not assigned this app in Okta. If you're wondering"
            " why this is happening, please contact your administrator.",
        )
    person, sign_on = Person(visit, app, session.user, held), app["settings"]["signOn"]
    try:
        assertion = _assertion(person, session, asked)
        response = signed(
            assertion,
            _signer(visit, app),
            destination=asked["acs"] or sign_on["destination"],
            sign_response=sign_on["responseSigned"],
            sign_assertion=sign_on["assertionSigned"],
            style=_STYLE,
        )
    except (Unanswerable, ValueError) as error:
        raise Trouble(501, "The assertion cannot be made", f"{app['label']}: {error}") from None
    acs = asked["acs"] or sign_on["ssoAcsUrl"]
    return post_form(acs, response, asked["relay"], origin=visit.origin, part="Okta", tenant=visit.tenant)


def _assertion(person: Person, session: Session, asked: Body) -> Assertion:
    sign_on = person.app["settings"]["signOn"]
    name_id = person.name_id()
    if not name_id:
        raise Unanswerable(f"{sign_on['subjectNameIdTemplate']} is empty for this user.")
    return Assertion(
        issuer=saml_metadata.issuer(person.app),
        audience=sign_on["audience"],
        recipient=asked["acs"] or sign_on["recipient"],
        in_response_to=asked["id"],
        name_id=name_id,
        name_id_format=sign_on["subjectNameIdFormat"],
        attributes=person.attributes(),
        issued=person.visit.world.clock.now(),
        lifetime=WINDOW,
        session_index=_STYLE.new_id(),
        authn_context=sign_on["authnContextClassRef"],
        early=WINDOW,
        signed_in=session.began,
        session_lifetime=sign_on.get("samlAssertionLifetimeSeconds"),
    )


def _signer(visit: Visit, app: Body) -> signature.Signer:
    """The app's key in use, which a replacement of the app names; generated keys wait (recording 15)."""
    key, sign_on = app_keys.material(visit, app["kid"]), app["settings"]["signOn"]
    return signature.Signer(
        key["private"],
        base64.b64decode(key["certificate"]),
        sign_on["signatureAlgorithm"].lower().replace("_", "-"),
        sign_on["digestAlgorithm"].lower(),
    )
