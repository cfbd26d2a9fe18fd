"""Ctrl-C and SIGTERM during an apply."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from provisioner.engine.apply import Stop
from provisioner.errors import Interrupted

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping(stop: Stop, record: Path) -> Iterator[None]:
    """The first signal lets what is in flight finish; the second one abandons it, and raises `Interrupted`."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def halt(number: int) -> None:
        if stop.signal and task:
            task.cancel()
            return
        stop.signal = number
        click.echo("stopping: finishing what is in flight; once more to abandon it", err=True)

    for number in NUMBERS:
        loop.add_signal_handler(number, halt, number)
    try:
        yield
    except asyncio.CancelledError:
        raise Interrupted(
            "abandoned: what was in flight may have been done or not",
            signal_number=stop.signal,
            hint=f"the run record {record} says what was begun; running apply again continues",
        ) from None
    finally:
        for number in NUMBERS:
            loop.remove_signal_handler(number)
