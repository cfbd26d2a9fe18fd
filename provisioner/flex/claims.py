"""The claims (SAML attributes) that Flex reads, and their names. Names are case sensitive and carry no namespace."""

from __future__ import annotations

import re

from provisioner.flex.spelling import nearest

# Twilio guide "SSO configuration": without one of these the login ends with error 45050.
REQUIRED = ("full_name", "email", "roles")

# The same guide: known to Flex, Flex Insights, or the capacity and team settings of a worker.
OPTIONAL = frozenset(
    {
        "contact_uri",
        "department",
        "image_url",
        "location",
        "manager",
        "phone",
        "team_id",
        "team_member",
        "team_name",
        "team_name_in_hierarchy",
        "team_owner",
    }
)

# The same guide: `name.TYPE` casts the text of the claim; a value that does not fit ends the login with status 400.
TYPES = frozenset({"boolean", "booleanarray", "int", "intarray", "string", "stringarray"})

# `channel.<task channel>.availability` and `.capacity` are names of their own, not a cast.
_CHANNEL = "channel."

# What people write instead, in guides on the web and in other vendors' consoles.
_OTHER_NAMES = {
    "displayname": "full_name",
    "emailaddress": "email",
    "flexrole": "roles",
    "flexroles": "roles",
    "fullname": "full_name",
    "imageurl": "image_url",
    "mail": "email",
    "name": "full_name",
    "picture": "image_url",
    "role": "roles",
    "useremail": "email",
}
_SEPARATORS = str.maketrans("", "", " _-")
_OTHER_TYPES = {
    "array": "stringarray",
    "bool": "boolean",
    "double": "int",
    "float": "int",
    "integer": "int",
    "list": "stringarray",
    "number": "int",
    "str": "string",
}


def meant(name: str) -> str | None:
    """The claim that a wrong name was probably meant to be; None for a right one and for a claim of one's own."""
    if name in REQUIRED or name in OPTIONAL:
        return None
    folded = name.casefold().translate(_SEPARATORS)
    known = {claim.replace("_", ""): claim for claim in (*REQUIRED, *sorted(OPTIONAL))}
    return known.get(folded) or _OTHER_NAMES.get(folded)


def is_namespaced(name: str) -> bool:
    """Whether the name is a URI, as other products want it. Flex does not map such a claim."""
    return "/" in name or name.startswith("urn:")


def bare(name: str) -> str:
    """The last part of a namespaced name."""
    return name.rstrip("/").replace(":", "/").rsplit("/", 1)[-1]


def renamed(name: str) -> str:
    """What to do about a namespaced name."""
    plain = meant(bare(name)) or bare(name)
    return f"name it `{plain}`" if re.fullmatch(r"[A-Za-z][\w.-]*", plain) else "give it a name of letters"


def type_meant(name: str) -> str | None:
    """The type that a wrong `name.TYPE` was probably meant to end with; None where there is nothing to say."""
    base, dot, suffix = name.rpartition(".")
    if not dot or not base or suffix in TYPES or name.startswith(_CHANNEL):
        return None
    return _OTHER_TYPES.get(suffix.casefold()) or nearest(suffix, sorted(TYPES))


def type_of(name: str) -> str | None:
    """The type to which Flex casts the claim, one of `TYPES`; None where its name ends with none."""
    base, _, suffix = name.rpartition(".")
    return suffix if base and suffix in TYPES else None
