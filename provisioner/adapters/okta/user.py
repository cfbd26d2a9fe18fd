"""A person in Okta's directory: roles, and such attributes of the profile as the plan names. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, Any

from provisioner.core.resource import Found, Resource, Value
from provisioner.errors import Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan
    from provisioner.planfile.people import Person

Json = dict[str, Any]

KIND = "user"

# A person in one of these cannot sign in, and provisioner leaves it so, because it was somebody's decision to lock this
# person out. Beside it what helps (OpenAPI: reactivateUser, which sends an e-mail; unsuspendUser, which sends none).
LOCKED_OUT = {
    "DEPROVISIONED": "reactivate the account in Okta (which sends an e-mail), or take the person out of the plan",
    "SUSPENDED": "unsuspend the account in Okta, or take the person out of the plan",
}
# What keeps an account from signing in, in words, and what helps (OpenAPI: UserStatus).
CLOSED = {
    "DEPROVISIONED": ("deactivated", LOCKED_OUT["DEPROVISIONED"]),
    "LOCKED_OUT": ("locked after too many wrong passwords", "unlock the account in Okta"),
    "STAGED": ("not activated", "activate the account in Okta, which sends an e-mail"),
    "SUSPENDED": ("suspended", LOCKED_OUT["SUSPENDED"]),
}

_ATTRIBUTES = {"email": "email", "first_name": "firstName", "last_name": "lastName"}
_PROFILE = "profile."


@dataclass(frozen=True, slots=True)
class Account:
    """What a write needs of a person who is there, and what the attribute for roles holds, as it stands."""

    id: str
    status: str
    roles: str | tuple[str, ...] = ""


def wanted(plan: OktaPlan, person: Person) -> Resource:
    """The person. An existing one is taken for the roles and for what the plan names beside them."""
    fields: dict[str, Value] = {"roles": person.roles}
    if plan.users.create:
        fields |= _named(person)
    return Resource(KIND, person.key, fields, must_exist=_must_exist(plan, person))


def found(plan: OktaPlan, named: Collection[str], user: Json) -> Found:
    """The person as Okta holds them; of the profile, only the attributes in `named` (see `named_by`)."""
    profile = user["profile"]
    held = _held(profile.get(plan.users.roles_attribute))
    fields = {
        "roles": _roles(held),
        **{path: _value(profile.get(attribute)) for path, attribute in _ATTRIBUTES.items()},
        **{_PROFILE + name: _value(profile.get(name)) for name in named},
    }
    return Found(KIND, key(user), fields, native=Account(user["id"], user["status"], held))


def key(user: Json) -> str:
    """What tells people apart: logins are unique whatever their case (OpenAPI: createUser); see also `folded`."""
    return str(user["profile"]["login"]).lower()


def folded(login: str) -> str:
    """What Okta keeps unique of a login: without case and diacritics (OpenAPI: UserProfile, login)."""
    if login.isascii():
        # One text less for each of 100,000 people.
        return login if login.islower() else login.lower()
    decomposed = unicodedata.normalize("NFKD", login)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def check_logins(wanted: Iterable[str], there: Iterable[str]) -> None:
    """Raises `Refused` where Okta would take a wanted login for another one that is there."""
    taken = {folded(login): login for login in there}
    reasons = [
        Refusal("same_login", same_login(login, other), (f"{KIND}:{login.lower()}",))
        for login in wanted
        if (other := taken.get(folded(login)))
    ]
    if reasons:
        raise Refused(reasons)


def same_login(login: str, other: str) -> str:
    """What to say where Okta takes a login of the plan for that of another account."""
    return f"Okta holds {other} and takes {login} for the same login: write it in the plan as Okta has it"


def named_by(people: Iterable[Person]) -> frozenset[str]:
    """The further attributes of the profile that the plan names for anybody."""
    columns = {name for person in people for name in person.names}
    return frozenset(name.removeprefix(_PROFILE) for name in columns if name.startswith(_PROFILE))


def body(plan: OktaPlan, login: str, resource: Resource, *, as_list: bool, group_id: str | None) -> Json:
    """What `POST /users` takes. Without a password: Okta mails the person how to choose one."""
    said = {path: value for path, value in resource.fields.items() if value is not None}
    profile = {"login": login, "email": login, **attributes(plan, said, as_list=as_list)}
    return {"profile": profile, **({"groupIds": [group_id]} if group_id else {})}


def attributes(plan: OktaPlan, fields: Mapping[str, Value], *, as_list: bool) -> Json:
    """The fields as attributes of an Okta profile; None clears one (OpenAPI: updateUser)."""
    return dict(_attribute(plan, path, value, as_list) for path, value in fields.items())


def _attribute(plan: OktaPlan, path: str, value: Value, as_list: bool) -> tuple[str, Any]:
    plain = list(value) if isinstance(value, tuple) else value
    if path == "roles":
        return plan.users.roles_attribute, plain if as_list or not isinstance(value, tuple) else ",".join(
            map(str, value)
        )
    return _ATTRIBUTES.get(path) or path.removeprefix(_PROFILE), plain


def _must_exist(plan: OktaPlan, person: Person) -> str:
    if not plan.users.create:
        return "the plan creates nobody (users.create is false)"
    if not {"first_name", "last_name"} <= person.attributes.keys():
        return "nobody can be created without first_name and last_name"
    return ""


def _named(person: Person) -> dict[str, Value]:
    return {path: _value(value) for path, value in person.attributes.items()}


def _held(value: Any) -> str | tuple[str, ...]:
    """What the attribute holds; "" for nothing. The same few texts come again and again, and each is kept once."""
    if isinstance(value, list):
        return tuple(map(str, value))
    return intern(value) if isinstance(value, str) else ""


@cache
def _roles(held: str | tuple[str, ...]) -> tuple[str, ...]:
    """The roles as Flex gets them. A text is split at commas and not trimmed: "agent, admin" is a difference to show.

    Their order means nothing, and Flex skips empty parts. Equal ones are one tuple.
    """
    parts = held.split(",") if isinstance(held, str) else held
    return tuple(sorted(filter(str.strip, parts)))


def _value(value: Any) -> Value:
    """Okta returns no attribute that is null, and a cleared text may be ""; all three are None here."""
    if isinstance(value, list):
        return tuple(value)
    scalar: Value = None if value == "" else value
    return scalar
