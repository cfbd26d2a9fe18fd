"""What Auth0 makes of a person: the login flow's Actions run in their order, then the SAML add-on. Pure but for them.

The add-on and the Actions are taken as they stand in the tenant, not as the plan wants them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.finding import Finding
from provisioner.core.sign_on import SignOn
from provisioner.flex.logins import LOGINS
from provisioner.flex.notices import Table, finding

Json = dict[str, Any]

ASSERTIONS: Table = {
    "AUTH0405": (
        "error",
        "The Action {action} denies {name} the login: {reason}",
        "give the person in the plan what the Action asks for, then apply",
    ),
    "AUTH0406": (
        "error",
        "The Action {action} fails for {name}, which ends the login: {error}",
        "correct its code, in the plan where it is the plan's",
    ),
    "AUTH0407": (
        "warning",
        "What the Action {action} does to the login of {people} is not known here: it needs {missing}.",
        "look at a real login, with `provisioner check-response`",
    ),
    "AUTH0408": (
        "warning",
        "The Action {action} runs after the plan's and changes the claim `{claim}` of {people}.",
        "look into its code, or place the plan's Action last",
    ),
}

_SCHEMA = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
# What holds for each attribute that the add-on does not map itself. Auth0's documents do not say it in so many words;
# its guide for Atlassian relies on it, whose NameID comes of an e-mail address that it does not map.
_MAPPINGS: Json = {
    "user_id": f"{_SCHEMA}nameidentifier",
    "email": f"{_SCHEMA}emailaddress",
    "name": f"{_SCHEMA}name",
    "given_name": f"{_SCHEMA}givenname",
    "family_name": f"{_SCHEMA}surname",
    "upn": f"{_SCHEMA}upn",
    "groups": "http://schemas.xmlsoap.org/claims/Group",
}
_PROBES = [f"{_SCHEMA}nameidentifier", f"{_SCHEMA}emailaddress", f"{_SCHEMA}name"]

# Runs an Action for one event.
Run = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One Action of the login flow: its name, whether it is the plan's, what runs it."""

    name: str
    is_ours: bool
    run: Run


@dataclass(slots=True)
class _Login:
    """One login on its way through the flow: the add-on's settings and the attributes as set so far."""

    settings: Json
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ours: dict[str, tuple[str, ...]] | None = None
    denied: str | None = None

    def take(self, calls: Sequence[Sequence[Any]]) -> None:
        for call in calls:
            match call:
                case ["setAttribute", str(name), list(values)]:
                    self.attributes[name] = tuple(map(str, values))
                case ["setAttribute", str(name), None]:
                    self.attributes.pop(name, None)
                case ["deny", reason]:
                    self.denied = str(reason)
                case [str(setter), value]:
                    # setSignResponse sets signResponse, and so on (docs "Post-login API object", samlResponse).
                    self.settings[setter[3:4].lower() + setter[4:]] = value


@dataclass(slots=True)
class Flow:
    """The login flow of one application. `samlp` is its add-on, `event` what every login has in common.

    It counts what concerns many people in the same way, and collects the `settings` that their logins end with.
    """

    steps: Sequence[Step]
    samlp: Json
    event: Json
    settings: dict[str, Json] = field(default_factory=dict)
    _unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    _overridden: Counter[tuple[str, str]] = field(default_factory=Counter)

    def sign_on(self, name: str, user: Json) -> SignOn:
        """The assertion of this person, who may sign in as far as the account is concerned."""
        login = _Login(dict(self.samlp))
        event = json.dumps({**self.event, "user": user})
        for step in self.steps:
            if found := self._pass(step, event, login, name):
                return SignOn(name, findings=(found,))
        self.settings.setdefault(json.dumps(login.settings, sort_keys=True), login.settings)
        return _assertion(name, user, login)

    def findings(self) -> list[Finding]:
        """What was met on the way, each once."""
        return [
            *(
                finding(ASSERTIONS, "AUTH0407", "flow", action=action, missing=missing, people=_people(count))
                for (action, missing), count in self._unknown.items()
            ),
            *(
                finding(ASSERTIONS, "AUTH0408", "flow", action=action, claim=claim, people=_people(count))
                for (action, claim), count in self._overridden.items()
            ),
        ]

    def _pass(self, step: Step, event: str, login: _Login, name: str) -> Finding | None:
        """Takes the login through one Action; what ends it there, or keeps it from being known."""
        outcome = step.run(event)
        if outcome.missing and step.is_ours:
            why = f"the Action {step.name} needs {outcome.missing}"
            return finding(LOGINS, "FLEX359", "action", what="The assertion", name=name, why=why)
        if outcome.missing:
            self._unknown[step.name, outcome.missing] += 1
            return None
        if outcome.error:
            return finding(ASSERTIONS, "AUTH0406", "action", action=step.name, name=name, error=outcome.error)
        login.take(outcome.calls)
        if login.denied is not None:
            return finding(ASSERTIONS, "AUTH0405", "action", action=step.name, name=name, reason=login.denied)
        self._compare(step, login)
        return None

    def _compare(self, step: Step, login: _Login) -> None:
        if step.is_ours:
            login.ours = dict(login.attributes)
        for claim, values in (login.ours or {}).items():
            if login.attributes.get(claim) != values:
                self._overridden[step.name, claim] += 1
                login.ours = dict(login.attributes)


def _assertion(name: str, user: Json, login: _Login) -> SignOn:
    mapped = _mapped(user, login.settings.get("mappings"))
    given = login.settings.get("nameIdentifierProbes")
    probes = list(map(str, given)) if given and isinstance(given, list) else _PROBES
    attributes = {**mapped, **login.attributes}
    unjudged = _paths(mapped.keys() - login.attributes.keys())
    if by_action := next((each for each in probes if each in login.attributes), None):
        why = f"an Action sets `{by_action}`, from which Auth0 takes it"
        found = finding(LOGINS, "FLEX359", "name_id", what="The NameID", name=name, why=why)
        return SignOn(name, "", attributes, (found,), unjudged | {"name_id"})
    name_id = next((mapped[each][0] for each in probes if each in mapped), "")
    return SignOn(name, name_id, attributes, unjudged=unjudged)


def _paths(claims: Any) -> frozenset[str]:
    """Claims of the profile that Auth0 sends along with the NameID; they are not meant for Flex."""
    return frozenset(f"attributes.{claim}" for claim in claims if "/" in claim)


def _mapped(user: Json, mappings: Any) -> dict[str, tuple[str, ...]]:
    """The claims that the add-on makes of the profile, to which Auth0's page on metadata counts app_metadata."""
    found: dict[str, tuple[str, ...]] = {}
    profile = user | (user.get("app_metadata") or {})
    for attribute, claims in (_MAPPINGS | (mappings if isinstance(mappings, dict) else {})).items():
        value = profile.get(attribute)
        values = tuple(_text(each) for each in (value if isinstance(value, list) else [value]) if _is_plain(each))
        if values:
            found |= {str(claim): values for claim in (claims if isinstance(claims, list) else [claims])}
    return found


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
