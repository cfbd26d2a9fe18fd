"""Parts of an expression in Okta's Expression Language: what each gives, once it is asked in a scope."""

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

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def as_text(value: Value) -> str:
    """Give a value as text, as Java writes it; null and collections have none. Raises Unknown."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise Unknown(f"a text is needed in place of {'null' if value is None else 'a collection'}")


def constant(kind: str, text: str) -> Node:
    """A literal; a quote within quotes is doubled (SpEL), and a backslash is nothing special."""
    if kind == "text":
        quote = text[0]
        return always(text[1:-1].replace(quote * 2, quote))
    return always(float(text) if "." in text else int(text))


def always(value: Value) -> Node:
    """The same value in every scope."""
    return lambda _scope: value


def member(holder: Value, name: str, path: str) -> Value:
    """What an object holds under a name. Raises Unknown, naming the path, where there is no such name."""
    if not isinstance(holder, Mapping) or name not in holder:
        raise Unknown(f"{path} is not known")
    return holder[name]


def attribute(name: str, node: Node) -> Node:
    """`node.name`."""
    return lambda scope: member(node(scope), name, name)


def _called(call: Callable[..., Value], name: str, values: Sequence[Value]) -> Value:
    try:
        return call(*values)
    except (TypeError, ValueError, OverflowError, IndexError):
        raise Unknown(f"{name} does not take these arguments") from None


def function(name: str, arguments: Sequence[Node]) -> Node:
    """`String.join(…)` or `isMemberOfGroup(…)`."""

    def asked(scope: Scope) -> Value:
        if name not in scope.functions:
            raise Unknown(f"{name} is not a known function")
        return _called(scope.functions[name], name, [argument(scope) for argument in arguments])

    return asked


def method(name: str, node: Node, arguments: Sequence[Node]) -> Node:
    """`node.name(…)`."""

    def asked(scope: Scope) -> Value:
        if name not in scope.methods:
            raise Unknown(f"{name} is not a known method")
        return _called(scope.methods[name], name, [node(scope), *(argument(scope) for argument in arguments)])

    return asked


def either(left: Node, right: Node) -> Node:
    """`left || right`; the right side is asked only where the left does not decide."""
    return lambda scope: boolean(left(scope)) or boolean(right(scope))


def both(left: Node, right: Node) -> Node:
    """`left && right`; the right side is asked only where the left does not decide."""
    return lambda scope: boolean(left(scope)) and boolean(right(scope))


def default(node: Node, other: Node) -> Node:
    """`node ?: other`: the other one where there is null or an empty text (SpEL)."""

    def asked(scope: Scope) -> Value:
        value = node(scope)
        return other(scope) if value in (None, "") else value

    return asked


def boolean(value: Value) -> bool:
    """The value as a condition. Raises Unknown for anything but true and false."""
    if not isinstance(value, bool):
        raise Unknown("a condition must be true or false")
    return value


def number(value: Value) -> float:
    """The value as a number. Raises Unknown for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unknown("a number is needed")
    return value


def addition(sign: str, left: Node, right: Node) -> Node:
    """`left + right`, which joins texts, and `left - right`; null is not taken, since no document says what it adds."""

    def asked(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if sign == "+" and (isinstance(one, str) or isinstance(other, str)):
            return as_text(one) + as_text(other)
        return number(one) + number(other) if sign == "+" else number(one) - number(other)

    return asked


def comparison(sign: str, left: Node, right: Node) -> Node:
    """`left == right` and its like, and `left matches right`, which is about the whole text."""

    def asked(scope: Scope) -> bool:
        one, other = left(scope), right(scope)
        if sign in {"==", "!="}:
            return _same(one, other) == (sign == "==")
        if sign == "matches":
            return _matches(one, other)
        if isinstance(one, str) != isinstance(other, str):
            raise Unknown(f"{sign} compares a text with something else")
        if not isinstance(one, str):
            one, other = number(one), number(other)
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
