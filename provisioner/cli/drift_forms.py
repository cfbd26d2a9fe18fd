"""The forms of a drift report, for whoever prints or writes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.cli.reports import Form
    from provisioner.render.drift import DriftReport

KINDS = ("text", "json", "markdown", "html", "junit", "sarif")


def forms(told: DriftReport) -> Mapping[str, Form]:
    """What prints each of `KINDS`, all from the same rows."""
    from provisioner.render import as_json, drift_json, drift_markdown, drift_text, html_fleet, junit, sarif

    return {
        "text": lambda out: out.write(drift_text.whole(told)),
        "json": lambda out: as_json.write(drift_json.report(told), out),
        "markdown": lambda out: out.write(drift_markdown.report(told)),
        "html": lambda out: out.write(html_fleet.report(told)),
        "junit": lambda out: out.write(junit.report(told)),
        "sarif": lambda out: as_json.write(sarif.report(told), out),
    }
