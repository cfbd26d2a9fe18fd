"""The assertion consumer service: what stands between a posted response and a worker who is signed in."""

from typing import NoReturn

from provisioner.sandbox.flex import authn, claims, conditions, document
from provisioner.sandbox.flex import signature as signatures
from provisioner.sandbox.flex.claims import Claims
from provisioner.sandbox.flex.connection import Connection
from provisioner.sandbox.flex.document import Document
from provisioner.sandbox.flex.refusal import NOT_VALID, SETTINGS, RefusedError
from provisioner.sandbox.world import Visit


def accept(visit: Visit, connection: Connection, value: str, relay_state: str) -> Claims:
    """Give what the response says once all of it holds, and never accept it again. Raises RefusedError.

    A request is used up, and an assertion remembered, only by a login that succeeds.
    """
    now = visit.world.clock.now()
    posted = document.read(value)
    conditions.check(posted, connection, now)
    signatures.check(value, posted, connection, now)
    with visit.documents.transaction():
        _check_origin(visit, connection, posted, relay_state)
        _check_first_use(visit, posted)
        return claims.read(posted)


def _check_origin(visit: Visit, connection: Connection, posted: Document, relay_state: str) -> None:
    request = conditions.in_response_to(posted)
    if request is None:
        _check_unasked(connection, relay_state)
        return
    sent = visit.documents.get("request", request)
    if sent is None or sent["sid"] != connection.sid:
        _refuse(f"InResponseTo is {request}: Flex sent no such request, or it was answered already.")
    if visit.world.clock.now() - sent["sent"] > authn.LIFETIME:
        _refuse(f"The request {request} was sent more than {authn.LIFETIME // 60} minutes ago.")
    if relay_state != sent["relay_state"]:
        _refuse("RelayState did not come back as Flex sent it with its request.")
    visit.documents.delete("request", request)


def _check_unasked(connection: Connection, relay_state: str) -> None:
    """A login that the identity provider begins (guides: set a default redirect URL, leave RelayState blank)."""
    if not connection.default_redirect_url:
        raise RefusedError(
            SETTINGS,
            "The identity provider began this login, for which Flex needs a Default redirect URL: it has no other way "
            "to know where to go on.",
        )
    if relay_state:
        _refuse("The identity provider sent a RelayState although Flex had asked nothing: leave it blank there.")


def _check_first_use(visit: Visit, posted: Document) -> None:
    identifier = str(posted.assertion.get("ID"))
    if visit.documents.get("assertion", identifier) is not None:
        _refuse(f"The assertion {identifier} was used already.")
    visit.documents.put("assertion", identifier, {"used": visit.world.clock.now()})


def _refuse(words: str) -> NoReturn:
    raise RefusedError(NOT_VALID, words)
