"""What a user's profile and password may be: the rules of the schema and of the default password policy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from provisioner.sandbox.okta import errors, links

Body = dict[str, Any]

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_ALWAYS_SHOWN = ("firstName", "lastName", "mobilePhone", "secondEmail", "login", "email")
"""Shown as null where they have no value; any other attribute without one is left out (recording 22)."""
_FORMATS: dict[str, Callable[[str], object]] = {
    "email": EMAIL.fullmatch,
    "uri": links.is_link,
    "country-code": lambda text: re.fullmatch(r"[A-Za-z]{2}", text),
    "language-code": lambda text: re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text),
    "locale": lambda text: re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text),
    "timezone": lambda text: text in available_timezones(),
}
_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def same_login(login: str) -> str:
    """The form in which two logins are compared: without case and diacritics (OpenAPI: UserProfile.login)."""
    return "".join(char for char in unicodedata.normalize("NFKD", login.casefold()) if not unicodedata.combining(char))


def check(profile: Body, schema: dict[str, Body]) -> None:
    """Refuse a profile that breaks the schema, with all causes at once, required attributes first.

    The order and the wording for required attributes and the login are rapid7/insightconnect-plugins PR 315's; the
    unknown attribute is recording 24; the other wordings are guesses.
    """
    causes = _blank(profile, schema) + _wrong(profile, schema)
    # A pattern of the org's own takes the place of the e-mail form (OpenAPI: UserProfile.login).
    if "pattern" not in schema["login"] and not EMAIL.fullmatch(str(profile.get("login") or "")):
        causes.append("login: Username must be in the form of an email address")
    if causes:
        raise errors.invalid(causes[0].partition(":")[0], *causes)
    unknown = [f"Property name '{name}' is not defined in profile" for name in profile if name not in schema]
    if unknown:
        raise errors.invalid("newUser", *unknown)


def _blank(profile: Body, schema: dict[str, Body]) -> list[str]:
    required = [name for name, attribute in schema.items() if attribute.get("required")]
    return [f"{name}: The field cannot be left blank" for name in required if profile.get(name) in (None, "", [])]


def _wrong(profile: Body, schema: dict[str, Body]) -> list[str]:
    given = {name: value for name, value in profile.items() if name in schema and value not in (None, "")}
    problems = {name: _problem(value, schema[name]) for name, value in given.items()}
    return [f"{name}: {problem}" for name, problem in problems.items() if problem]


def _problem(value: Any, attribute: Body) -> str | None:
    """What is wrong with a value, or None."""
    if not _TYPES[attribute["type"]](value):
        return f"The value must be of type {attribute['type']}"
    if isinstance(value, list):
        item = attribute["items"]
        return next((problem for entry in value if (problem := _problem(entry, item))), None)
    if attribute.get("enum") and value not in attribute["enum"]:
        return "The value is not one of the allowed values"
    return _text_problem(value, attribute) if isinstance(value, str) else None


def _text_problem(value: str, attribute: Body) -> str | None:
    if len(value) < attribute.get("minLength", 0) or len(value) > attribute.get("maxLength", len(value)):
        return "The length of the value is out of range"
    if "format" in attribute and not _FORMATS.get(attribute["format"], bool)(value):
        return "Does not match required pattern"
    if "pattern" in attribute and not re.fullmatch(attribute["pattern"], value):
        return "Does not match required pattern"
    return None


def shown(profile: Body) -> Body:
    """The profile as an answer holds it: the fixed attributes, and whatever else has a value (recording 22)."""
    filled = {name: value for name, value in profile.items() if value not in (None, "")}
    return dict.fromkeys(_ALWAYS_SHOWN) | filled


def check_password(password: str, login: str) -> None:
    """Refuse a password that the default policy forbids (the policy's own text in E0000001, from memory of the vendor's
    console; not recorded)."""
    parts = [part for part in re.split(r"[^a-z0-9]+", login.lower()) if len(part) >= 4]
    wanted = (r".{8}", r"[a-z]", r"[A-Z]", r"[0-9]")
    if not all(re.search(pattern, password) for pattern in wanted) or any(part in password.lower() for part in parts):
        raise errors.invalid(
            "password",
            "password: Password requirements were not met. Password requirements: at least 8 characters, a lowercase"
            " letter, an uppercase letter, a number, no parts of your username.",
        )
