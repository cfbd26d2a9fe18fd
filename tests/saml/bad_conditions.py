"""Signed responses that are for another, from another, for another time or another request."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.saml.battery import REFUSED, bad, changed, remove
from tests.saml.idp import (
    SAMLP,
    Idp,
    Login,
    add,
    assertion,
    find,
    good,
    response,
    sign,
    signed_response,
    stamp,
    xml,
)

OTHER_JQ = "JQ" + "f" * 32


@bad(REFUSED)
def another_audience(login: Login, idp: Idp) -> bytes:
    return good(replace(login, audience=f"urn:flex:{OTHER_JQ}"), idp)


@bad(REFUSED)
def no_audience(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: remove(each, "saml:Conditions/saml:AudienceRestriction"))


@bad(REFUSED)
def meant_for_another_connection(login: Login, idp: Idp) -> bytes:
    """Only the query differs; the audience is right."""
    return good(replace(login, acs=_elsewhere(login)), idp)


@bad(REFUSED)
def another_connection_s_recipient(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: find(each, _DATA).set("Recipient", _elsewhere(login)))


@bad(REFUSED)
def recipient_without_query(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: find(each, _DATA).set("Recipient", login.acs.split("?")[0]))


@bad(REFUSED)
def no_recipient(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: find(each, _DATA).attrib.pop("Recipient"))


@bad(REFUSED)
def another_connection_s_destination(login: Login, idp: Idp) -> bytes:
    root = response(login, assertion(login))
    root.set("Destination", _elsewhere(login))
    return xml(sign(root, idp))


@bad(REFUSED)
def another_host(login: Login, idp: Idp) -> bytes:
    return good(replace(login, acs=login.acs.replace("https://", "https://not-")), idp)


@bad(REFUSED)
def another_issuer(login: Login, idp: Idp) -> bytes:
    return good(replace(login, issuer="https://other.example"), idp)


@bad(REFUSED)
def another_issuer_within(login: Login, idp: Idp) -> bytes:
    """The response names the right issuer, its assertion another."""
    return xml(signed_response(login, idp, assertion(replace(login, issuer="https://other.example"))))


@bad(REFUSED)
def expired(login: Login, idp: Idp) -> bytes:
    return good(replace(login, issued=login.issued - 3600), idp)


@bad(REFUSED)
def not_yet_valid(login: Login, idp: Idp) -> bytes:
    return good(replace(login, issued=login.issued + 3600), idp)


@bad(REFUSED)
def confirmation_expired(login: Login, idp: Idp) -> bytes:
    """The conditions still hold."""
    past = stamp(login.issued - 3600)
    return changed(login, idp, lambda each: find(each, _DATA).set("NotOnOrAfter", past))


@bad(REFUSED)
def confirmation_without_end(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: find(each, _DATA).attrib.pop("NotOnOrAfter"))


@bad(REFUSED)
def session_ended(login: Login, idp: Idp) -> bytes:
    past = stamp(login.issued - 60)
    return changed(login, idp, lambda each: find(each, "saml:AuthnStatement").set("SessionNotOnOrAfter", past))


@bad(REFUSED)
def no_bearer(login: Login, idp: Idp) -> bytes:
    held = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
    return changed(login, idp, lambda each: find(each, _CONFIRMATION).set("Method", held))


@bad(REFUSED)
def no_conditions(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: remove(each, "saml:Conditions"))


@bad(REFUSED)
def no_authn_statement(login: Login, idp: Idp) -> bytes:
    return changed(login, idp, lambda each: remove(each, "saml:AuthnStatement"))


@bad(REFUSED)
def answer_to_an_unknown_request(login: Login, idp: Idp) -> bytes:
    return good(replace(login, in_response_to="_never_asked"), idp)


@bad(REFUSED)
def answer_to_two_requests(login: Login, idp: Idp) -> bytes:
    """The subject's confirmation is about another request than the response."""
    return changed(login, idp, lambda each: find(each, _DATA).set("InResponseTo", "_never_asked"))


@bad(REFUSED)
def identity_provider_refused(login: Login, idp: Idp) -> bytes:
    root = response(login, assertion(login))
    find(root, "samlp:Status/samlp:StatusCode").set("Value", "urn:oasis:names:tc:SAML:2.0:status:Requester")
    add(find(root, "samlp:Status/samlp:StatusCode"), SAMLP, "StatusCode").set(
        "Value", "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
    )
    return xml(sign(root, idp))


@bad(REFUSED)
def version_1(login: Login, idp: Idp) -> bytes:
    root = response(login, assertion(login))
    root.set("Version", "1.1")
    return xml(sign(root, idp))


_CONFIRMATION = "saml:Subject/saml:SubjectConfirmation"
_DATA = f"{_CONFIRMATION}/saml:SubjectConfirmationData"


def _elsewhere(login: Login) -> str:
    """The same address for another connection or account."""
    return re.sub("(JQ|AC)[0-9a-f]{32}", lambda sid: sid[1] + "f" * 32, login.acs)
