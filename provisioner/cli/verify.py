"""`provisioner verify`: the assertion that each user would get, held against what Flex asks for."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli import plans, problems, reports
from provisioner.cli.options import Common, common, shared
from provisioner.errors import ProvisionerError, UsageError

if TYPE_CHECKING:
    from provisioner.core.sign_on import Verification
    from provisioner.planfile.people import Person


@click.command("verify", short_help="Compute everybody's assertion and hold it against what Flex asks for.")
@click.argument("plan")
@click.option("--user", "users", multiple=True, metavar="WHO", help="Only this person of the plan. Repeatable.")
@click.option("--show-pii", is_flag=True, help="Name people in files and Markdown; without it each has a pseudonym.")
@reports.option(*reports.KINDS)
@shared(*reports.KINDS, opens=True)
def command(plan: str, users: tuple[str, ...], show_pii: bool, report: tuple[reports.Report, ...], **flags: Any) -> int:
    """Compute the assertion that each user of PLAN would get from the live tenant now, and say what Flex makes of it.

    Only reads. Exits with 2 where there is an error, of one person or of all; warnings do not count.
    """
    options = common(**flags)
    reports.spare(report, [plan])
    loaded: Any = plans.read(plan, options).plan
    people = _chosen(loaded.people, users)
    from provisioner.cli.session import run

    found = run(_verify(loaded, people, options))
    from provisioner.render.verification import without_people

    to_pass_on = found if show_pii else without_people(found)
    failures = reports.write(report, _forms(to_pass_on))
    _print(to_pass_on if options.format == "markdown" else found, failures, options)
    return problems.worst([0 if found.is_clean else 2, *(each.exit_code for each in failures)])


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


def _forms(found: Verification) -> Mapping[str, reports.Form]:
    """All of it, for a file."""
    from provisioner.render import as_json, terminal, verification

    return {
        "text": lambda out: verification.text(terminal.console(out, color=False), found, everything=True),
        "json": lambda out: as_json.write(verification.as_object(found), out),
        "markdown": lambda out: out.write(verification.markdown(found)),
    }


def _print(found: Verification, failures: Sequence[ProvisionerError], options: Common) -> None:
    from provisioner.render import as_json, terminal, verification

    if options.format == "json":
        as_json.write(verification.as_object(found) | reports.untold(failures), sys.stdout)
        return
    for failure in failures:
        problems.report(failure, as_json=False)
    if options.format == "markdown":
        sys.stdout.write(verification.markdown(found))
    else:
        verification.text(terminal.console(sys.stdout, color=options.color), found, everything=options.verbose)
