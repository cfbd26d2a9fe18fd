"""`provisioner verify`: the assertion that each user would get, held against what Flex asks for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import plans
from provisioner.cli.options import Common, common, shared
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from provisioner.core.sign_on import Verification
    from provisioner.planfile.people import Person


@click.command("verify", short_help="Compute everybody's assertion and hold it against what Flex asks for.")
@click.argument("plan")
@click.option("--user", "users", multiple=True, metavar="WHO", help="Only this person of the plan. Repeatable.")
@shared("text", "json", "markdown", opens=True)
def command(plan: str, users: tuple[str, ...], **flags: Any) -> int:
    """Compute the assertion that each user of PLAN would get from the live tenant now, and say what Flex makes of it.

    Only reads. Exits with 2 where somebody cannot sign in; warnings do not count.
    """
    options = common(**flags)
    loaded: Any = plans.read(plan, options).plan
    people = _chosen(loaded.people, users)
    from provisioner.cli.session import run

    found = run(_verify(loaded, people, options))
    _FORMS[options.format](found, options)
    return 0 if found.is_clean else 2


async def _verify(plan: Any, people: Sequence[Person], options: Common) -> Verification:
    from datetime import UTC, datetime

    from provisioner.cli.session import tenant
    from provisioner.engine.verify import verify

    async with tenant(plan, options) as connection:
        return await verify(plan, connection, people, datetime.now(UTC))


def _chosen(people: Sequence[Person], users: Sequence[str]) -> Sequence[Person]:
    """Those asked for, everybody where nobody is. Raises `UsageError` for somebody whom the plan does not name."""
    by_key = {person.key: person for person in people}
    if unknown := [who for who in users if who.lower() not in by_key]:
        from provisioner.flex.spelling import did_you_mean

        hint = did_you_mean(unknown[0], (person.identity for person in people))
        raise UsageError(f"--user {unknown[0]}: the plan names nobody of that name", hint=hint)
    return [by_key[who.lower()] for who in dict.fromkeys(users)] or people


def _text(found: Verification, options: Common) -> None:
    from provisioner.render import terminal, verification

    verification.text(terminal.console(sys.stdout, color=options.color), found, everything=options.verbose)


def _json(found: Verification, _: Common) -> None:
    from provisioner.render import as_json, verification

    as_json.write(verification.as_object(found), sys.stdout)


def _markdown(found: Verification, _: Common) -> None:
    from provisioner.render import verification

    click.echo(verification.markdown(found))


_FORMS = {"text": _text, "json": _json, "markdown": _markdown}
