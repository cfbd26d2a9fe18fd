"""What the attributes of a response make of a worker: required ones, roles, and types by the end of a name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.sandbox.flex.document import Document, elements, text
from provisioner.sandbox.flex.refusal import BAD_FORMAT, BAD_VALUE, INCOMPLETE, RefusedError

REQUIRED = ("roles", "full_name", "email")
ROLES = ("agent", "supervisor", "admin")
INSIGHTS_ROLES = (
    "wfo.full_access",
    "wfo.team_leader",
    "wfo.data_analyst",
    "wfo.data_auditor",
    "wfo.quality_manager",
    "wfo.quality_process_manager",
    "wfo.dashboard_viewer",
)
NAME_ID_LIMIT = 256

_INTEGER = re.compile(r"[+-]?\d+")
_CHANNEL = re.compile(r"channel\..+\.(?P<what>availability|capacity)")
_TYPED = re.compile(r"(?P<name>[^/:]+)\.(?P<type>[^./:]+)")
_NAMESPACED = re.compile("/|^urn:")


@dataclass(frozen=True)
class Claims:
    """What one login says about a person; `cleared` are attributes that came empty."""

    name_id: str
    roles: list[str]
    attributes: dict[str, Any]
    cleared: list[str] = field(default_factory=list)
    ignored_roles: list[str] = field(default_factory=list)


def read(document: Document) -> Claims:
    """Give what a checked response says. Raises RefusedError (45050, 45004, 400).

    A claim in a namespace does not reach the worker. Sources: Twilio's guide to SSO configuration (names, types, roles,
    several values; namespaces: its troubleshooting), its Flex users API (1 to 256 characters of username) and its error
    dictionary (45050).
    """
    values = {
        str(attribute.get("Name")): [text(each) for each in elements(attribute, "saml:AttributeValue")]
        for attribute in document.within("saml:AttributeStatement/saml:Attribute")
    }
    _check_required(values)
    roles, ignored = _roles(values["roles"])
    others = {_split(name): given for name, given in values.items() if name != "roles" and not _NAMESPACED.search(name)}
    attributes = {name: _cast(name, kind, given) for (name, kind), given in others.items() if any(given)}
    cleared = [name for (name, _), given in others.items() if not any(given)]
    return Claims(_name_id(document), roles, attributes, cleared, ignored)


def _name_id(document: Document) -> str:
    name_id = "".join(text(each) for each in document.within("saml:Subject/saml:NameID"))
    if not 1 <= len(name_id) <= NAME_ID_LIMIT:
        raise RefusedError(BAD_VALUE, f"The NameID has {len(name_id)} characters; 1 to {NAME_ID_LIMIT} are allowed.")
    return name_id


def _check_required(values: Mapping[str, Sequence[str]]) -> None:
    missing = [name for name in REQUIRED if not any(each.strip() for each in values.get(name, ()))]
    if missing:
        came = ", ".join(f"{name}{'' if any(given) else ' (empty)'}" for name, given in values.items())
        raise RefusedError(
            INCOMPLETE,
            f"Missing: {', '.join(missing)}. What came: {came or 'no attribute at all'}. "
            "Names are compared exactly, capitals and namespaces included. Mend the attributes of the application at "
            "the identity provider, or fill in what they are taken from for this person.",
        )


def _roles(values: Sequence[str]) -> tuple[list[str], list[str]]:
    """The roles that Flex knows, and the rest.

    A value may list several after commas, with a blank behind a comma as in Twilio's guide for Salesforce. Nothing else
    is trimmed, as in passport-wsfed-saml2. What Flex does with roles that it does not know is not documented: here
    they count for nothing.
    """
    told = [role for value in values for role in re.split(", *", value)]
    main = [role for role in told if role in ROLES]
    if not main:
        raise RefusedError(
            INCOMPLETE,
            f"No role among {told} is one that Flex knows: {', '.join(ROLES)}. Capitals and blanks around count.",
        )
    known = [role for role in told if role in ROLES or role in INSIGHTS_ROLES]
    return list(dict.fromkeys(known)), [role for role in told if role not in known]


def _split(name: str) -> tuple[str, str]:
    """The attribute's own name and its type: channels have theirs by name, and what names none is a string."""
    channel = _CHANNEL.fullmatch(name)
    if channel:
        return name, "boolean" if channel["what"] == "availability" else "int"
    match = _TYPED.fullmatch(name)
    return (match["name"], match["type"]) if match else (name, "string")


def _cast(name: str, kind: str, values: Sequence[str]) -> Any:
    listed = [each for value in values for each in value.split(",")]
    try:
        match kind:
            case "string":
                return ",".join(values)
            case "int" | "boolean":
                (only,) = values
                return _one(kind, only)
            case "stringarray" | "intarray" | "booleanarray":
                return [_one(kind.removesuffix("array"), each) for each in listed]
            case _:
                raise ValueError(f"{kind} is no type that Flex knows")
    except ValueError as error:
        raise RefusedError(
            BAD_FORMAT, f"The attribute {name} of type {kind} is {', '.join(values)!r}: {error}."
        ) from error


def _one(kind: str, value: str) -> Any:
    if kind == "int":
        if not _INTEGER.fullmatch(value):
            raise ValueError(f"{value!r} is no whole number")
        return int(value)
    if kind == "boolean":
        if value not in ("true", "false"):
            raise ValueError(f"{value!r} is neither true nor false")
        return value == "true"
    return value
