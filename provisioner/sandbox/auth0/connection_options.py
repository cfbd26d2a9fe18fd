"""Options of database connections: what the vendor adds to the given ones, and which it refuses together.

All of it is recorded (replay: POST and PATCH of connections in TestAccConnection… and TestConnectionManager_…). The
recorded tenants differ in one thing: some give a connection `password_options` in place of `passwordPolicy`, or both,
without being asked. The sandbox plays the others, which are more.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from provisioner.sandbox.auth0 import errors

Body = dict[str, Any]

_NEW = {
    "mfa": {"active": True, "return_enroll_settings": True},
    "strategy_version": 2,
    "passkey_options": {
        "challenge_ui": "both",
        "progressive_enrollment_enabled": True,
        "local_enrollment_enabled": True,
    },
    "brute_force_protection": True,
}
_PASSWORD = {"enabled": True, "api_behavior": "required", "signup_behavior": "allow"}
_OFF = {"enabled": False}
_PERSONAL = ["name", "username", "nickname", "email", "phone_number"]
_PASSWORD_OPTIONS: dict[str, Body] = {
    "complexity": {
        "character_type_rule": "all",
        "identical_characters": "allow",
        "sequential_characters": "allow",
        "max_length_exceeded": "error",
        "min_length": 15,
        "character_types": [],
    },
    "profile_data": {
        "active": False,
        "blocked_fields": [*_PERSONAL, *(f"user_metadata.{name}" for name in ("name", "first", "last"))],
    },
    "history": {"active": False, "size": 3},
    "dictionary": {"active": False, "custom": [], "default": "en_100k"},
}
_KEPT = ("passkey_options", "authentication_methods")


def of_new(given: Body) -> Body:
    """The options of a new connection."""
    _check(given)
    policy = {} if "password_options" in given else {"passwordPolicy": "good"}
    methods = {"password": _PASSWORD, "passkey": _OFF}
    return _NEW | policy | {"authentication_methods": methods} | _completed(given)


def in_place_of(before: Body, given: Body) -> Body:
    """The options after an update: they are replaced as a whole, but for ways to sign in, which stay unless given."""
    _check(given)
    if given.get("attributes", {}).get("email", {}).get("unique") is False:
        raise errors.bad_request("cannot add non-unique email attribute")
    kept = {name: before[name] for name in _KEPT if name in before}
    return {"brute_force_protection": True} | kept | _completed(given)


def _completed(given: Body) -> Body:
    options = dict(given)
    if "authentication_methods" in given:
        methods = given["authentication_methods"]
        others = dict.fromkeys(("passkey", "email_otp", "phone_otp"), _OFF)
        options["authentication_methods"] = others | methods | {"password": _PASSWORD | methods.get("password", {})}
    if "password_options" in given:
        options["password_options"] = {
            name: values | given["password_options"].get(name, {}) for name, values in _PASSWORD_OPTIONS.items()
        }
    if "email" in given.get("attributes", {}):
        email = {"verification_method": "link", "unique": True} | given["attributes"]["email"]
        options["attributes"] = given["attributes"] | {"email": email}
    if "configuration" in given:
        options["configuration"] = {name: _sealed(str(value)) for name, value in given["configuration"].items()}
    return options


def _sealed(value: str) -> str:
    """Something in place of the value, which is answered encrypted."""
    return base64.b64encode(hashlib.sha512(value.encode()).digest()).decode()


def _check(given: Body) -> None:
    """Refuse what does not go together, in the recorded words."""
    attributes: dict[str, Body] = given.get("attributes", {})
    for other in ("validation", "requires_username"):
        if attributes and given.get(other):
            raise errors.bad_request(f"Cannot set both options.attributes and options.{other}")
    if attributes and not any(each.get("identifier", {}).get("active") for each in attributes.values()):
        raise errors.bad_request("attributes must contain one active identifier")
    for name, each in attributes.items():
        if each.get("profile_required") and each.get("signup", {}).get("status") == "inactive":
            raise errors.bad_request(f"attribute {name} must also be required on signup")
