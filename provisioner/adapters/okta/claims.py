"""What an application's attribute statements and NameID template give for a person. Pure.

They are read as they stand in the live application, not as the plan wants them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from provisioner.adapters.okta.expression import Evaluate, Scope, compiled
from provisioner.adapters.okta.expression_functions import NotComputable, Value
from provisioner.core.finding import Finding
from provisioner.core.sign_on import SignOn
from provisioner.flex.logins import LOGINS
from provisioner.flex.notices import finding

Json = dict[str, Any]

NAME_ID = "name_id"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person as claims are made of one; `groups` are the names that each GROUP statement finds, by its claim."""

    name: str
    username: str
    profile: Json
    app_profile: Json
    groups: Mapping[str, Sequence[str]]


Claim = Callable[[Bearer], tuple[str, ...]]


class Claims:
    """All claims of one application, ready to be computed for one person after another."""

    def __init__(self, sign_on: Json) -> None:
        self._claims: dict[str, Claim] = {}
        self._not_known: dict[str, str] = {}
        template = sign_on.get("subjectNameIdTemplate") or ""
        self._prepare(NAME_ID, partial(_template, template))
        for each in sign_on.get("attributeStatements") or ():
            self._prepare(f"attributes.{each['name']}", partial(_statement, each))

    def _prepare(self, path: str, make: Callable[[], Claim]) -> None:
        try:
            self._claims[path] = make()
        except NotComputable as error:
            self._not_known[path] = str(error)

    def findings(self) -> list[Finding]:
        """The claims that cannot be computed for anybody."""
        return [_not_computable(path, "everybody", why) for path, why in self._not_known.items()]

    def of(self, bearer: Bearer) -> SignOn:
        """NameID and claims of this person; a claim without any value, such as an empty list, is not sent."""
        given: dict[str, tuple[str, ...]] = {}
        unjudged, findings = set(self._not_known), []
        for path, claim in self._claims.items():
            try:
                given[path] = claim(bearer)
            except NotComputable as error:
                unjudged.add(path)
                findings.append(_not_computable(path, bearer.name, str(error)))
        name_id = "".join(given.pop(NAME_ID, ()))
        attributes = {path.removeprefix("attributes."): values for path, values in given.items() if values}
        return SignOn(bearer.name, name_id, attributes, tuple(findings), frozenset(unjudged))


class _Alone(Mapping[str, Any]):
    """A profile of which one attribute is known."""

    def __init__(self, name: str, value: Any) -> None:
        self._known = {name: value}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            raise NotComputable(f"{name} is not known here")
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def of_attribute(statement: Json, name: str, value: Any) -> tuple[str, ...] | None:
    """What the statement makes of this attribute of the profile; None where it hangs on more, or is not known here."""
    if statement.get("type") == "GROUP":
        return None
    try:
        return _evaluated(_compiled(statement), {"user": _Alone(name, value), "appuser": _Alone("", None)})
    except NotComputable:
        return None


def _not_computable(path: str, name: str, why: str) -> Finding:
    what = "The NameID" if path == NAME_ID else f"The claim `{path.removeprefix('attributes.')}`"
    return finding(LOGINS, "FLEX359", path, what=what, name=name, why=why)


def _statement(statement: Json) -> Claim:
    name = statement["name"]
    if statement.get("type") == "GROUP":
        return lambda bearer: _group_names(bearer, name)
    expressions = _compiled(statement)
    return lambda bearer: _evaluated(expressions, {"user": bearer.profile, "appuser": bearer.app_profile})


def _compiled(statement: Json) -> list[Evaluate]:
    return [compiled(text) for text in statement.get("values") or ()]


def _evaluated(expressions: Sequence[Evaluate], scope: Scope) -> tuple[str, ...]:
    return tuple(text for each in expressions for text in _texts(each(scope)))


def _group_names(bearer: Bearer, claim: str) -> tuple[str, ...]:
    if claim not in bearer.groups:
        raise NotComputable("which groups its filter finds cannot be told here")
    return tuple(bearer.groups[claim])


def _texts(value: Value) -> tuple[str, ...]:
    """What stands in the assertion: one text, several of a list; what was never set is sent empty.

    The preview of an assertion in Twilio's guide for Okta shows it so.
    """
    match value:
        case None:
            return ("",)
        case bool():
            return ("true" if value else "false",)
        case str() | int():
            return (str(value),)
        case list() if all(isinstance(each, str | int) for each in value):
            return tuple(str(each) for each in value)
    raise NotComputable("how Okta writes such a value is not documented")


def _template(text: str) -> Claim:
    """The NameID: `${…}` in a text. Raises `NotComputable` for other templates than those of a user's attributes."""
    parts = re.split(r"\$\{([^{}]*)\}", text)
    if len(parts) == 1:
        raise NotComputable(f"the template `{text}` names no attribute in ${{…}}")
    names = [part.strip().partition(".") for part in parts[1::2]]
    for root, _, name in names:
        if root not in ("user", "source") or not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
            raise NotComputable(f"the template `{text}` is not known here")

    def name_id(bearer: Bearer) -> tuple[str, ...]:
        values = [bearer.username if name == "userName" else bearer.profile.get(name) for _, _, name in names]
        return (parts[0] + "".join(f"{value or ''}{after}" for value, after in zip(values, parts[2::2], strict=True)),)

    return name_id
