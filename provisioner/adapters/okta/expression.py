"""Okta's Expression Language, as far as it is documented for attribute statements; anything else is not computed. Pure.

An expression is read once and then evaluated for one person after another (Okta docs "Expression Language").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from provisioner.adapters.okta.expression_functions import FUNCTIONS, NotComputable, Value, is_text

# What an expression may name, by its first word: the attributes of `user` and `appuser`.
Scope = Mapping[str, Mapping[str, Any]]
Evaluate = Callable[[Scope], Value]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+<>!?:(){},]))""",
    re.VERBOSE,
)
_CONSTANTS: Mapping[str, Value] = {"null": None, "NULL": None, "true": True, "false": False}
_WORDS = {"AND": "&&", "OR": "||", "NOT": "!"}
# Members of a user that are no attributes of the profile.
_NO_ATTRIBUTES = {"id", "status", "created", "activated"}
_DEEPEST = 50


class _Token(NamedTuple):
    kind: str
    text: str


def compiled(text: str) -> Evaluate:
    """What the expression gives for a person. Raises `NotComputable` for what is not known here, now or when called."""
    tokens = list(_tokens(text))
    if len(tokens) == 2 and tokens[0].kind == "name" and "." not in tokens[0].text and tokens[0].text not in _CONSTANTS:
        # A single word is a static text, with or without quotes (support.okta.com, static values in SAML attributes).
        return lambda _: tokens[0].text
    return _Parser(tokens).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found or found.lastgroup is None:
            raise NotComputable(f"`{text[at:].strip()[:20]}` is not documented for attribute statements")
        word = found[found.lastgroup]
        yield _Token("sign", _WORDS[word]) if word in _WORDS else _Token(found.lastgroup, word)
        at = found.end()
    yield _Token("end", "the end")


class _Parser:
    """Reads tokens from left to right; each method reads what binds at least as tightly as its name says."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def whole(self) -> Evaluate:
        value = self._choice()
        if self._next.kind != "end":
            raise self._unexpected()
        return value

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *signs: str) -> str:
        token = self._next
        if token.kind != "sign" or token.text not in signs:
            return ""
        self._at += 1
        return token.text

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self._unexpected()

    def _unexpected(self) -> NotComputable:
        return NotComputable(f"`{self._next.text}` is not expected there")

    def _deeper(self, read: Callable[[], Evaluate]) -> Evaluate:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotComputable("it is nested too deeply")
        value = read()
        self._depth -= 1
        return value

    def _choice(self) -> Evaluate:
        test = self._either()
        if not self._take("?"):
            return test
        yes = self._deeper(self._choice)
        self._need(":")
        no = self._deeper(self._choice)
        return lambda scope: (yes if _truth(test(scope)) else no)(scope)

    def _either(self) -> Evaluate:
        left = self._both()
        while self._take("||"):
            left = _either(left, self._both())
        return left

    def _both(self) -> Evaluate:
        left = self._negation()
        while self._take("&&"):
            left = _both(left, self._negation())
        return left

    def _negation(self) -> Evaluate:
        if self._take("!"):
            value = self._deeper(self._negation)
            return lambda scope: not _truth(value(scope))
        return self._comparison()

    def _comparison(self) -> Evaluate:
        left = self._sum()
        if sign := self._take("==", "!=", "<", ">", "<=", ">="):
            right = self._sum()
            return lambda scope: _compare(sign, left(scope), right(scope))
        return left

    def _sum(self) -> Evaluate:
        left = self._single()
        while sign := self._take("+", "-"):
            left = _sum(sign, left, self._single())
        return left

    def _single(self) -> Evaluate:
        if self._take("("):
            inside = self._deeper(self._choice)
            self._need(")")
            return inside
        if self._take("{"):
            items = self._list("}")
            return lambda scope: [item(scope) for item in items]
        token = self._next
        self._at += 1
        if token.kind == "text":
            return lambda _: token.text[1:-1]
        if token.kind == "number":
            number = float(token.text) if "." in token.text else int(token.text)
            return lambda _: number
        if token.kind == "name":
            return self._call(token.text) if self._take("(") else _named(token.text)
        self._at -= 1
        raise self._unexpected()

    def _call(self, name: str) -> Evaluate:
        arguments = self._list(")")
        if name not in FUNCTIONS:
            raise NotComputable(f"the function {name} is not known here")
        function = FUNCTIONS[name]
        return lambda scope: function([argument(scope) for argument in arguments])

    def _list(self, closing: str) -> list[Evaluate]:
        items: list[Evaluate] = []
        while not self._take(closing):
            if items:
                self._need(",")
            items.append(self._deeper(self._choice))
        return items


def _named(name: str) -> Evaluate:
    """An attribute; one that was never set is null."""
    if name in _CONSTANTS:
        return lambda _: _CONSTANTS[name]
    root, _, attribute = name.partition(".")
    if root not in ("user", "appuser") or not attribute or "." in attribute:
        raise NotComputable(f"{name} is not known here")
    if root == "user" and attribute in _NO_ATTRIBUTES:
        raise NotComputable(f"{name} is no attribute of the profile")
    return lambda scope: scope[root].get(attribute)


def _truth(value: Value) -> bool:
    if not isinstance(value, bool):
        raise NotComputable("a condition is neither true nor false")
    return value


def _either(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda scope: _truth(left(scope)) or _truth(right(scope))


def _both(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda scope: _truth(left(scope)) and _truth(right(scope))


def _compare(sign: str, left: Value, right: Value) -> bool:
    if sign in ("==", "!="):
        if None not in (left, right) and type(left) is not type(right):
            raise NotComputable("values of two types are compared")
        return (left == right) == (sign == "==")
    if not _are_numbers(left, right):
        raise NotComputable("what are not numbers are compared for their size")
    less, same = left < right, left == right  # type: ignore[operator]
    return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less}[sign]


def _sum(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def add(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if _are_numbers(one, other):
            return one + other if sign == "+" else one - other  # type: ignore[operator]
        if sign == "+" and is_text(one) and is_text(other):
            return f"{one}{other}"
        raise NotComputable("what Okta makes of a sum with an empty value is not documented")

    return add


def _are_numbers(*values: Value) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
