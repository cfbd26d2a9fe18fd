"""What became of replayed exchanges, whichever vendor they are of; and small things that every replay needs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.routing import BaseRoute, Match

from tests.contract.evidence import Exchange


@dataclass
class Score:
    """What became of the exchanges, by operation."""

    alike: Counter[str] = field(default_factory=Counter)
    different: dict[str, list[tuple[Exchange, list[str]]]] = field(default_factory=lambda: defaultdict(list))
    skipped: Counter[str] = field(default_factory=Counter)
    other_values: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many of the exchanges that count came back alike."""
        good = self.alike.total()
        return good / (good + sum(map(len, self.different.values())))

    def lines(self, every: bool) -> Iterator[str]:
        """The score as a table, with the differences below it."""
        for name in sorted(self.alike.keys() | self.different.keys()):
            yield f"{self.alike[name]:5} alike {len(self.different[name]):4} different  {name}"
        yield f"{self.share:.2%} alike of {self.alike.total() + sum(map(len, self.different.values()))}"
        for reason, number in self.skipped.most_common():
            yield f"{number:5} skipped: {reason}"
        for found in self.different.values():
            for one, lines in found if every else found[:2]:
                yield f"{one}\n      " + "\n      ".join(lines[:12])


def operation_of(routes: Iterable[BaseRoute], method: str, path: str) -> str | None:
    """The operation of the sandbox that serves such a request, or None."""
    scope = {"type": "http", "method": method, "path": path}
    for route in routes:
        if route.matches(scope)[0] is Match.FULL:
            return f"{method} {route.path}"  # type: ignore[attr-defined]
    return None


def parsed(answer: httpx.Response) -> Any:
    """The answer's JSON, its text, or None for nothing."""
    if not answer.content:
        return None
    return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.text
