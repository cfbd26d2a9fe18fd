"""The sign-on address of a SAML app: from a request of its service provider, or from nothing, to a signed response."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from starlette.responses import RedirectResponse, Response

from provisioner.sandbox.okta import app_catalog, app_keys, saml_metadata, sessions, sign_in, sso_requests
from provisioner.sandbox.okta.browser import Trouble, Visitor
from provisioner.sandbox.okta.saml_values import Person, Unanswerable
from provisioner.sandbox.okta.sessions import Session
from provisioner.sandbox.okta.sso_requests import Asked
from provisioner.sandbox.saml import signature
from provisioner.sandbox.saml.post_form import post_form
from provisioner.sandbox.saml.response import Assertion, Style, Unwritable, signed
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

WINDOW = 300.0
"""Seconds for which an assertion holds, before and after it was issued (preview in Twilio's guide)."""
_STYLE = Style("saml2p", "saml2", entity_format=True, new_id=lambda: f"id{10**24 + secrets.randbelow(9 * 10**24)}")
"""Prefixes, issuers and ids as in the vendor's published assertions."""


def sign_on(visitor: Visitor) -> Response:
    """Answer the service provider, or ask the person to sign in first."""
    app = _app(visitor)
    asked = sso_requests.asked(visitor, app)
    session = sessions.current(visitor)
    if session is None or session.id == asked.stale:
        return sign_in.to_login(sso_requests.way_back(visitor, asked))
    sso_requests.answered(visitor.visit, asked)
    held = visitor.visit.documents.get("appUser", f"{app['id']}:{session.user['id']}")
    if held is None:
        return _unassigned(app)
    return _answered(Person(visitor.visit, app, session.user, held), session, asked)


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


def _unassigned(app: Body) -> Response:
    """What somebody sees who is not assigned: Okta's words, or the app's own page (vendor's help on such users)."""
    if app["accessibility"]["errorRedirectUrl"]:
        return RedirectResponse(app["accessibility"]["errorRedirectUrl"], 303)
    raise Trouble(
        403,
        "App Not Assigned",
        f"Sorry, you can't access {app['label']} because you are not assigned this app in Okta. If you're wondering why"
        " this is happening, please contact your administrator.",
    )


def _answered(person: Person, session: Session, asked: Asked) -> Response:
    visit, app, sign_on = person.visit, person.app, person.app["settings"]["signOn"]
    try:
        response = signed(
            _assertion(person, session, asked),
            _signer(visit, app),
            destination=asked.acs_url or sign_on["destination"],
            sign_response=sign_on["responseSigned"],
            sign_assertion=sign_on["assertionSigned"],
            style=_STYLE,
        )
    except (Unanswerable, Unwritable) as error:
        raise Trouble(501, "The assertion cannot be made", f"{app['label']}: {error}") from None
    acs_url = asked.acs_url or sign_on["ssoAcsUrl"]
    return post_form(acs_url, response, asked.relay_state, origin=visit.origin, part="Okta", tenant=visit.tenant)


def _assertion(person: Person, session: Session, asked: Asked) -> Assertion:
    sign_on = person.app["settings"]["signOn"]
    name_id = person.name_id()
    if not name_id:
        raise Unanswerable(f"{sign_on['subjectNameIdTemplate']} is empty for this user.")
    return Assertion(
        issuer=saml_metadata.issuer(person.app),
        audience=sign_on["audience"],
        recipient=asked.acs_url or sign_on["recipient"],
        in_response_to=asked.id,
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
