"""`provisioner sandbox`: serves the sandbox that plays the vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from provisioner.cli.embedded import HOME
from provisioner.cli.problems import system_words
from provisioner.cli.settings import home
from provisioner.errors import ProvisionerError, UsageError
from provisioner.planfile.tenant import sandbox_url

if TYPE_CHECKING:
    from provisioner.sandbox.serve import Addresses

_EMBEDDED = f"plans with `org_url: sandbox` or `domain: sandbox` lead to {sandbox_url('sandbox')}"


@click.command("sandbox", short_help="Serve the sandbox that plays the vendors.")
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="0 takes a free one.")
@click.option("--tls", is_flag=True, help="https, with a certificate of a local authority whose file is printed.")
def command(port: int, tls: bool) -> int:
    """Serve the sandbox on this machine until Ctrl-C, with its web pages.

    It shares its state with embedded runs (`org_url: sandbox`): apply a plan, then look at it here.
    """
    try:
        from provisioner.sandbox.serve import PortTakenError, serve
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the sandbox needs the package {error.name}",
            hint="make setup, in the project's folder, makes an environment that has it",
        ) from None
    try:
        serve(home(), port=port, tls=tls, announce=_announce)
    except KeyboardInterrupt:
        return 0
    except PortTakenError as error:
        raise ProvisionerError(str(error), hint=f"{_EMBEDDED}, whatever the --port") from None
    except OSError as error:
        raise ProvisionerError(f"the sandbox's state cannot be used: {system_words(error)}", hint=HOME) from None
    return 0


def _announce(at: Addresses) -> None:
    *others, last = (part.capitalize() for part in at.credentials)
    click.echo(
        f"The sandbox plays {', '.join(others)} and {last} at {at.origin}   (a second tenant: {at.tenant_origin})"
    )
    click.echo(f"Look at what it holds: {at.origin}/")
    click.echo(f"Sign in to Flex: {at.origin}/flex/   (everybody's password: sandbox-password)")
    if at.origin != sandbox_url("sandbox"):
        click.echo(f"\nNote: {_EMBEDDED}, not here.\nFor this one write {at.origin} there, and apply again.")
    for part, credentials in at.credentials.items():
        if not credentials:
            continue
        click.echo(f"\nCredentials for {part.capitalize()}, good for nothing else:")
        width = max(map(len, credentials), default=0)
        for name, value in credentials.items():
            shown = "on the page" if "\n" in value else value
            click.echo(f"  {name:<{width}}  {shown}")
    if at.ca_file:
        click.echo(f"\nClients trust it with SSL_CERT_FILE={at.ca_file}")
    click.echo("\nCtrl-C stops it.")
