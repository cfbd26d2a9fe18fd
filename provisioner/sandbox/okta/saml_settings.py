"""`settings.signOn` of SAML apps: the rules that Okta checks, and what it makes of what it is sent."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography import x509

from provisioner.sandbox.okta import errors
from provisioner.sandbox.okta.links import is_link

Body = dict[str, Any]

ISSUER = "http://www.okta.com/${org.externalKey}"
NAME_ID_FORMATS = (
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:x509SubjectName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
)
CONTEXT_CLASSES = (
    "urn:federation:authentication:windows",
    "oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
    *(
        f"urn:oasis:names:tc:SAML:2.0:ac:classes:{name}"
        for name in ("Kerberos", "Password", "PasswordProtectedTransport", "TLSClient", "unspecified", "X509")
    ),
)
_LONGEST_NAME, _LONGEST_VALUE = 512, 1024
"""Characters of an attribute statement's name and of its value (vendor's help page on attribute statements)."""
_FLAGS = ("responseSigned", "assertionSigned", "honorForceAuthn")
_REQUIRED = ("ssoAcsUrl", "audience", "recipient", "destination", "subjectNameIdTemplate")
_OVERRIDES = ("ssoAcsUrlOverride", "audienceOverride", "recipientOverride")


def custom(given: Body, fold_relay_state: bool) -> Body:
    """The settings of a custom app: checked, completed with defaults, and in the order of recording 01.

    The `…Override` fields are for apps of the catalogue: they are read here, and dropped.
    """
    _check(given)
    slo = {key: value for key, value in (given.get("slo") or {"enabled": False}).items() if value is not None}
    relay = given.get("defaultRelayState")
    made: Body = {
        "defaultRelayState": None if fold_relay_state and not relay else relay,
        "ssoAcsUrl": given["ssoAcsUrl"],
        "idpIssuer": given.get("idpIssuer") or ISSUER,
        "audience": given["audience"],
        "recipient": given["recipient"],
        "destination": given["destination"],
        "subjectNameIdTemplate": given["subjectNameIdTemplate"],
        "subjectNameIdFormat": given["subjectNameIdFormat"],
        "responseSigned": given["responseSigned"],
        "assertionSigned": given["assertionSigned"],
        "signatureAlgorithm": given.get("signatureAlgorithm") or "RSA_SHA256",
        "digestAlgorithm": given.get("digestAlgorithm") or "SHA256",
        "honorForceAuthn": given["honorForceAuthn"],
        "authnContextClassRef": given["authnContextClassRef"],
        # Recording 05: the issuer of single logout is the service provider's issuer.
        "spIssuer": slo.get("issuer") if slo["enabled"] else given.get("spIssuer"),
        "requestCompressed": bool(given.get("requestCompressed")),
        "attributeStatements": [_statement(each) for each in given.get("attributeStatements") or []],
        "inlineHooks": given.get("inlineHooks") or [],
    }
    if (given.get("spCertificate") or {}).get("x5c"):
        made["spCertificate"] = {"x5c": [_certificate(text) for text in given["spCertificate"]["x5c"]]}
    endpoints = sorted(given.get("acsEndpoints") or [], key=lambda endpoint: endpoint["index"])
    made |= {
        "assertionEncryption": given.get("assertionEncryption") or {"enabled": False},
        "allowMultipleAcsEndpoints": given["allowMultipleAcsEndpoints"],
        "acsEndpoints": [{"url": each["url"], "index": each["index"]} for each in endpoints],
        "samlSignedRequestEnabled": bool(given.get("samlSignedRequestEnabled")),
        "slo": slo,
    }
    extras = ("configuredAttributeStatements", "participateSlo", "samlAssertionLifetimeSeconds")
    return made | {name: given[name] for name in extras if given.get(name) is not None}


def catalog(mode: str, given: Body) -> Body:
    """The settings of an app of the catalogue: overrides of what the catalogue says (replay: pagerduty, sharepoint)."""
    names = ("defaultRelayState", *_OVERRIDES, *(["destinationOverride"] if mode == "SAML_2_0" else []))
    made: Body = {name: given.get(name) or None for name in names}
    if mode == "SAML_2_0":
        made["attributeStatements"] = [_statement(each) for each in given.get("attributeStatements") or []]
    return made


def _check(given: Body) -> None:
    """Refuse settings that break a rule, naming every one; the code is the vendor's, most wordings are guesses."""
    blank = [name for name in (*_REQUIRED, *_FLAGS, "allowMultipleAcsEndpoints") if given.get(name) in (None, "")]
    causes = [f"settings.signOn.{name}: The field cannot be left blank" for name in blank]
    causes += _address_problems(given)
    if given.get("subjectNameIdFormat") not in NAME_ID_FORMATS:
        causes.append("settings.signOn.subjectNameIdFormat: Invalid Name ID format")
    if given.get("authnContextClassRef") not in CONTEXT_CLASSES:
        causes.append("settings.signOn.authnContextClassRef: Invalid authentication context class")
    if not given.get("responseSigned") and not given.get("assertionSigned"):
        causes.append("settings.signOn: The response or the assertion must be signed")
    causes += _endpoint_problems(given) + _statement_problems(given.get("attributeStatements") or [])
    causes += _logout_problems(given) + _certificate_problems(given)
    if causes:
        raise errors.invalid("settings.signOn", *causes)


