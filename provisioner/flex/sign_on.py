"""What Flex, or the person who signs in, would stumble over in the claims of one login. Pure, and of no vendor."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice

from provisioner.core.finding import Finding
from provisioner.flex import claims as names
from provisioner.flex.notices import Table, finding
from provisioner.flex.roles import FLEX_ROLES, INSIGHTS_ROLES, ROLES, SENIOR_ROLES, suggestion
from provisioner.flex.worker import cast, split_roles

# A message says what is wrong and what people meet, a hint what to do.
SIGN_ON: Table = {
    "FLEX301": (
        "error",
        "The required claim `{name}` is missing: Flex refuses the login with error 45050.",
        "{fix}",
    ),
    "FLEX302": (
        "error",
        "The required claim `{name}` is empty: Flex refuses the login with error 45050.",
        "give this person a value where the claim takes it from",
    ),
    "FLEX303": (
        "warning",
        "The claim `{name}` has a namespace: Flex does not map it, so it never reaches the worker.",
        "{fix}, without a namespace",
    ),
    "FLEX304": (
        "warning",
        "Flex does not read the claim `{name}` as `{fix}`: names are case sensitive.",
        "name it `{fix}`",
    ),
    "FLEX305": (
        "error",
        "Flex has no role `{role}`: it gives this person nothing.",
        "{fix}",
    ),
    "FLEX306": (
        "error",
        "The role `{role}` has white space around it: Flex does not trim it, and so does not know it.",
        "send `{fix}`, without spaces, tabs or line ends before or after it",
    ),
    "FLEX307": (
        "error",
        "None of the roles is agent, supervisor or admin: this person cannot work in Flex.",
        "give one of these roles",
    ),
    "FLEX308": (
        "error",
        "The Insights role `{role}` stands without supervisor or admin, so it does nothing.",
        "add supervisor or admin, or leave the wfo role out",
    ),
    "FLEX309": (
        "warning",
        "A supervisor or admin without an Insights role sees all of Flex Insights, where it is in use.",
        "add an Insights role such as wfo.team_leader to narrow it down, or wfo.full_access to say so",
    ),
    "FLEX310": (
        "error",
        "The claim `{name}` says `{text}`: a value is missing, and Flex takes the word for one.",
        "give this person a value where the claim takes it from, or leave the claim out where there is none",
    ),
    "FLEX311": (
        "error",
        "The claim `{name}` holds `{text}`, which is no {kind}: the login ends with"
        " 400 Error invalid attribute format.",
        "send {fix}",
    ),
    "FLEX312": (
        "error",
        "The claim `{name}` ends with a type that Flex does not know: the login ends with"
        " 400 Error invalid attribute format.",
        "name it `{fix}`",
    ),
    "FLEX313": (
        "error",
        "{what} holds the character {character}, which XML has no place for: no assertion can be made of it.",
        "take the character out where the value comes from",
    ),
    "FLEX320": (
        "error",
        "The NameID {state}: Flex cannot tell whose login this is.",
        "take it from something that everybody has, such as the e-mail address or user name",
    ),
    "FLEX321": (
        "error",
        "The NameID has {length} characters, and a Flex user name has at most 256.",
        "take it from something shorter, such as the e-mail address",
    ),
    "FLEX322": (
        "warning",
        "The NameID `{text}` is an internal id: the worker gets it as its name, beside one that"
        " the person may already have, and both are billed.",
        "take the NameID from the e-mail address or user name",
    ),
    "FLEX323": (
        "error",
        "The NameID is transient, another one at every login: Flex makes, and bills, a new worker each time.",
        "use the format unspecified or emailAddress, and a value that stays",
    ),
    "FLEX324": (
        "warning",
        "The NameID has white space around it: Flex takes it for another person than without.",
        "trim it where it is taken from",
    ),
}

# A list of more is no list of roles; what is wrong with it is clear from these.
_MOST_ROLES = 20
# The Flex Users API: "username 1..256 characters", and the username of a login by SSO is its NameID.
LONGEST_NAME_ID = 256
# What JavaScript writes for want of a value; `|| null` in Twilio's guide for Auth0 sends the first of them.
NOTHING = frozenset({"null", "undefined", "[object Object]"})
# Auth0's user ids: the connection's kind, a bar, an id. A person may have such a name, but hardly with these in front.
_INTERNAL = re.compile(r"(auth0|adfs|ad|google-oauth2|google-apps|oidc|samlp|sms|email|waad|windowslive)\|.+")
_NAME_ID_AGAIN = "nameidentifier"
_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
# The complement of Char in XML 1.0, chapter 2.2.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FITTING = {
    "int": "digits alone",
    "intarray": "digits alone, separated by commas",
    "boolean": "true or false",
    "booleanarray": "true or false, separated by commas",
    "string": "one value",
}


def judge(
    name_id: str,
    attributes: Mapping[str, Sequence[str]],
    *,
    name_id_format: str = "",
    cover: Callable[[str], str] = str,
) -> tuple[Finding, ...]:
    """Everything that Flex, or the person who signs in, would stumble over, each with its symptom and its remedy.

    `attributes` are the claims by name, each with its values as they stand in the assertion. Without a finding of
    severity error the login succeeds, as far as the claims decide it (Twilio guide "SSO configuration"). `cover` makes
    of a value what a message may quote of it.
    """
    return (
        *_name_id(name_id, name_id_format, cover),
        *_required(attributes),
        *_roles(attributes.get("roles", ()), cover),
        *(found for name, values in attributes.items() for found in _claim(name, values, attributes, cover)),
    )


def unsendable(name_id: str, attributes: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """What cannot stand in an assertion at all, whoever is meant to read it; the first such character of each claim."""
    claims = ((f"attributes.{name}", f"The claim `{name}`", values) for name, values in attributes.items())
    for path, what, values in (("name_id", "The NameID", [name_id]), *claims):
        if found := _NOT_IN_XML.search("".join(values)):
            yield _finding("FLEX313", path, what=what, character=f"U+{ord(found[0]):04X}")


def _finding(code: str, path: str, **filled_in: object) -> Finding:
    return finding(SIGN_ON, code, path, **filled_in)


def _name_id(text: str, format_: str, cover: Callable[[str], str]) -> Iterator[Finding]:
    if not text.strip():
        yield _finding("FLEX320", "name_id", state="is empty")
    elif _is_nothing(text):
        yield _finding("FLEX320", "name_id", state=f"is the word `{text}`")
    elif text != text.strip():
        yield _finding("FLEX324", "name_id")
    if len(text) > LONGEST_NAME_ID:
        yield _finding("FLEX321", "name_id", length=len(text))
    if _INTERNAL.fullmatch(text):
        yield _finding("FLEX322", "name_id", text=cover(text))
    if format_ == _TRANSIENT:
        yield _finding("FLEX323", "name_id")


def _required(attributes: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for name in names.REQUIRED:
        path = f"attributes.{name}"
        if name not in attributes:
            other = next((other for other in attributes if _meant(other) == name), None)
            fix = (
                f"rename `{other}` to `{name}`" if other else f"send a claim called `{name}`, in exactly these letters"
            )
            yield _finding("FLEX301", path, name=name, fix=fix)
        elif not any(text.strip(" ,\t\r\n") for text in attributes[name]):
            yield _finding("FLEX302", path, name=name)


def _meant(name: str) -> str | None:
    """The claim that a namespaced or misspelled name was probably meant to be; None for a name as it should be."""
    if names.is_namespaced(name):
        return names.meant(names.bare(name)) or names.bare(name)
    return names.meant(name)


def _roles(values: Sequence[str], cover: Callable[[str], str]) -> Iterator[Finding]:
    path = "attributes.roles"
    given = [role for role in split_roles(values) if role.strip() and not _is_nothing(role)]
    for role in islice(dict.fromkeys(given), _MOST_ROLES):
        if role.strip() in ROLES and role not in ROLES:
            yield _finding("FLEX306", path, role=role, fix=role.strip())
        elif role not in ROLES:
            yield _finding("FLEX305", path, role=cover(role), fix=_role_meant(role))
    meant = {role.strip() for role in given} & ROLES
    if given and meant and meant.isdisjoint(FLEX_ROLES):
        yield _finding("FLEX307", path)
    yield from _insights(meant, path)


def _insights(roles: Collection[str], path: str) -> Iterator[Finding]:
    """Twilio guide "Insights user roles": they need supervisor or admin, whose default is wfo.full_access."""
    is_senior = not SENIOR_ROLES.isdisjoint(roles)
    given = sorted(INSIGHTS_ROLES.intersection(roles))
    if given and not is_senior:
        yield _finding("FLEX308", path, role=", ".join(given))
    if is_senior and not given:
        yield _finding("FLEX309", path)


def _role_meant(role: str) -> str:
    parts = [part.casefold() for part in re.split(r"[\s;/|+&]+", role) if part]
    if len(parts) > 1 and ROLES.issuperset(parts):
        return f"separate roles with a comma: `{','.join(parts)}`"
    meant = suggestion(role)
    return f"send `{meant}`, in exactly these letters" if meant else f"use {', '.join(sorted(FLEX_ROLES))}"


def _claim(name: str, values: Sequence[str], given: Collection[str], cover: Callable[[str], str]) -> Iterator[Finding]:
    path = f"attributes.{name}"
    if names.is_namespaced(name):
        if _misses(name, given):
            yield _finding("FLEX303", path, name=name, fix=names.renamed(name))
        return
    # One that stands in for a missing claim has been told with that.
    if (meant := names.meant(name)) and (meant in given or meant not in names.REQUIRED):
        yield _finding("FLEX304", path, name=name, fix=meant)
    if kind := names.type_meant(name):
        yield _finding("FLEX312", path, name=name, fix=f"{name.rpartition('.')[0]}.{kind}")
        return
    if word := next(filter(_is_nothing, values), None):
        yield _finding("FLEX310", path, name=name, text=word)
    try:
        cast(name, values)
    except ValueError as error:
        kind = names.type_of(name) or "string"
        yield _finding("FLEX311", path, name=name, text=cover(str(error)), kind=kind, fix=_FITTING[kind])


def _misses(name: str, given: Collection[str]) -> bool:
    """Whether anything is lost with a namespaced claim: Auth0 sends some beside the claims that Flex reads."""
    meant = _meant(name)
    return meant not in given and meant not in names.REQUIRED and meant != _NAME_ID_AGAIN


def _is_nothing(text: str) -> bool:
    return text.strip() in NOTHING
