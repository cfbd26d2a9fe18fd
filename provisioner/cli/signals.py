"""Ctrl-C and SIGTERM during an apply."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from provisioner.engine.apply import Stop

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping(stop: Stop) -> Iterator[None]:
    """The first signal lets what is in flight finish; the second one ends the program at once."""
    loop = asyncio.get_running_loop()

    def halt(number: int) -> None:
        stop.signal = number
        for each in NUMBERS:
            loop.remove_signal_handler(each)
        click.echo("stopping: finishing what is in flight; once more to abandon it", err=True)

    for number in NUMBERS:
        loop.add_signal_handler(number, halt, number)
    try:
        yield
    finally:
        for number in NUMBERS:
            loop.remove_signal_handler(number)