def _address_problems(given: Body) -> list[str]:
    wrong = [name for name in ("ssoAcsUrl", "recipient", "destination") if given.get(name) and not _url(given[name])]
    return [f"settings.signOn.{name}: Invalid URL" for name in wrong]


def _url(text: str) -> bool:
    return is_link(text, "http", "https")


def _endpoint_problems(given: Body) -> list[str]:
    endpoints = given.get("acsEndpoints") or []
    places = [endpoint.get("index") for endpoint in endpoints]
    causes = []
    if None in places or len(set(places)) < len(places) or not all(_url(each.get("url") or "") for each in endpoints):
        causes.append("settings.signOn.acsEndpoints: Each endpoint needs a URL and an index of its own")
    if len(endpoints) > 100:
        causes.append("settings.signOn.acsEndpoints: No more than 100 endpoints can be given")
    if endpoints and not given.get("allowMultipleAcsEndpoints"):
        causes.append("settings.signOn.acsEndpoints: Multiple ACS endpoints are not allowed")
    return causes


def _statement_problems(statements: list[Body]) -> list[str]:
    """Names must be there and unique over all statements (OpenAPI: SamlAttributeStatementExpression.name)."""
    if any(statement.get("type") is None for statement in statements):
        raise errors.malformed()
    names = [statement.get("name") for statement in statements]
    causes = []
    if any(not name for name in names):
        causes.append("attributeStatements: The name of a statement cannot be left blank")
    if len(set(names)) < len(names):
        causes.append("attributeStatements: The name of a statement must be unique")
    for statement in statements:
        if _too_long(statement):
            causes.append("attributeStatements: The name or value of a statement is too long")
        if statement["type"] == "EXPRESSION" and not statement.get("values"):
            causes.append(f"attributeStatements: {statement.get('name')} has no value")
        if statement["type"] == "GROUP" and not (statement.get("filterType") and statement.get("filterValue")):
            causes.append(f"attributeStatements: {statement.get('name')} has no filter")
    return causes


def _too_long(statement: Body) -> bool:
    values = statement.get("values") or []
    return len(statement.get("name") or "") > _LONGEST_NAME or any(len(value) > _LONGEST_VALUE for value in values)


def _logout_problems(given: Body) -> list[str]:
    slo = given.get("slo") or {}
    if slo.get("enabled") is None and slo:
        return ["settings.signOn.slo: enabled cannot be left blank"]
    if not slo.get("enabled"):
        return []
    causes = [f"settings.signOn.slo.{name}: The field cannot be left blank" for name in ("issuer", "logoutUrl")
              if not slo.get(name)]  # fmt: skip
    if not (given.get("spCertificate") or {}).get("x5c"):
        causes.append("settings.signOn.spCertificate: Single logout needs the service provider's certificate")
    return causes


def _certificate_problems(given: Body) -> list[str]:
    """A list of certificates holds exactly one (OpenAPI: SamlSpCertificate, SamlAssertionEncryption)."""
    lists = {name: (given.get(name) or {}).get("x5c") or [] for name in ("spCertificate", "assertionEncryption")}
    return [f"settings.signOn.{name}: There must be one certificate" for name, x5c in lists.items() if len(x5c) > 1]


def _statement(given: Body) -> Body:
    """A statement with the fields of its type alone (recording 01)."""
    own = ("values",) if given["type"] == "EXPRESSION" else ("filterType", "filterValue")
    namespace = given.get("namespace") or "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
    return {"type": given["type"], "name": given["name"], "namespace": namespace} | {name: given[name] for name in own}


def _certificate(text: str) -> str:
    """The certificate as Okta gives it back: base64 in lines of 76 that end in CR LF (recording 03)."""
    body = "".join(line for line in text.splitlines() if not line.startswith("-----"))
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError):
        raise errors.invalid("spCertificate", "settings.signOn.spCertificate: Invalid X.509 certificate") from None
    return base64.encodebytes(der).decode().replace("\n", "\r\n")
