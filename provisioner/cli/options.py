"""Options that several verbs share, and what they say as one value."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import click

from provisioner.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


class Common(NamedTuple):
    """What the shared options say."""

    variables: Mapping[str, str]
    format: str = "text"
    adopt: bool = False
    allow: tuple[str, ...] = ()
    max_rate: int | None = None
    no_input: bool = False
    color: bool = True
    verbose: bool = False
    quiet: bool = False


def shared(*formats: str) -> Callable[[F], F]:
    """The flags that every verb on a plan takes; `formats` are the forms of its result."""

    def decorate(function: F) -> F:
        for option in reversed((_format(formats), *_OPTIONS)):
            function = option(function)
        return function

    return decorate


def common(**flags: Any) -> Common:
    """Reads the shared flags into one value. Raises `UsageError` for a `--var` without a name."""
    variables = dict(_pair(text) for text in flags.pop("var"))
    color = not flags.pop("no_color") and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    return Common(variables=variables, color=color, **flags)


def _format(formats: tuple[str, ...]) -> Callable[[F], F]:
    return click.option(
        "--format", type=click.Choice(formats), default=formats[0], show_default=True, help="Form of the result."
    )


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--var", multiple=True, metavar="NAME=VALUE", help="Value for ${var.NAME}. Repeatable."),
    click.option("--adopt", is_flag=True, help="Take over an application that carries no ownership mark."),
    click.option("--allow", multiple=True, metavar="CODE", help="Let one named guard pass. Repeatable."),
    click.option(
        "--max-rate", type=click.IntRange(1, 100), metavar="PERCENT", help="Share of the tenant's rate limits to use."
    ),
    click.option("--no-input", is_flag=True, help="Never ask."),
    click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same."),
    click.option("-v", "--verbose", is_flag=True, help="Show every row, and every request on stderr."),
    click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(f"--var {text}: expected NAME=VALUE")
    return name, value
