"""Passwords, recovery questions and providers of users; secrets stay in the user's `hidden` part."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import passwords
from provisioner.sandbox.okta import errors, imported_passwords, shapes, user_profile

Body = dict[str, Any]

SANDBOX_PASSWORD = "sandbox-password"  # noqa: S105 - the documented password of the people that the sandbox plays
_HASH = shapes.record(
    {
        "algorithm": shapes.one_of("BCRYPT", "SHA-512", "SHA-256", "SHA-1", "MD5", "PBKDF2"),
        "salt": shapes.text,
        "saltOrder": shapes.text,
        "value": shapes.text,
        "workFactor": shapes.whole,
        "digestAlgorithm": shapes.text,
        "iterationCount": shapes.whole,
        "keySize": shapes.whole,
    }
)
_PROVIDER = shapes.record(
    {
        "type": shapes.one_of("ACTIVE_DIRECTORY", "FEDERATION", "IMPORT", "LDAP", "OKTA", "SOCIAL"),
        "name": shapes.text,
    }
)
SHAPE = shapes.record(
    {
        "password": shapes.record({"value": shapes.text, "hash": _HASH, "hook": shapes.record({"type": shapes.text})}),
        "recovery_question": shapes.record({"question": shapes.text, "answer": shapes.text}),
        "provider": _PROVIDER,
        "emails": shapes.array(shapes.open_object),
    }
)
_IMPORT = {"type": "IMPORT", "name": "IMPORT"}


def take(user: Body, given: Body, now: str) -> None:
    """Take over whatever credentials were given (recordings 21 and 23); what is not named stays."""
    password = given.get("password") or {}
    if password.get("value") is not None:
        user_profile.check_password(password["value"], user["profile"]["login"])
        set_password(user, password["value"])
    if password.get("hash"):
        user["credentials"] |= {"password": {}, "provider": _IMPORT}
        user["hidden"] = {"hash": password["hash"]}
    if password.get("hash") or password.get("value") is not None:
        user["passwordChanged"] = now
        user["statusChanged"] = user["statusChanged"] or now
    question = given.get("recovery_question") or {}
    if question.get("question"):
        if not question.get("answer"):
            raise errors.invalid("recovery_question", "recovery_question: The answer cannot be left blank")
        user["credentials"]["recovery_question"] = {"question": question["question"]}
    provider = given.get("provider")
    if provider and user["credentials"]["provider"] != _IMPORT:
        user["credentials"]["provider"] = {"type": provider.get("type"), "name": provider.get("name")}


def set_password(user: Body, password: str) -> None:
    """Give the user a password; only a salted digest is kept."""
    user["credentials"]["password"] = {}
    user["hidden"] = passwords.digested(password)


def matches(user: Body, password: str) -> bool:
    """Whether this is the user's password, be it given or imported."""
    imported = user["hidden"].get("hash")
    return imported_passwords.matches(imported, password) if imported else passwords.matches(user["hidden"], password)
