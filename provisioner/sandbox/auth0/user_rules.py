"""What the body of a user may hold, and what a password must be like."""

from __future__ import annotations

import string
from typing import Any

from provisioner.sandbox.auth0 import errors
from provisioner.sandbox.auth0.shapes import OBJECT, Shape, choice, email, flag, nullable, record, text, url

Body = dict[str, Any]

_NAMES: dict[str, Shape] = {
    "email": text(form=email),
    "phone_number": text(pattern=r"^\+[0-9]{1,15}$"),
    "given_name": text(1, 150),
    "family_name": text(1, 150),
    "name": text(1, 300),
    "nickname": text(1, 300),
    "picture": text(form=url),
    "password": text(1),
    "username": text(1, 128),
}
_FLAGS = dict.fromkeys(("blocked", "email_verified", "phone_verified", "verify_email"), flag)
_METADATA = dict.fromkeys(("user_metadata", "app_metadata"), OBJECT)
CREATE = record(_NAMES | _FLAGS | _METADATA | {"user_id": text(0, 255, r"^\S*$"), "connection": text(1)}, "connection")
"""OpenAPI: createUser."""
UPDATE = record(
    {name: nullable(shape) for name, shape in _NAMES.items()}
    | _FLAGS
    | _METADATA
    | {"verify_phone_number": flag, "connection": text(1), "client_id": text(1)},
    least=1,
)
"""OpenAPI: updateUser, whose text lists what may be changed; nulls clear."""
SEARCH_ENGINES = choice("v3")
_RESERVED = {"blocked", "created_at", "email", "email_verified", "identities", "metadata", "user_id", "loginsCount"}
_RESERVED |= {"clientID", "global_client_id", "globalClientID", "lastIP", "lastLogin"}
_KINDS = {
    "lowercase": string.ascii_lowercase,
    "uppercase": string.ascii_uppercase,
    "number": string.digits,
    "special": string.punctuation + " ",
}
"""Of these four kinds of characters a good password has three; a space is a special one (replay: TestUserManager)."""


def check_metadata(given: Body) -> None:
    """Refuse field names that metadata must not have (vendor's page on metadata fields; the words are a guess)."""
    for place in ("user_metadata", "app_metadata"):
        bad = [name for name in given.get(place) or {} if "." in name or "$" in name]
        if bad:
            raise errors.bad_request(f"Metadata field names must not contain '.' or '$': {', '.join(bad)}")
    reserved = sorted(_RESERVED & (given.get("app_metadata") or {}).keys())
    if reserved:
        raise errors.bad_request(f"The following fields cannot be set in app_metadata: {', '.join(reserved)}")


def check_password(connection: Body, password: str) -> None:
    """Refuse a password that the connection's policy calls weak (public issue auth0-java 283).

    The newer options have a length and kinds of their own, all or three of which are needed (OpenAPI:
    ConnectionPasswordOptionsComplexity); their other rules are not played.
    """
    options = connection["options"]
    newer = (options.get("password_options") or {}).get("complexity") or {}
    least = newer.get("min_length") or (options.get("password_complexity_options") or {}).get("min_length", 8)
    wanted = set(newer.get("character_types", _KINDS if options.get("passwordPolicy") in {"good", "excellent"} else ()))
    needed = len(wanted) if newer.get("character_type_rule") == "all" else min(len(wanted), 3)
    present = [name for name in wanted if any(char in _KINDS[name] for char in password)]
    if len(password) < least or len(present) < needed:
        raise errors.bad_request("PasswordStrengthError: Password is too weak", None)
