"""Okta's Expression Language as far as its documents describe it: an expression is read once, then asked for a value.

What it can call is in expression_functions. Whatever no document describes raises Unknown: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = Any
"""None, a text, a number, a boolean, a list of values, or an object: a mapping of names to values."""


class Unknown(Exception):
    """The vendor's documents do not say what the expression gives, or say that it is an error; the words say why."""


@dataclass(frozen=True)
class Scope:
    """What an expression may name: objects, functions by their full name, and methods by name."""

    objects: Mapping[str, Value]
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    methods: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    """Each is called with the value that it is a method of, and the arguments."""


Node = Callable[[Scope], Value]
"""A part of an expression, ready to be asked."""

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
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def evaluate(expression: str, scope: Scope) -> Value:
    """Give the value of the expression. Raises Unknown."""
    try:
        return _Parser(_tokens(expression)).whole()(scope)
    except RecursionError:
        raise Unknown("it is nested too deeply") from None


def as_text(value: Value) -> str:
    """Give a value as text, as Java writes it; null and collections have none. Raises Unknown."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise Unknown(f"a text is needed in place of {'null' if value is None else 'a collection'}")


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
            other = self._choice()
            return lambda scope: other(scope) if condition(scope) in (None, "") else condition(scope)
        if not self._take("?"):
            return condition
        yes = self._choice()
        self._expect(":")
        no = self._choice()
        return lambda scope: yes(scope) if _boolean(condition(scope)) else no(scope)

    def _either(self) -> Node:
        node = self._both()
        while self._take("||"):
            node = _or(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._compared()
        while self._take("&&"):
            node = _and(node, self._compared())
        return node

    def _compared(self) -> Node:
        node = self._sum()
        sign = self._take("==", "!=", "<", ">", "<=", ">=", "matches")
        return _comparison(sign, node, self._sum()) if sign else node

    def _sum(self) -> Node:
        node = self._unary()
        while sign := self._take("+", "-"):
            node = _sum(sign, node, self._unary())
        return node

    def _unary(self) -> Node:
        sign = self._take("!", "-")
        if not sign:
            return self._followed()
        inner = self._unary()
        if sign == "!":
            return lambda scope: not _boolean(inner(scope))
        return lambda scope: -_number(inner(scope))

    def _followed(self) -> Node:
        """A value with whatever hangs on it by dots."""
        node = self._value()
        while self._take("."):
            name = self._name()
            node = _method(name, node, self._arguments(")")) if self._take("(") else _property(name, node)
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
        return self._named(text) if kind == "name" else _constant(kind, text)

    def _named(self, name: str) -> Node:
        """A word: a constant, a function with or without a library before it, or an object."""
        if name.upper() in _CONSTANTS:
            return _always(_CONSTANTS[name.upper()])
        if name[0].isupper() and self._take("."):
            name = f"{name}.{self._name()}"
            self._expect("(")
            return _function(name, self._arguments(")"))
        if self._take("("):
            return _function(name, self._arguments(")"))
        return lambda scope: _member(scope.objects, name, name)

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


def _constant(kind: str, text: str) -> Node:
    if kind == "text":
        quote = text[0]
        return _always(text[1:-1].replace(quote * 2, quote))
    return _always(float(text) if "." in text else int(text))


def _always(value: Value) -> Node:
    return lambda _scope: value


def _member(holder: Value, name: str, path: str) -> Value:
    if not isinstance(holder, Mapping) or name not in holder:
        raise Unknown(f"{path} is not known")
    return holder[name]


def _property(name: str, node: Node) -> Node:
    return lambda scope: _member(node(scope), name, name)


def _called(call: Callable[..., Value], name: str, values: Sequence[Value]) -> Value:
    try:
        return call(*values)
    except (TypeError, ValueError, OverflowError, IndexError):
        raise Unknown(f"{name} does not take these arguments") from None


def _function(name: str, arguments: Sequence[Node]) -> Node:
    def asked(scope: Scope) -> Value:
        if name not in scope.functions:
            raise Unknown(f"{name} is not a known function")
        return _called(scope.functions[name], name, [argument(scope) for argument in arguments])

    return asked


def _method(name: str, node: Node, arguments: Sequence[Node]) -> Node:
    def asked(scope: Scope) -> Value:
        if name not in scope.methods:
            raise Unknown(f"{name} is not a known method")
        return _called(scope.methods[name], name, [node(scope), *(argument(scope) for argument in arguments)])

    return asked


def _or(left: Node, right: Node) -> Node:
    return lambda scope: _boolean(left(scope)) or _boolean(right(scope))


def _and(left: Node, right: Node) -> Node:
    return lambda scope: _boolean(left(scope)) and _boolean(right(scope))


def _boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise Unknown("a condition must be true or false")
    return value


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unknown("a number is needed")
    return value


def _sum(sign: str, left: Node, right: Node) -> Node:
    def asked(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if sign == "+" and (isinstance(one, str) or isinstance(other, str)):
            return as_text(one) + as_text(other)
        return _number(one) + _number(other) if sign == "+" else _number(one) - _number(other)

    return asked


def _comparison(sign: str, left: Node, right: Node) -> Node:
    def asked(scope: Scope) -> bool:
        one, other = left(scope), right(scope)
        if sign in {"==", "!="}:
            return _same(one, other) == (sign == "==")
        if sign == "matches":
            return _matches(one, other)
        if isinstance(one, str) != isinstance(other, str):
            raise Unknown(f"{sign} compares a text with something else")
        if not isinstance(one, str):
            one, other = _number(one), _number(other)
        return _COMPARISONS[sign](one, other)

    return asked


def _same(one: Value, other: Value) -> bool:
    """Equal and of one kind: Python alone would take true for 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _matches(text: Value, pattern: Value) -> bool:
    try:
        return re.fullmatch(as_text(pattern), as_text(text)) is not None
    except re.error:
        raise Unknown("its pattern is no regular expression") from None
