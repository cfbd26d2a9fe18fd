"""What every provider must do, in words that no provider owns.

A journey is a list of desired states. For each: the first diff is not empty, it is applied, the second diff is empty,
the tenant itself (read beside the adapter) holds what was wanted, and what is not the plan's is byte for byte as it
was. Without the first check a diff that sees no updates would pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tests.lab import Lab

Roles = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """One desired state."""

    connection: str = "JQ" + "1" * 32
    people: Mapping[str, Roles] = field(default_factory=lambda: {"ana@acme.example": ("admin",)})
    claims: Mapping[str, str] = field(default_factory=dict)
    on_removal: str = "remove"
    create: bool = True

    def person(self, login: str, *roles: str) -> Wanted:
        """The same with one more person, or another role for one."""
        return replace(self, people={**self.people, login: roles})

    def without(self, login: str) -> Wanted:
        """The same with one person less."""
        return replace(self, people={key: roles for key, roles in self.people.items() if key != login})


@dataclass(frozen=True)
class Held:
    """What a tenant holds of it: addresses, names of claims, and the people who may sign in with their roles."""

    acs_url: str
    audience: str
    claims: frozenset[str]
    people: Mapping[str, Roles]


class Tenancy(Protocol):
    """What a provider brings to the suite."""

    def plan(self, wanted: Wanted) -> str:
        """The plan file for this state."""

    def held(self, state: Any) -> Held:
        """What the sandbox's own state says of the plan's application."""

    def foreign(self, state: Any) -> Any:
        """All else in the tenant, comparable."""

    def settle(self, lab: Lab) -> None:
        """Fills the tenant with other people's things, one of whom is eve@acme.example, an agent somewhere else."""


START = Wanted()
TEAM = START.person("bo@acme.example", "agent", "supervisor")
CROWD = replace(TEAM, people={**TEAM.people, **{f"agent{n:02}@acme.example": ("agent",) for n in range(20)}})

JOURNEY: list[tuple[str, Wanted]] = [
    ("an application and its first admin", START),
    ("a second person", START.person("bo@acme.example", "agent")),
    ("another role for one of them", TEAM),
    ("another Flex connection", replace(TEAM, connection="JQ" + "2" * 32)),
    ("a further claim", replace(TEAM, claims={"department": "user.department"})),
    ("the claim goes again", TEAM),
    ("twenty people more", CROWD),
    ("somebody who is there already", CROWD.person("eve@acme.example", "supervisor")),
    ("one person leaves", CROWD.without("bo@acme.example")),
]


def expected(wanted: Wanted) -> Held:
    """What the tenant must hold, by Flex's own rules."""
    return Held(
        acs_url=f"https://login.flex.us1.twilio.com/login/callback?connection={wanted.connection}",
        audience=f"urn:flex:{wanted.connection}",
        claims=frozenset({"full_name", "roles", "email", "image_url", *wanted.claims}),
        people={login: tuple(sorted(roles)) for login, roles in wanted.people.items()},
    )
