"""Links by which new people choose a password: handed over in a file, because whoever has one may use it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import click

from provisioner.cli.problems import system_words
from provisioner.core.adapter import InvitingWriter, Writer
from provisioner.engine.record import private_file


@contextmanager
def handed_over(writer: Writer, run: Path) -> Iterator[None]:
    """Writes each link beside the run record as soon as it is made, for nobody but this user to read.

    At the end it says where, never what, and who has none.
    """
    if not isinstance(writer, InvitingWriter):
        yield
        return
    links = _Links(run.with_suffix(".invitations.csv"))
    writer.hand_links_to(links.take)
    try:
        yield
    finally:
        links.end()


class _Links:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._without: list[str] = []
        self._trouble = ""

    def take(self, person: str, link: str) -> None:
        """Keeps a link, flushed, so that even a killed run has handed it over; or who has none."""
        if not link:
            self._without.append(person)
            return
        try:
            self._write(person, link)
        except OSError as error:
            self._without.append(person)
            self._trouble = f" ({self._path} cannot be written: {system_words(error)})"

    def _write(self, *row: str) -> None:
        if self._file is None:
            self._file = private_file(self._path)
            csv.writer(self._file).writerow(("person", "link"))
        csv.writer(self._file).writerow(row)
        self._file.flush()

    def end(self) -> None:
        """Closes the file and tells what became of the links."""
        if self._file:
            # Every link was handed on by itself: what a full disk did not take has been noted.
            with suppress(OSError):
                self._file.close()
            told = f"Links for choosing a password: {self._path}. Send each to its person, then delete the file."
            click.echo(told, err=True)
        if self._without:
            click.echo(
                f"No link for choosing a password for {', '.join(sorted(self._without))}{self._trouble}."
                " They choose one with `Forgot password` on the login page, or you make a link in the Dashboard.",
                err=True,
            )
