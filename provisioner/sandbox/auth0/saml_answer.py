"""What the service provider gets in the end: a response with an assertion, or one that says why there is none."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from lxml import etree
from starlette.responses import HTMLResponse

from provisioner.sandbox.auth0 import saml_claims, saml_metadata, saml_options
from provisioner.sandbox.auth0.actions_runtime import Outcome
from provisioner.sandbox.auth0.browser import PART
from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.clock import iso
from provisioner.sandbox.saml import response
from provisioner.sandbox.saml.names import ASSERTION, PROTOCOL
from provisioner.sandbox.saml.post_form import post_form
from provisioner.sandbox.saml.signature import placeholder
from provisioner.sandbox.world import Visit

Body = dict[str, Any]


def granted(visit: Visit, client: Body, transaction: Body, user: Body, outcome: Outcome) -> HTMLResponse:
    """The response about the user. Raises Misled where settings or values cannot be used."""
    settings = saml_options.effective(client, outcome.saml_settings)
    found = saml_claims.claims(client, user, settings, outcome.attributes)
    signs_response = settings["signResponse"]
    told = response.Assertion(
        issuer=settings.get("issuer") or saml_metadata.issuer(visit, client),
        audience=settings.get("audience") or transaction["issuer"] or transaction["acs_url"],
        recipient=settings.get("recipient") or transaction["acs_url"],
        in_response_to=transaction["request_id"] or None,
        name_id=saml_claims.name_id(found, settings),
        name_id_format=settings["nameIdentifierFormat"],
        attributes=saml_claims.statements(found, settings),
        issued=visit.world.clock.now(),
        lifetime=settings["lifetimeInSeconds"] or 3_600,
        session_index=f"_{secrets.token_urlsafe(24)}",
        authn_context=settings["authnContextClassRef"],
    )
    try:
        document = response.signed(
            told,
            saml_options.signer(visit, settings),
            destination=settings.get("destination") or transaction["acs_url"],
            sign_response=signs_response,
            sign_assertion=not signs_response,
        )
    except response.Unwritable as error:
        raise Misled(f"the SAML response cannot be written: {error}") from error
    return _posted(visit, transaction, document, settings.get("relayState"))


def refused(visit: Visit, client: Body, transaction: Body, reason: str) -> HTMLResponse:
    """A response without an assertion, in whose status the reason stands (vendor's community, thread 141059).

    The status is the one that node-samlp sends for errors; it is signed where responses are.
    """
    settings = saml_options.effective(client, {})
    root = etree.Element(f"{{{PROTOCOL}}}Response", nsmap={"samlp": PROTOCOL})
    root.attrib.update({"ID": f"_{secrets.token_hex(10)}", "Version": "2.0"})
    root.attrib.update({"IssueInstant": iso(visit.world.clock.now()), "Destination": transaction["acs_url"]})
    if transaction["request_id"]:
        root.set("InResponseTo", transaction["request_id"])
    issuer = etree.SubElement(root, f"{{{ASSERTION}}}Issuer", nsmap={"saml": ASSERTION})
    issuer.text = saml_metadata.issuer(visit, client)
    if settings["signResponse"]:
        root.append(placeholder())
    status = etree.SubElement(root, f"{{{PROTOCOL}}}Status")
    code = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    etree.SubElement(status, f"{{{PROTOCOL}}}StatusCode", Value=code)
    etree.SubElement(status, f"{{{PROTOCOL}}}StatusMessage").text = _writable(reason)
    if settings["signResponse"]:
        root = saml_options.signer(visit, settings).sign(root)
    document = base64.b64encode(etree.tostring(root, encoding="UTF-8", xml_declaration=True)).decode()
    return _posted(visit, transaction, document, None)


def _writable(reason: str) -> str:
    """The reason without characters that XML cannot carry."""
    return "".join(char if char.isprintable() else " " for char in reason)


def _posted(visit: Visit, transaction: Body, document: str, relay_state: Any) -> HTMLResponse:
    state = str(relay_state or transaction["relay_state"])
    return post_form(transaction["acs_url"], document, state, origin=visit.origin, part=PART, tenant=visit.tenant)
