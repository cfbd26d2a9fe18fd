"""Options that several verbs share, and what they say as one value."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import click

from provisioner.cli.settings import environment
from provisioner.core.guards import CODES
from provisioner.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


class Common(NamedTuple):
    """What the shared options say."""

    variables: Mapping[str, str]
    environ: Mapping[str, str]
    format: str = "text"
    adopt: bool = False
    allow: tuple[str, ...] = ()
    max_rate: int | None = None
    no_input: bool = False
    color: bool = True
    verbose: bool = False
    quiet: bool = False


class Once(click.Option):
    """An option with one value. Given twice it is an error: of two values, one would be lost without a word."""

    def __init__(self, *names: Any, **settings: Any) -> None:
        super().__init__(*names, **settings | {"multiple": True})

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The value, None where the option is not given."""
        given = super().process_value(ctx, value)
        if len(given) > 1:
            raise click.UsageError(f"{self.opts[0]} is given {len(given)} times, and takes one value", ctx)
        return given[0] if given else None


def shared(*formats: str, opens: bool = False, changes: bool = False) -> Callable[[F], F]:
    """The flags that verbs on a plan have in common; `formats` are the forms of the result.

    A verb takes those of a tenant where it `opens` one, and those of a change set where it has to do with `changes`.
    """
    options = (_format(formats), *_OF_PLANS, *(_OF_TENANTS if opens else ()), *(_OF_CHANGES if changes else ()))

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def common(**flags: Any) -> Common:
    """Reads the shared flags into one value. Raises `UsageError` for a `--var` without a name, and for a bad `.env`."""
    variables = dict(_pair(text) for text in flags.pop("var"))
    color = not flags.pop("no_color") and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    return Common(variables=variables, environ=environment(), color=color, **flags)


def _format(formats: tuple[str, ...]) -> Callable[[F], F]:
    return click.option(
        "--format", type=click.Choice(formats), default=formats[0], show_default=True, help="Form of the result."
    )


Options = tuple[Callable[[Any], Any], ...]

_OF_PLANS: Options = (
    click.option("--var", multiple=True, metavar="NAME=VALUE", help="Value for ${var.NAME}. Repeatable."),
    click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same."),
    click.option(
        "-v", "--verbose", is_flag=True, help="Every row; on stderr every request, and where an internal error was."
    ),
)
_OF_TENANTS: Options = (
    click.option(
        "--max-rate", type=click.IntRange(1, 100), metavar="PERCENT", help="Share of the tenant's rate limits to use."
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
    click.option("--no-input", is_flag=True, help="Never ask."),
)
_OF_CHANGES: Options = (
    click.option("--adopt", is_flag=True, help="Take over an application that carries no ownership mark."),
    click.option(
        "--allow", multiple=True, type=click.Choice(CODES), metavar="CODE", help="Let one named guard pass. Repeatable."
    ),
    click.option("--show-pii", is_flag=True, expose_value=False, help="Changes name people in any case."),
)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(f"--var {text}: expected NAME=VALUE")
    return name, value
