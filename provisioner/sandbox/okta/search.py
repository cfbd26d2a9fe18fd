"""Okta's filter expressions, as `search` and `filter` of lists take them: text in, predicate out.

The grammar is SCIM's (RFC 7644, 3.4.2.2) as far as Okta supports it: comparisons, `pr`, `and`, `or`, parentheses.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioner.sandbox.okta import errors

Body = dict[str, Any]
Predicate = Callable[[Body], bool]

_TOKEN = re.compile(r'\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))')
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "sw": lambda have, want: isinstance(have, str) and have.startswith(want),
    "co": lambda have, want: isinstance(have, str) and want in have,
}
_CONSTANTS = {"true": True, "false": False}
DEEPEST, LONGEST = 50, 8_000
"""Parentheses and characters of one expression; the vendor refuses what is too complex or too long without saying when
(OpenAPI: `search`)."""
ORDER = frozenset({"eq", "gt", "ge", "lt", "le"})
ALL = frozenset(_COMPARE) | {"pr"}


@dataclass(frozen=True)
class Grammar:
    """What one list lets a client ask."""

    operators: Mapping[str, frozenset[str]]
    """Property → operators. A name that ends with a dot stands for every property below it."""
    fold_case: bool
    """Searches compare text without case, filters with it (OpenAPI: listUsers)."""

    def parse(self, text: str) -> Predicate:
        """The predicate that the text stands for; E0000031 where it is no expression or asks too much.

        "Invalid search syntax." is a recorded cause (public issue okta-powershell-cli 48).
        """
        if text.count("(") > DEEPEST or len(text) > LONGEST:
            raise errors.invalid_search("The search query is too complex or too long.")
        parser = _Parser(_tokens(text), self)
        predicate = parser.either()
        if parser.tokens:
            raise _syntax()
        return predicate

    def allowed(self, name: str) -> frozenset[str]:
        """The operators of a property; none where it is unknown."""
        found = self.operators.get(name)
        if found is None and "." in name:
            found = self.operators.get(name.rpartition(".")[0] + ".")
        return found or frozenset()


def _syntax() -> errors.Refusal:
    return errors.invalid_search("Invalid search syntax.")


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _syntax()
        found.append(match[match.lastindex or 0])
        place = match.end()
    return found


class _Parser:
    """Recursive descent; `and` binds tighter than `or`."""

    def __init__(self, tokens: list[str], grammar: Grammar) -> None:
        self.tokens = tokens
        self.grammar = grammar

    def either(self) -> Predicate:
        choices = [self.both()]
        while self._next_is("or"):
            choices.append(self.both())
        return lambda body: any(choice(body) for choice in choices)

    def both(self) -> Predicate:
        parts = [self.term()]
        while self._next_is("and"):
            parts.append(self.term())
        return lambda body: all(part(body) for part in parts)

    def term(self) -> Predicate:
        if self._next_is("("):
            inner = self.either()
            if not self._next_is(")"):
                raise _syntax()
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        name, verb = self._take(), self._take().lower()
        if verb not in self.grammar.allowed(name):
            raise errors.invalid_search(f"The operator {verb} is not supported for {name}.")
        if verb == "pr":
            return lambda body: _value(body, name) not in (None, "", [])
        wanted = _literal(self._take())
        compare, fold = _COMPARE[verb], self.grammar.fold_case
        return lambda body: any(_holds(compare, have, wanted, fold) for have in _values(body, name))

    def _take(self) -> str:
        if not self.tokens:
            raise _syntax()
        return self.tokens.pop(0)

    def _next_is(self, word: str) -> bool:
        if self.tokens and self.tokens[0].lower() == word:
            self.tokens.pop(0)
            return True
        return False


def _literal(token: str) -> Any:
    if token.startswith('"'):
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    if token in _CONSTANTS:
        return _CONSTANTS[token]
    if re.fullmatch(r"-?\d+(\.\d+)?", token):
        return float(token)
    raise _syntax()


def _value(body: Body, name: str) -> Any:
    value: Any = body
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _values(body: Body, name: str) -> list[Any]:
    """The value, or each element of an array: one that matches is enough (OpenAPI: listUsers)."""
    value = _value(body, name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _holds(compare: Callable[[Any, Any], bool], have: Any, want: Any, fold: bool) -> bool:
    if isinstance(have, str) and isinstance(want, str):
        moments = _moment(have), _moment(want)
        if None not in moments:
            return compare(*moments)
        return compare(have.lower(), want.lower()) if fold else compare(have, want)
    if isinstance(have, bool) != isinstance(want, bool) or isinstance(have, str) != isinstance(want, str):
        return False
    return compare(have, want)


def _moment(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\dT", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def sort_key(name: str) -> Callable[[Body], tuple[str, str]]:
    """Orders by a property without case, then by id (OpenAPI: `sortBy`); an object without it comes first."""
    return lambda body: (str(_value(body, name) or "").lower(), body["id"])
