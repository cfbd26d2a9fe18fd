"""The part of Lucene's query language that user searches need, as predicates on JSON; anything else is refused.

query  := all (OR all)*          value := word | "phrase" | word with * | [low TO high] | {low TO high}
all    := one (AND one)*                  | (value OR value …)
one    := NOT one | -one | (query) | field:value | _exists_:field
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from provisioner.sandbox.auth0 import errors

Predicate = Callable[[Any], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>[()-])
          |(?P<operator>AND|OR|NOT)(?=[\s(]|$)
          |(?P<field>[\w.]+):
          |(?P<phrase>"(?:[^"\\]|\\.)*")
          |(?P<range>[\[{][^\]}]+?\sTO\s[^\]}]+[\]}])
          |(?P<word>[^\s()"\[\]{}:]+))""",
    re.VERBOSE,
)


def parse(text: str) -> Predicate:
    """A predicate for the query; 400 for a query that is not understood (its words are a guess)."""
    reader = _Reader(text)
    try:
        predicate = reader.query()
    except RecursionError:
        raise _bad(text) from None
    reader.end()
    return predicate


def values(body: Any, path: str) -> Iterator[Any]:
    """Every plain value at a dotted path; lists are looked into at each step."""
    if isinstance(body, list):
        for entry in body:
            yield from values(entry, path)
    elif not path:
        if body is not None:
            yield body
    elif isinstance(body, dict):
        head, _, rest = path.partition(".")
        if head in body:
            yield from values(body[head], rest)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._place = text.strip(), 0

    def _peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._place)
        return (str(match.lastgroup), match[str(match.lastgroup)]) if match else ("end", "")

    def _take(self, *wanted: tuple[str, str]) -> bool:
        if self._peek() not in wanted:
            return False
        self._next()
        return True

    def _next(self) -> tuple[str, str]:
        token, match = self._peek(), _TOKEN.match(self._text, self._place)
        self._place = match.end() if match else self._place
        return token

    def end(self) -> None:
        if self._place < len(self._text):
            raise _bad(self._text)

    def query(self) -> Predicate:
        branches = [self._all()]
        while self._take(("operator", "OR")):
            branches.append(self._all())
        return lambda body: any(branch(body) for branch in branches)

    def _all(self) -> Predicate:
        parts = [self._one()]
        while self._take(("operator", "AND")):
            parts.append(self._one())
        return lambda body: all(part(body) for part in parts)

    def _one(self) -> Predicate:
        if self._take(("operator", "NOT"), ("mark", "-")):
            inner = self._one()
            return lambda body: not inner(body)
        if self._take(("mark", "(")):
            inner = self.query()
            self._close()
            return inner
        kind, field = self._next()
        if kind != "field":
            raise _bad(self._text)
        if field == "_exists_":
            path = self._next()[1]
            return lambda body: any(True for _ in values(body, path))
        matches = self._value()
        return lambda body: any(matches(value) for value in values(body, field))

    def _value(self) -> Predicate:
        if self._take(("mark", "(")):
            choices = [self._value()]
            while self._take(("operator", "OR")):
                choices.append(self._value())
            self._close()
            return lambda value: any(choice(value) for choice in choices)
        kind, text = self._next()
        if kind == "phrase":
            return _same(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "range":
            return _between(text)
        if kind == "word":
            return _like(text) if "*" in text else _same(text)
        raise _bad(self._text)

    def _close(self) -> None:
        if not self._take(("mark", ")")):
            raise _bad(self._text)


def _bad(text: str) -> errors.Refusal:
    return errors.invalid_query(f"The query is not understood: {text}", "q")


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).casefold()


def _same(text: str) -> Predicate:
    return lambda value: _plain(value) == text.casefold()


def _like(text: str) -> Predicate:
    pattern = re.compile(".*".join(re.escape(part) for part in text.casefold().split("*")))
    return lambda value: pattern.fullmatch(_plain(value)) is not None


def _between(text: str) -> Predicate:
    """Bounds compare as text, which is right for times; `*` is no bound, braces leave the bound itself out."""
    low, high = (bound.strip().strip('"') for bound in text[1:-1].split(" TO "))

    def matches(value: Any) -> bool:
        above = low == "*" or (value >= low if text[0] == "[" else value > low)
        # A coarser upper bound includes all that it stands for: the whole day.
        below = high == "*" or (value[: len(high)] <= high if text[-1] == "]" else value < high)
        return bool(above and below)

    return lambda value: isinstance(value, str) and matches(value)
