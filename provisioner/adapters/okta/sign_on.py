"""The `settings.signOn` part of a SAML application: what the plan makes of it, and what a diff shows of it. Pure.

Okta says the same thing in several ways ("", null, absent; defaults spelled out or not); the fields say it in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from provisioner.adapters.okta import statements
from provisioner.core.resource import Value, as_value
from provisioner.flex.addresses import acs_url, audience

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

# What Okta's document requires at creation and the plan otherwise leaves alone.
REQUIRED = {"requestCompressed": False}

_NAME_ID = {
    "unspecified": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "emailAddress": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "x509SubjectName": "urn:oasis:names:tc:SAML:1.1:nameid-format:x509SubjectName",
    "persistent": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "transient": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
}
_CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
# Okta keeps and returns its default issuer as this template, unexpanded (recordings of POST /apps).
_DEFAULT_ISSUER = "http://www.okta.com/${org.externalKey}"
# Members with a field of their own; any other one that the plan sets shows as `settings.NAME`.
_OWN_FIELD = {
    *("ssoAcsUrl", "recipient", "destination", "audience", "defaultRelayState", "idpIssuer", "inlineHooks"),
    *("subjectNameIdFormat", "subjectNameIdTemplate", "responseSigned", "assertionSigned", "signatureAlgorithm"),
    *("digestAlgorithm", "assertionEncryption", "honorForceAuthn", "authnContextClassRef", "attributeStatements"),
    *("allowMultipleAcsEndpoints", "acsEndpoints", "samlSignedRequestEnabled"),
}


def wanted(plan: OktaPlan) -> Json:
    """Every line of the Flex guide's table for Okta, with the plan's further settings laid over it."""
    app = plan.application
    sign_on: Json = {
        "ssoAcsUrl": acs_url(plan.flex),
        "allowMultipleAcsEndpoints": False,
        "acsEndpoints": [],
        "audience": audience(plan.flex),
        "defaultRelayState": "",
        "subjectNameIdFormat": _NAME_ID[app.name_id.format],
        "subjectNameIdTemplate": app.name_id.template,
        "responseSigned": True,
        "assertionSigned": True,
        "signatureAlgorithm": "RSA_SHA256",
        "digestAlgorithm": "SHA256",
        "assertionEncryption": {"enabled": False},
        "inlineHooks": [],
        # Flex does not sign its requests (a real one is quoted in a comment of bruno222/twilio-flex-plugin-sso). The
        # member stands in recordings 01 to 03 and 05, and not in Okta's document.
        "samlSignedRequestEnabled": False,
        "authnContextClassRef": _CONTEXT + "PasswordProtectedTransport",
        "honorForceAuthn": True,
        "idpIssuer": _DEFAULT_ISSUER,
        "attributeStatements": statements.to_okta(app.attribute_statements),
        **app.settings,
    }
    acs = sign_on["ssoAcsUrl"]
    return {"recipient": acs, "destination": acs, **sign_on}


def fields(plan: OktaPlan, sign_on: Json) -> dict[str, Value]:
    """The fields of the plan's interest: those of the guide's table, and `settings.NAME` for each further setting."""
    further = {key: value for key, value in plan.application.settings.items() if key not in _OWN_FIELD}
    return {
        **_addresses(sign_on),
        **_subject(sign_on),
        **_protection(sign_on),
        **statements.fields(sign_on.get("attributeStatements") or (), plan.application.attribute_statements),
        **{f"settings.{key}": as_value(_reduced(sign_on.get(key), value)) for key, value in further.items()},
    }


def _addresses(sign_on: Json) -> dict[str, Value]:
    acs = sign_on.get("ssoAcsUrl")
    return {
        "acs_url": acs,
        "recipient": _unless(sign_on.get("recipient"), acs),
        "destination": _unless(sign_on.get("destination"), acs),
        "further_acs_urls": _further_acs_urls(sign_on),
        "audience": sign_on.get("audience"),
        "relay_state": sign_on.get("defaultRelayState") or None,
        "issuer": _unless(sign_on.get("idpIssuer"), _DEFAULT_ISSUER),
    }


def _further_acs_urls(sign_on: Json) -> Value:
    """Where else a login may have its response sent; empty and not None: that is allowed, and no address is named."""
    endpoints = as_value(sign_on.get("acsEndpoints") or [])
    return endpoints if sign_on.get("allowMultipleAcsEndpoints") else endpoints or None


def _subject(sign_on: Json) -> dict[str, Value]:
    short = {urn: name for name, urn in _NAME_ID.items()}
    urn = sign_on.get("subjectNameIdFormat")
    return {"name_id.format": short.get(str(urn), urn), "name_id.template": sign_on.get("subjectNameIdTemplate")}


def _protection(sign_on: Json) -> dict[str, Value]:
    encryption: Json = sign_on.get("assertionEncryption") or {}
    return {
        "response_signed": bool(sign_on.get("responseSigned")),
        "assertion_signed": bool(sign_on.get("assertionSigned")),
        "signature_algorithm": sign_on.get("signatureAlgorithm"),
        "digest_algorithm": sign_on.get("digestAlgorithm"),
        "encryption": bool(encryption.get("enabled")),
        "signed_requests": bool(sign_on.get("samlSignedRequestEnabled")),
        "inline_hooks": tuple(str(hook["id"]) for hook in sign_on.get("inlineHooks") or ()) or None,
        "authn_context": str(sign_on.get("authnContextClassRef") or "").removeprefix(_CONTEXT) or None,
        "honor_force_authn": bool(sign_on.get("honorForceAuthn")),
    }


def _unless(value: str | None, default: str | None) -> str | None:
    return None if value in {default, "", None} else value


def _reduced(there: Any, here: Any) -> Any:
    """What the tenant has, less what the plan does not name inside it and less how Okta folds long lines."""
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        return {key: _reduced(there.get(key), value) for key, value in here.items()}
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        return [_reduced(*pair) for pair in zip(there, here, strict=True)]
    # A certificate comes back with a line break after every 76 characters.
    if isinstance(there, str) and isinstance(here, str) and _unfolded(there) == _unfolded(here):
        return here
    return there


def _unfolded(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")
