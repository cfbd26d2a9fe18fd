"""Three service providers of other people, as strict as each can be: they say why they refuse a response."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from tests.saml.idp import ACS, AUDIENCE, BEARER, ISSUER, SAML, SAMLP, form_value, idp

Verdicts = Mapping[str, str | None]
"""The reason of the refusal by the response's name; None where it is taken."""

ASKED = "_asked"
NODE = Path(__file__).parents[1] / "node"


def python3_saml(responses: Mapping[str, bytes]) -> Verdicts:
    """OneLogin's toolkit, of the same family as what stands behind legacy SSO."""
    return {name: _python3_saml(document) for name, document in responses.items()}


def _python3_saml(document: bytes) -> str | None:
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": AUDIENCE, "assertionConsumerService": {"url": ACS}},
            "idp": {
                "entityId": ISSUER,
                "singleSignOnService": {"url": "https://idp.acme.example/sso"},
                "x509cert": idp().pem,
            },
            "security": {"wantMessagesSigned": True, "wantNameId": True, "rejectDeprecatedAlgorithm": True},
        }
    )
    url = urlsplit(ACS)
    request = {"https": "on", "http_host": url.netloc, "script_name": url.path, "get_data": {}, "post_data": {}}
    try:
        response = OneLogin_Saml2_Response(settings, form_value(document))
        if not response.is_valid(request, ASKED if b"InResponseTo" in document else None):
            return str(response.get_error())
        # A login reads both; what is amiss with them is told only then.
        response.get_nameid()
        response.get_attributes()
        return _meant_for_others(response.get_xml_document())
    except Exception as error:  # whatever it stumbles over, it does not let the person in
        return f"{type(error).__name__}: {error}"


def _meant_for_others(document: etree._Element) -> str | None:
    """Recipient and Destination by equality: the library leaves out the query, by which alone two Flexes differ."""
    data = document.find(f".//{{{SAML}}}SubjectConfirmation[@Method='{BEARER}']/{{{SAML}}}SubjectConfirmationData")
    recipient = None if data is None else data.get("Recipient")
    return None if (recipient, document.get("Destination")) == (ACS, ACS) else "meant for another address"


def pysaml2(responses: Mapping[str, bytes]) -> Verdicts:
    """pysaml2, which checks signatures with the program `xmlsec1`."""
    from saml2.client import Saml2Client
    from saml2.config import SPConfig

    config = SPConfig()
    config.load(
        {
            "entityid": AUDIENCE,
            "xmlsec_binary": shutil.which("xmlsec1"),
            "metadata": {"inline": [_metadata()]},
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(ACS, _POST)]},
                    "allow_unsolicited": True,
                    "want_response_signed": True,
                    "want_assertions_signed": False,
                }
            },
        }
    )
    with warnings.catch_warnings():
        # It leaves it to the collector to close its temporary files.
        warnings.simplefilter("ignore", ResourceWarning)
        client = Saml2Client(config)
        verdicts = {name: _pysaml2(client, document) for name, document in responses.items()}
        del client, config
        gc.collect()
    return verdicts


_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def _pysaml2(client: Any, document: bytes) -> str | None:
    try:
        response = client.parse_authn_request_response(form_value(document), _POST, outstanding={ASKED: "/"})
        return None if response is not None and response.assertion is not None else "no assertion"
    except Exception as error:  # whatever it stumbles over, it does not let the person in
        return f"{type(error).__name__}: {error}"


def _metadata() -> str:
    certificate = "".join(idp().pem.splitlines()[1:-1])
    return (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ISSUER}">'
        f'<IDPSSODescriptor protocolSupportEnumeration="{SAMLP}"><KeyDescriptor use="signing">'
        '<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
        f"<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        f'<SingleSignOnService Binding="{_POST}" Location="https://idp.acme.example/sso"/>'
        "</IDPSSODescriptor></EntityDescriptor>"
    )


def node_saml(responses: Mapping[str, bytes]) -> Verdicts:
    """node-saml, one process for all responses."""
    options = {
        "idpCert": idp().pem,
        "issuer": AUDIENCE,
        "audience": AUDIENCE,
        "callbackUrl": ACS,
        "idpIssuer": ISSUER,
        "wantAuthnResponseSigned": True,
        "wantAssertionsSigned": False,
        "validateInResponseTo": "ifPresent",
        "acceptedClockSkewMs": 180_000,
    }
    encoded = {name: form_value(document) for name, document in responses.items()}
    work = json.dumps({"options": options, "requests": [ASKED], "responses": encoded})
    done = subprocess.run(
        ["node", str(NODE / "verify.js")], input=work, capture_output=True, text=True, check=True, timeout=120
    )
    verdicts: Verdicts = json.loads(done.stdout)
    return verdicts
