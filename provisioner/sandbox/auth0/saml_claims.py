"""What a SAML response says about a user: claims from the profile and from Actions, and the NameID among them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from provisioner.sandbox.auth0.login_errors import Misled
from provisioner.sandbox.auth0.saml_options import CLAIMS
from provisioner.sandbox.saml.response import Attribute

Body = dict[str, Any]

_OWN = "http://schemas.auth0.com"
_MAPPINGS = {
    "user_id": f"{CLAIMS}/nameidentifier",
    "email": f"{CLAIMS}/emailaddress",
    "name": f"{CLAIMS}/name",
    "given_name": f"{CLAIMS}/givenname",
    "family_name": f"{CLAIMS}/surname",
    "upn": f"{CLAIMS}/upn",
    "groups": "http://schemas.xmlsoap.org/claims/Group",
}
"""What a new add-on shows in the dashboard; mappings of the add-on's own change single fields of it, as the vendor's
page for Atlassian shows, which probes for an address that it does not map."""
_UNSAID = frozenset({"app_metadata", "user_metadata", "identities", "blocked", "phone_verified", "password", "index"})
_UNSAID |= {"last_login", "last_ip", "logins_count", "last_password_reset"}
"""Fields that no public response of the vendor shows as a claim."""
_DATES = ("created_at", "updated_at")
_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~%-]*")
_NAME = re.compile(r"(?!\d)[\w:][\w:.\-·]*")


def claims(client: Body, user: Body, settings: Body, attributes: Body) -> Body:
    """Claims by name, in the vendor's order. `attributes` are the Actions', which count last; null removes a claim.

    Names, order and times are those of public responses (fixtures of django-allauth and logto); that null removes
    is said on the vendor's page on the API of Actions; that app_metadata counts as profile, on that on metadata.
    """
    profile = _profile(client, user)
    mappings = _MAPPINGS | settings["mappings"]
    found: Body = {}
    for field, names in mappings.items():
        if profile.get(field) is not None:
            found |= dict.fromkeys([names] if isinstance(names, str) else names, profile[field])
    if settings["createUpnClaim"] and user.get("email"):
        found.setdefault(f"{CLAIMS}/upn", user["email"])
    if settings["mapIdentities"]:
        identity = user["identities"][0]
        found |= {
            f"{_OWN}/identities/default/{name}": identity[name] for name in ("connection", "provider", "isSocial")
        }
    if settings["passthroughClaimsWithNoMapping"]:
        prefix = "" if settings["mapUnknownClaimsAsIs"] else f"{_OWN}/"
        found |= {f"{prefix}{name}": profile[name] for name in sorted(profile.keys() - mappings.keys())}
    return {name: value for name, value in (found | attributes).items() if value is not None}


def _profile(client: Body, user: Body) -> Body:
    said: Body = {name: value for name, value in user.items() if name not in _UNSAID}
    dates = {name: datetime.fromisoformat(said[name]) for name in _DATES if name in said}
    metadata: Body = user.get("app_metadata", {})
    return said | dates | {"clientID": client["client_id"]} | metadata


def name_id(found: Body, settings: Body) -> str:
    """The value of the first claim among the probes that has one. Raises Misled, in the words of node-samlp."""
    for probe in settings["nameIdentifierProbes"]:
        if found.get(probe):
            value = found[probe]
            return _text(value[0] if isinstance(value, list) else value)
    tried = ", ".join(map(str, settings["nameIdentifierProbes"]))
    raise Misled(f"No attribute was found to generate the nameIdentifier. We tried with: {tried}", "invalid_subject")


def statements(found: Body, settings: Body) -> list[Attribute]:
    """The claims as attributes with types and name formats as node-saml infers them; an empty list is left out.

    Values of several types in one list share `xs:anyType`, where node-saml marks each by itself.
    """
    made = []
    for name, value in found.items():
        values = value if isinstance(value, list) else [value]
        types = {_type(each) for each in values} if settings["typedAttributes"] else set()
        kind = types.pop() if len(types) == 1 else "xs:anyType"
        name_format = _name_format(name) if settings["includeAttributeNameFormat"] else None
        if values:
            made.append(Attribute(name, name_format, [_text(each) for each in values], kind))
    return made


def _name_format(name: str) -> str:
    if _URI.fullmatch(name):
        return f"{_FORMAT}:uri"
    return f"{_FORMAT}:basic" if _NAME.fullmatch(name) else f"{_FORMAT}:unspecified"


def _type(value: Any) -> str:
    if isinstance(value, str):
        return "xs:string"
    if isinstance(value, bool):
        return "xs:boolean"
    return "xs:double" if isinstance(value, int | float) else "xs:anyType"


def _text(value: Any) -> str:
    """The value as JavaScript makes text of it."""
    if isinstance(value, datetime):
        return f"{value:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
