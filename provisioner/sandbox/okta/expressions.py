"""Okta's Expression Language as far as its documents describe it: an expression is read once, then asked for a value.

What it can call is in expression_functions. Whatever no document describes raises Unknown: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from provisioner.sandbox.okta import expression_nodes as nodes
from provisioner.sandbox.okta.expression_nodes import Node, Scope, Unknown, Value

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)
    |(?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||\?:|[-+!?:.,(){}<>]))""",
    re.VERBOSE,
)
_WORDS = {"AND": "&&", "OR": "||", "NOT": "!", "EQ": "==", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
"""SpEL's other spellings, in any case."""
_CONSTANTS: Mapping[str, Value] = {"TRUE": True, "FALSE": False, "NULL": None}


def evaluate(expression: str, scope: Scope) -> Value:
    """Give the value of the expression. Raises Unknown."""
    try:
        return read(expression)(scope)
    except RecursionError:
        raise Unknown("it is nested too deeply") from None


def read(expression: str) -> Node:
    """Give the expression, ready to be asked for a value. Raises Unknown where it is not of the language."""
    try:
        return _Parser(_tokens(expression)).whole()
    except RecursionError:
        raise Unknown("it is nested too deeply") from None


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(expression.rstrip())
    while place < end:
        match = _TOKEN.match(expression, place)
        if match is None:
            raise Unknown(f"{expression[place:].strip()[:1]} is not part of the language")
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        place = match.end()
    return found


class _Parser:
    """Recursive descent, loosest operator first, in the order of SpEL's grammar."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    def whole(self) -> Node:
        node = self._choice()
        if self._place < len(self._tokens):
            raise Unknown(f"{self._tokens[self._place][1]} comes unexpectedly")
        return node

    def _ahead(self) -> str:
        """The next sign, or the sign that the next word stands for; empty before anything else."""
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        if kind == "name":
            return "matches" if text.lower() == "matches" else _WORDS.get(text.upper(), "")
        return text if kind == "sign" else ""

    def _take(self, *signs: str) -> str:
        sign = self._ahead()
        if sign not in signs:
            return ""
        self._place += 1
        return sign

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unknown(f"{sign} is missing")

    def _choice(self) -> Node:
        condition = self._either()
        if self._take("?:"):
            return nodes.default(condition, self._choice())
        if not self._take("?"):
            return condition
        yes = self._choice()
        self._expect(":")
        no = self._choice()
        return lambda scope: yes(scope) if nodes.boolean(condition(scope)) else no(scope)

    def _either(self) -> Node:
        node = self._both()
        while self._take("||"):
            node = nodes.either(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._compared()
        while self._take("&&"):
            node = nodes.both(node, self._compared())
        return node

    def _compared(self) -> Node:
        node = self._sum()
        sign = self._take("==", "!=", "<", ">", "<=", ">=", "matches")
        return nodes.comparison(sign, node, self._sum()) if sign else node

    def _sum(self) -> Node:
        node = self._unary()
        while sign := self._take("+", "-"):
            node = nodes.addition(sign, node, self._unary())
        return node

    def _unary(self) -> Node:
        sign = self._take("!", "-")
        if not sign:
            return self._followed()
        inner = self._unary()
        if sign == "!":
            return lambda scope: not nodes.boolean(inner(scope))
        return lambda scope: -nodes.number(inner(scope))

    def _followed(self) -> Node:
        """A value with whatever hangs on it by dots."""
        node = self._value()
        while self._take("."):
            name = self._name()
            node = nodes.method(name, node, self._arguments(")")) if self._take("(") else nodes.attribute(name, node)
        return node

    def _value(self) -> Node:
        if self._take("("):
            node = self._choice()
            self._expect(")")
            return node
        if self._take("{"):
            items = self._arguments("}")
            return lambda scope: [item(scope) for item in items]
        if self._place >= len(self._tokens):
            raise Unknown("it ends too early")
        kind, text = self._tokens[self._place]
        if kind == "sign":
            raise Unknown(f"{text} comes unexpectedly")
        self._place += 1
        return self._named(text) if kind == "name" else nodes.constant(kind, text)

    def _named(self, name: str) -> Node:
        """A word: a constant, a function with or without a library before it, or an object."""
        if name.upper() in _CONSTANTS:
            return nodes.always(_CONSTANTS[name.upper()])
        if name[0].isupper() and self._take("."):
            name = f"{name}.{self._name()}"
            self._expect("(")
            return nodes.function(name, self._arguments(")"))
        if self._take("("):
            return nodes.function(name, self._arguments(")"))
        return lambda scope: nodes.member(scope.objects, name, name)

    def _name(self) -> str:
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        if kind != "name":
            raise Unknown("a name is missing after a dot")
        self._place += 1
        return text

    def _arguments(self, end: str) -> list[Node]:
        """The expressions up to the closing sign, which is taken too."""
        found: list[Node] = []
        if self._take(end):
            return found
        while True:
            found.append(self._choice())
            if self._take(end):
                return found
            self._expect(",")
