"""The SAML endpoint of each client: what a login is asked for, whether it may begin, and how it ends."""

from __future__ import annotations

import re
import secrets
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.responses import HTMLResponse

from provisioner.sandbox.auth0 import clients, connections, login_flow, saml_answer, saml_options, user_records
from provisioner.sandbox.auth0.browser import Ask
from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.clock import iso
from provisioner.sandbox.saml import authn_request, signature
from provisioner.sandbox.saml.names import BadRequest
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

SECONDS = 3_600.0
"""How long a person may take to sign in; the vendor's figure is not public."""
_NAMED = re.compile(r"^\w*Error: ")


def asked(ask: Ask) -> Body:
    """The transaction that a service provider's request, or none, asks for. Raises Misled."""
    visit = ask.visit
    client = _client(visit, ask.request.path_params["client_id"])
    try:
        wanted, relay_state = _read(ask)
        if wanted:
            _check_signature(client, ask, wanted)
    except BadRequest as error:
        raise Misled(str(error)) from error
    return {
        "id": secrets.token_urlsafe(32),
        "client_id": client["client_id"],
        "acs_url": _acs_url(client, wanted.acs_url if wanted else ""),
        "issuer": wanted.issuer if wanted else "",
        "request_id": wanted.id if wanted else "",
        "force": bool(wanted and wanted.force_authn),
        "relay_state": relay_state,
        "connections": _connections(visit, client, ask.query.get("connection")),
        "ends": visit.world.clock.now() + SECONDS,
    }


def _client(visit: Visit, client_id: str) -> Body:
    client = clients.find(visit, client_id)
    if client is None:
        raise Misled(f"Unknown client: {client_id}")
    if saml_options.addon(client) is None:
        # The vendor's words for this are not public.
        raise Misled(f"The SAML2 add-on of the client {client['name']} is not enabled")
    return client


def _read(ask: Ask) -> tuple[authn_request.AuthnRequest | None, str]:
    """The request in either binding; none where the login begins here."""
    if "SAMLRequest" in ask.form:
        return authn_request.read_post(ask.form)
    if "SAMLRequest" in ask.query:
        return authn_request.read(ask.query)
    return None, ask.form.get("RelayState", ask.query.get("RelayState", ""))


def _check_signature(client: Body, ask: Ask, wanted: authn_request.AuthnRequest) -> None:
    """Requests must be signed where the add-on has the service provider's certificate (vendor's page on its fields)."""
    pem = (saml_options.addon(client) or {}).get("signingCert")
    if not pem:
        return
    try:
        certificate = x509.load_pem_x509_certificate(str(pem).encode()).public_bytes(Encoding.DER)
    except ValueError as error:
        raise BadRequest("signingCert is no certificate") from error
    if "SAMLRequest" in ask.form:
        signature.check_enveloped(wanted.document, certificate)
    else:
        signature.check_redirect(ask.request.url.query, certificate)


def _acs_url(client: Body, wanted: str) -> str:
    """Where the response goes: where the request asks for, if that is allowed, or else the first callback.

    The words are those of the vendor's support article on callback URLs.
    """
    allowed = client.get("callbacks", [])
    if not allowed:
        raise Misled("The client has no allowed callback URL", "redirect_uri_mismatch")
    if wanted and wanted not in allowed:
        raise Misled(f"{wanted} is not in the list of allowed callback URLs.", "Callback URL mismatch")
    return str(wanted or allowed[0])


def _connections(visit: Visit, client: Body, pinned: str | None) -> list[str]:
    """The names of the connections that the person may use; words: errors of the vendor's Authentication API."""
    enabled = [
        each["name"]
        for each in visit.documents.find("connection")
        if client["client_id"] in connections.clients_of(visit, each["id"])
    ]
    if pinned is None:
        if not enabled:
            raise Misled("no connections enabled for the client")
        return enabled
    if connections.find(visit, pinned) is None:
        raise Misled("the connection was not found")
    if pinned not in enabled:
        raise Misled("the connection was disabled")
    return [pinned]


def save(visit: Visit, transaction: Body) -> None:
    """Keep the transaction while the person signs in."""
    visit.documents.put("transaction", transaction["id"], transaction)


def find(visit: Visit, state: str) -> Body:
    """The transaction of the login page. Raises Misled where it is over or never was."""
    transaction = visit.documents.get("transaction", state)
    if transaction is None or transaction["ends"] <= visit.world.clock.now():
        raise Misled("This login has ended or never began: go back to the application and try again", "invalid_state")
    return transaction


def finish(visit: Visit, transaction: Body, user: Body) -> HTMLResponse:
    """End the login of a user who has shown who they are: Actions run, and the service provider gets its answer.

    A denial and an error of an Action both come to it as a refusal with the reason (vendor's article on
    access_denied), and so does a blocked user (public issue nuxt-auth-utils 456). Raises Misled.
    """
    visit.documents.delete("transaction", transaction["id"])
    client = _client(visit, transaction["client_id"])
    if user.get("blocked"):
        return saml_answer.refused(visit, client, transaction, "user is blocked")
    outcome = login_flow.run(visit, client, user)
    user = _counted(visit, user)
    if outcome.error is not None:
        return saml_answer.refused(visit, client, transaction, _NAMED.sub("", outcome.error))
    if outcome.denied is not None:
        return saml_answer.refused(visit, client, transaction, outcome.denied.reason)
    return saml_answer.granted(visit, client, transaction, user, outcome)


def _counted(visit: Visit, user: Body) -> Body:
    """The user with this login counted, also a denied one: the vendor counts before Actions run."""
    user = visit.documents.get("user", user["user_id"]) or user
    now = iso(visit.world.clock.now())
    user |= {"last_login": now, "last_ip": "127.0.0.1", "logins_count": user.get("logins_count", 0) + 1}
    user_records.save(visit, user | {"updated_at": now})
    return user
