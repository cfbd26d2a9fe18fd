"""`provisioner report`: what can be done with reports that are written already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli import drift_forms, problems, reports
from provisioner.errors import ProvisionerError, UsageError

if TYPE_CHECKING:
    from provisioner.render.drift import DriftReport


@click.group("report", short_help="Join the reports of shards.")
def command() -> None:
    """Reports that `provisioner drift --report json=PATH` wrote."""


@command.command("merge", short_help="Join the reports of shards.")
@click.argument("part", nargs=-1, required=True)
@reports.option(*drift_forms.KINDS)
def merge(part: tuple[str, ...], report: tuple[reports.Report, ...]) -> int:
    """Join each PART, the JSON report of a shard, to the report that one run would have made.

    Exits with 1, and writes nothing, where a shard is missing, doubled, or of another list of plans. What drifted is
    told by the shards' own exit codes, and not by this one.
    """
    if not report:
        raise UsageError("expected --report KIND=PATH: where the joint report goes")
    reports.spare(report, part)
    from provisioner.render import fleet
    from provisioner.render.shards import merged

    try:
        whole = merged([_read(name) for name in part])
    except ValueError as error:
        raise ProvisionerError(
            f"the parts cannot be joined: {error}", hint="nothing was written; run the shard again, then join all"
        ) from None
    failures = reports.write(report, drift_forms.forms(whole))
    for failure in failures:
        problems.report(failure, as_json=False)
    click.echo(fleet.sums(whole))
    return 1 if failures else 0


def _read(name: str) -> DriftReport:
    from provisioner.render import drift_read

    try:
        return drift_read.report(reports.earlier(Path(name)))
    except ValueError as error:
        raise ProvisionerError(f"{name} cannot be joined: {error}") from None
