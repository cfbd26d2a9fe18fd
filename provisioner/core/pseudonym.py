"""People in reports: a name that stays the same for the same person and does not tell who that is. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from provisioner.core.resource import Value

_PREFIX = "sha256-"
# Whoever is behind a resource of these kinds is its key, whatever form the login has.
_PERSONAL = ("user", "membership", "direct_assignment", "person_beside_the_plan")
# What stands on a person and does not tell who it is.
_IMPERSONAL = {"group", "status", "blocked"}
_ADDRESS = re.compile(rf"\b({'|'.join(_PERSONAL)}):(?!{_PREFIX})([^\s,;()*]*[^\s,;()*.:])")
_EMAIL = re.compile(r"[^\s\"'`<>()\[\]{},;:=/|\\]+@[^\s\"'`<>()\[\]{},;:=/|\\]+")


def pseudonym(text: str) -> str:
    """`sha256-` and the first twelve hex digits of the SHA-256 of the text in lower case."""
    return f"{_PREFIX}{hashlib.sha256(text.lower().encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def in_text(text: str, *addresses: str) -> str:
    """The text with a pseudonym for everybody whom an address of a resource or an e-mail address in it names.

    Those of these `addresses` may stand in it by their names alone.
    """
    for person in filter(None, map(whose, addresses)):
        text = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", pseudonym(person), text, flags=re.I)
    text = _ADDRESS.sub(lambda found: f"{found[1]}:{pseudonym(found[2])}", text)
    return _EMAIL.sub(lambda found: pseudonym(found[0].rstrip(".")) + "." * found[0].endswith("."), text)


def of_address(address: str) -> str:
    """The address of a resource, nobody named in it."""
    kind = address.partition(":")[0]
    return f"{kind}:{pseudonym(person)}" if (person := whose(address)) else in_text(address)


def of_value(address: str, path: str, value: Value, roles: Collection[str]) -> Value:
    """A field's value: what tells of a person is a pseudonym as a whole, elsewhere the e-mail addresses in it are.

    Where roles are kept anything may stand; of that, these `roles` stay.
    """
    if isinstance(value, tuple):
        return tuple(of_value(address, path, part, roles) for part in value)
    if not isinstance(value, str):
        return value
    kept = not value.strip() or path in _IMPERSONAL or (path == "roles" and value.strip().lower() in roles)
    return in_text(value) if kept or not whose(address) else pseudonym(value)


def of_json(data: Any, kept: str) -> Any:
    """Any JSON with a pseudonym for every e-mail address in its texts, but for a path that is `kept`."""
    if isinstance(data, str):
        return kept.join(map(in_text, data.split(kept) if "@" in kept else [data]))
    if isinstance(data, Mapping):
        return {name: of_json(value, kept) for name, value in data.items()}
    return [of_json(each, kept) for each in data] if isinstance(data, list) else data


def whose(address: str) -> str:
    """Whose resource it is; "" for things."""
    kind, _, key = address.partition(":")
    return key if kind in _PERSONAL else ""
