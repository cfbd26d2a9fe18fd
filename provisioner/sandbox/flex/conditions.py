"""For whom, from whom and for when a response is: exact, where libraries are not."""

from datetime import UTC, datetime
from typing import NoReturn

from lxml import etree

from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.flex.document import Document, text
from provisioner.sandbox.flex.refusal import NOT_VALID, RefusedError

DRIFT = 180
"""Seconds by which the conditions' clocks may differ (java-saml: ALOWED_CLOCK_DRIFT; passport-wsfed-saml2: 3 minutes).
The subject's confirmation has none: python3-saml gives none, and the stricter rule holds."""

# What the libraries behind Flex say: passport-wsfed-saml2 of audience and destination, java-saml of the issuer.
_TEXTS = {
    "Audience": "Audience is invalid. Configured: {expected}",
    "Destination": "Destination endpoint {told} did not match {expected}",
    "Issuer": "Invalid issuer in the Assertion/Response. Was '{told}', but expected '{expected}'",
}
_REMEDIES = {
    "Audience": "The identity provider's application needs it as its audience (entity ID).",
    "Destination": "The identity provider's application needs it as its ACS URL.",
    "Issuer": "Twilio Console needs the issuer that the identity provider names in its metadata (entityID).",
    "Recipient": "The identity provider's application needs it as its ACS URL and recipient.",
}
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"


def check(document: Document, connection: Connection, now: float) -> None:
    """Hold a response against its connection. Raises RefusedError.

    Two Flex connections' addresses differ in their query alone, which python3-saml does not compare.
    """
    _check_addresses(document, connection)
    _check_issuers(document, connection)
    _check_times(document, now)
    _check_session(document, now)


def in_response_to(document: Document) -> str | None:
    """The request that the response answers, or None where the identity provider began. Raises RefusedError."""
    of_response = document.root.get("InResponseTo")
    confirmed = {_confirmation(document).get("InResponseTo")}
    if confirmed - {None, of_response} or (of_response is None and confirmed != {None}):
        _refuse("The response and the subject's confirmation name different requests in InResponseTo.")
    return of_response


def _check_addresses(document: Document, connection: Connection) -> None:
    destination = document.root.get("Destination")
    if destination is not None:
        _same("Destination", destination, connection.acs_url)
    confirmation = _confirmation(document)
    _same("Recipient", confirmation.get("Recipient"), connection.acs_url)
    audiences = [text(each) for each in document.within("saml:Conditions/saml:AudienceRestriction/saml:Audience")]
    # The first only: passport-wsfed-saml2 looks at no other.
    _same("Audience", audiences[0] if audiences else None, connection.audience)


def _check_issuers(document: Document, connection: Connection) -> None:
    issuers = [*document.response("saml:Issuer"), *document.within("saml:Issuer")]
    for issuer in issuers:
        _same("Issuer", text(issuer), connection.issuer)


def _check_times(document: Document, now: float) -> None:
    found = document.within("saml:Conditions")
    if len(found) != 1:
        _refuse("The assertion has no Conditions, or more than one.")
    _check_span("The assertion", found[0].get("NotBefore"), found[0].get("NotOnOrAfter"), now, DRIFT)
    data = _confirmation(document)
    if data.get("NotOnOrAfter") is None:
        _refuse("The subject's confirmation has no NotOnOrAfter.")
    _check_span("The subject's confirmation", data.get("NotBefore"), data.get("NotOnOrAfter"), now, 0)


def _check_session(document: Document, now: float) -> None:
    found = document.within("saml:AuthnStatement")
    if len(found) != 1:
        _refuse("The assertion has no AuthnStatement, or more than one.")
    _check_span("The session", None, found[0].get("SessionNotOnOrAfter"), now, 0)


def _check_span(what: str, start: str | None, end: str | None, now: float, drift: float) -> None:
    if start is not None and (early := _epoch(start) - now) > drift:
        _refuse(f"{what} is valid from {start} on, in {early:.0f} seconds: the clocks differ, or it was made ahead.")
    if end is not None and (late := now - _epoch(end)) >= drift:
        _refuse(f"{what} was valid until {end}, {late:.0f} seconds ago.")


def _confirmation(document: Document) -> etree._Element:
    bearer = f"saml:Subject/saml:SubjectConfirmation[@Method='{_BEARER}']/saml:SubjectConfirmationData"
    found = document.within(bearer)
    if len(found) != 1:
        _refuse("The subject has no confirmation of the method bearer with its data, or more than one.")
    return found[0]


def _same(name: str, told: str | None, expected: str) -> None:
    if told != expected:
        text = _TEXTS.get(name, "").format(told=told, expected=expected)
        words = f"{name} is {told or 'missing'}; expected is exactly {expected}. {_REMEDIES[name]}"
        raise RefusedError(NOT_VALID, words, text)


def _epoch(stamp: str) -> float:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        _refuse(f"{stamp!r} is no time.")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _refuse(words: str) -> NoReturn:
    raise RefusedError(NOT_VALID, words)
