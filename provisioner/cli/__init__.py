"""The command line: one file per verb. The only room that prints, asks, reads the environment and exits.

A verb's module is imported when the verb is called, and imports what it needs inside its function: `--help` is quick.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from provisioner import __version__
from provisioner.cli import problems, streams

VERBS = {
    "validate": "Check plan files offline: schema, Flex rules.",
    "diff": "Show what apply would do; never writes.",
    "plan": "The same as diff.",
    "apply": "Show the diff, ask, carry it out, print the Flex values.",
    "drift": "Whether tenants are still as their plans say; never writes.",
    "outputs": "Print the Flex values of the live tenant.",
    "verify": "Compute everybody's assertion and hold it against what Flex asks for.",
    "check-response": "Hold a captured SAML response against the Flex values.",
    "report": "Join the reports of shards.",
    "fleet": "Drift checks on a schedule, kept in a database.",
    "schema": "Print the JSON Schema of a provider's plan files.",
    "sandbox": "Serve the sandbox that plays the vendors.",
}
MODULES = {"plan": "diff", "check-response": "check_response"}


class Verbs(click.Group):
    """Finds a verb's module by its name, when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, imported now; None for an unknown one."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"provisioner.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def program() -> None:
    """SAML single sign-on for Twilio Flex, declared in a file.

    A plan file says what the identity provider must hold; `provisioner apply plans/okta.yaml` brings it there and
    prints what Twilio Console asks for. `org_url: sandbox` needs no account.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the program and exits with one of the codes that `errors.py` lists."""
    # Almost all that start-up makes is kept: looking for garbage among it takes a twentieth of the time to `validate`.
    gc.set_threshold(50_000)
    # A pydantic plugin that happens to be installed has no say in how plans are read, and looking for one is slow.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    streams.prepare()
    arguments = (sys.argv[1:] if arguments is None else list(arguments)) or ["--help"]
    code = problems.guarded(lambda: program.main(arguments, "provisioner", standalone_mode=False), arguments)
    # The system takes all memory back at once; the interpreter would first look through it for garbage, for as long
    # as a tenth of the time to `validate`.
    gc.freeze()
    sys.exit(code)
