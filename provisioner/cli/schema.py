"""`provisioner schema`: JSON Schema for editors."""

from __future__ import annotations

import json

import click

from provisioner.adapters import PROVIDERS


@click.command("schema", short_help="Print the JSON Schema of a provider's plan files.")
@click.argument("provider", type=click.Choice(sorted(PROVIDERS)), metavar="PROVIDER")
def command(provider: str) -> int:
    """Print the JSON Schema of PROVIDER's plan files, for editors and CI."""
    from provisioner.adapters import model_for
    from provisioner.planfile.schema import json_schema

    model = model_for(provider)
    click.echo(json.dumps(json_schema(model), indent=2, ensure_ascii=False))
    return 0
