"""How far a run is, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from provisioner.cli.options import Common

if TYPE_CHECKING:
    from provisioner.core.change import Result
    from provisioner.engine.preview import Preview

# Below this a run is over before a bar has been read.
WORTH_A_BAR = 20
# Where nobody looks at a terminal, a line in the log says how far it is, as rarely as this, in seconds.
PAUSE = 15.0


@contextmanager
def progress(seen: Preview, options: Common) -> Iterator[Callable[[Result], None]]:
    """Yields what takes each result: a bar with the time left on a terminal, else nothing."""
    total = len(seen.changes.changes)
    if options.quiet or total < WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _: None
        return
    from provisioner.render.terminal import bar

    with bar(sys.stderr, seen.tenant, total) as advance:
        yield lambda _: advance()


@contextmanager
def counted(total: int, title: str, options: Common) -> Iterator[Callable[[], None]]:
    """Yields what counts one more of many: a bar with the time left on a terminal, else now and then a line."""
    if options.quiet or total < WORTH_A_BAR:
        yield lambda: None
    elif sys.stderr.isatty():
        from provisioner.render.terminal import bar

        with bar(sys.stderr, title, total) as advance:
            yield advance
    else:
        yield _Lines(total, title).advance


class _Lines:
    """`120 of 1,000 tenants, about 40 s left`, once every `PAUSE` seconds."""

    def __init__(self, total: int, title: str) -> None:
        self._total, self._title, self._done = total, title, 0
        self._began = self._told = time.monotonic()

    def advance(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._told < PAUSE or self._done == self._total:
            return
        self._told = now
        left = (now - self._began) / self._done * (self._total - self._done)
        click.echo(f"{self._done:,} of {self._total:,} {self._title}, about {left:,.0f} s left", err=True)
