"""How far a run is, on stderr."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import click

from provisioner.cli.options import Common
from provisioner.core.text import some, visible

if TYPE_CHECKING:
    from provisioner.core.change import Result
    from provisioner.engine.preview import Preview

# Below this a run is over before a bar has been read.
WORTH_A_BAR = 20
# How rarely it is told how far many are, in seconds.
PAUSE = 15.0


@contextmanager
def progress(seen: Preview, options: Common) -> Iterator[Callable[[Result], None]]:
    """Yields what takes each result: a bar with the time left on a terminal, else nothing."""
    total = len(seen.changes.changes)
    if options.quiet or total < WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _: None
        return
    from provisioner.render.terminal import bar

    with bar(sys.stderr, seen.tenant, total) as (advance, _):
        yield lambda _: advance()


@contextmanager
def counted(total: int, title: str, options: Common) -> Iterator[Awaited]:
    """Yields what counts many: on a terminal with a bar and the time left, else with a line now and then."""
    if options.quiet:
        yield Awaited(total, title)
    elif total >= WORTH_A_BAR and sys.stderr.isatty():
        from provisioner.render.terminal import bar

        with (
            bar(sys.stderr, title, total) as (advance, retitle),
            Awaited(total, title, advance=advance, retitle=retitle).telling() as awaited,
        ):
            yield awaited
    else:
        with Awaited(total, title, tell=lambda words: click.echo(visible(words), err=True)).telling() as awaited:
            yield awaited


class Awaited:
    """Which of many are under way and how many are done; what is told of it comes once every `PAUSE` seconds."""

    def __init__(
        self,
        total: int,
        title: str,
        *,
        tell: Callable[[str], object] = lambda _: None,
        advance: Callable[[], object] = lambda: None,
        retitle: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.done = 0
        self._total, self._title, self._under_way = total, title, dict[str, None]()
        self._tell, self._advance, self._retitle = tell, advance, retitle
        self._told_of = 0

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """While one of them is under way; it counts as done, however it ends, unless the run is interrupted."""
        self._under_way[name] = None
        yield
        self._under_way.pop(name, None)
        self.done += 1
        self._advance()

    @contextmanager
    def telling(self) -> Iterator[Self]:
        """Tells now and then, by the running loop's clock."""
        loop = asyncio.get_running_loop()
        began = loop.time()

        def tick() -> None:
            self._say(loop.time() - began)
            self._timer = loop.call_later(PAUSE, tick)

        self._timer = loop.call_later(PAUSE, tick)
        try:
            yield self
        finally:
            self._timer.cancel()

    def _say(self, seconds: float) -> None:
        """How long it may take, or, where nothing was done since it was told last, for whom the run waits."""
        is_stuck, self._told_of = self.done == self._told_of, self.done
        waiting = f"waiting for {some(self._under_way)}"
        left = waiting if is_stuck else f"about {seconds / self.done * (self._total - self.done):,.0f} s left"
        self._tell(f"{self.done:,} of {self._total:,} {self._title}, {left}")
        self._retitle(f"{self._title}, {waiting}" if is_stuck else self._title)
