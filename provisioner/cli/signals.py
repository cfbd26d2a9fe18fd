"""Ctrl-C and SIGTERM: an apply finishes what is in flight, a check ends at once and says how far it was."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from provisioner.engine.apply import Stop
from provisioner.errors import Interrupted

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping(stop: Stop, record: Path) -> Iterator[None]:
    """The first signal lets what is in flight finish; the second one abandons it, and raises `Interrupted`."""
    task = asyncio.current_task()

    def halt(number: int) -> None:
        if stop.signal and task:
            task.cancel()
            return
        stop.signal = number
        click.echo("stopping: finishing what is in flight; once more to abandon it", err=True)

    with _handled(halt):
        try:
            yield
        except asyncio.CancelledError:
            raise Interrupted(
                "abandoned: what was in flight may have been done or not",
                signal_number=stop.signal,
                hint=f"the run record {record} says what was begun; running apply again continues",
            ) from None


@contextmanager
def ending(how_far: Callable[[], str]) -> Iterator[None]:
    """A signal ends what changes nothing, and raises `Interrupted`, which says how far it was.

    Without a handler SIGTERM would do nothing to the first process of a container.
    """
    came: list[int] = []
    task = asyncio.current_task()

    def halt(number: int) -> None:
        came.append(number)
        if task:
            task.cancel()

    with _handled(halt):
        try:
            yield
        except asyncio.CancelledError:
            if not came:
                raise
            message = f"interrupted: {how_far()}"
            raise Interrupted(message, signal_number=came[0], hint="nothing was changed; run it again") from None


@contextmanager
def _handled(halt: Callable[[int], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in NUMBERS:
        loop.add_signal_handler(number, halt, number)
    try:
        yield
    finally:
        for number in NUMBERS:
            loop.remove_signal_handler(number)
