"""Links by which new people choose a password: handed over in a file, because whoever has one may use it."""

from __future__ import annotations

import csv
from pathlib import Path

import click

from provisioner.cli.problems import system_words
from provisioner.core.adapter import InvitingWriter, Writer
from provisioner.engine.record import private_file


def hand_over(writer: Writer, run: Path) -> None:
    """Writes the links beside the run record, for nobody but this user to read, and says where; never what."""
    if not isinstance(writer, InvitingWriter) or not writer.invitations:
        return
    path = run.with_suffix(".invitations.csv")
    try:
        with private_file(path) as file:
            csv.writer(file).writerows([("person", "link"), *sorted(writer.invitations.items())])
    except OSError as error:
        told = f"the links for choosing a password cannot be written: {system_words(error)}"
        click.echo(f"{told}. People choose one with `Forgot password` on the login page.", err=True)
        return
    click.echo(f"Links for choosing a password: {path}. Send each to its person, then delete the file.", err=True)
