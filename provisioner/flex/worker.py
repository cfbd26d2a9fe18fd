"""The TaskRouter worker that Flex makes of the claims of a login. Judging them is `sign_on`'s part. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from provisioner.flex import claims as names
from provisioner.flex.roles import ROLES

Value = str | int | bool | tuple[str | int | bool, ...]


class Worker(NamedTuple):
    """The worker of a login: its name, the roles that count, and every attribute under its bare name."""

    friendly_name: str
    roles: tuple[str, ...]
    attributes: Mapping[str, Value]


def worker(name_id: str, attributes: Mapping[str, Sequence[str]]) -> Worker:
    """The worker that Flex would make of a login without errors.

    Each claim is an attribute; one called `name.TYPE` is cast and called `name`. Raises `ValueError` for a value that
    does not fit its type: Flex then changes nothing at all (Twilio guide "SSO configuration", 400).
    """
    roles = tuple(role for role in split_roles(attributes.get("roles", ())) if role in ROLES)
    values = {
        name.rpartition(".")[0] if names.type_of(name) else name: cast(name, texts)
        for name, texts in attributes.items()
        if not names.is_namespaced(name)
    }
    return Worker(name_id, roles, values | {"roles": roles})


def split_roles(values: Sequence[str]) -> list[str]:
    """The roles of one or several values, each of which may be a list with commas; a space after a comma is common.

    Twilio's guides show both forms, and "agent, admin". Other white space stays: Flex does not trim.
    """
    return [part for value in values for part in _listed(value)]


def cast(name: str, values: Sequence[str]) -> Value:
    """The value that Flex stores for a claim. Raises `ValueError` with the text that does not fit the type.

    Nothing fits every type: an attribute is cleared by sending it empty (Twilio guide "SSO configuration").
    """
    kind = names.type_of(name)
    if kind is None:
        return values[0] if len(values) == 1 else tuple(values)
    read = _READERS[kind.removesuffix("array")]
    if kind.endswith("array"):
        return tuple(read(part) for value in values for part in _listed(value))
    if len(values) > 1:
        raise ValueError(", ".join(values))
    return read(values[0]) if "".join(values) else ""


def _listed(text: str) -> list[str]:
    return [part for part in re.split(r", *", text) if part]


def _int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READERS: Mapping[str, Callable[[str], str | int | bool]] = {"boolean": _boolean, "int": _int, "string": str}
