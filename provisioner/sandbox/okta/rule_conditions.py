"""Conditions of group rules: what they may be made of, and for whom they hold."""

from __future__ import annotations

import re
from typing import Any

from provisioner.sandbox.okta import errors, user_schema, user_scope
from provisioner.sandbox.okta.expression_functions import CLASSIC, CLASSIC_METHODS
from provisioner.sandbox.okta.expression_nodes import Scope, Unknown
from provisioner.sandbox.okta.expressions import evaluate, read
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

_TEXT = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_NAME = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?:\.\w+)*)(\s*\()?")
_WORDS = frozenset(["and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "matches", "true", "false", "null"])
_REFUSED = ("Convert.", "Iso3166Convert.", "Time.")
_PLAYED = frozenset(CLASSIC) | frozenset(user_scope.membership_functions({}))
_PLAYED |= {f"user.{method}" for method in CLASSIC_METHODS}


def _names(expression: str) -> tuple[set[str], set[str]]:
    """The names that stand in an expression by themselves, and those that it calls; each with its dots."""
    bare = re.sub(r"\s*\.\s*", ".", _TEXT.sub('""', expression))
    found = [(name, bool(call)) for name, call in _NAME.findall(bare) if name.lower() not in _WORDS]
    return {name for name, call in found if not call}, {name for name, call in found if call}


def check(visit: Visit, expression: str) -> None:
    """Refuse what cannot be a condition: E0000001 on `validateRule` (public PR articulate/terraform-provider-okta 148).

    No Convert and no Time (vendor's article Group-Rule-Restrictions), and of attributes only those of the default user
    type (vendor's reference of the language; the same article). The wordings are guesses.
    """
    try:
        read(expression)
    except Unknown as error:
        raise errors.invalid("validateRule", f"Invalid expression: {error}") from None
    reads, calls = _names(expression)
    problems = [f"Function {name} is not supported in group rules" for name in calls if name.startswith(_REFUSED)]
    known = user_schema.attributes(visit, user_schema.default_type(visit))
    usable = {f"user.{name}" for name in known}
    problems += [f"Invalid property {name}" for name in reads - usable]
    if problems:
        raise errors.invalid("validateRule", *sorted(problems))


def unplayed(expression: str) -> list[str]:
    """The functions of the expression that the vendor has and this sandbox does not."""
    return sorted(_names(expression)[1] - _PLAYED)


def holds(visit: Visit, expression: str, user: Body) -> bool | None:
    """Whether the condition holds for the user; None where no document says what comes out, as for many a null."""
    functions = {**CLASSIC, **user_scope.membership_functions(user_scope.group_names(visit, user))}
    scope = Scope({"user": user_scope.classic(visit, user)}, functions, CLASSIC_METHODS)
    try:
        value = evaluate(expression, scope)
    except Unknown:
        return None
    return value if isinstance(value, bool) else None
