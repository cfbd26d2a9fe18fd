"""Prints every figure that the program promises, and ends with 1 where one is broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence

from tests.bench import (
    auth0_rate,
    auth0_requests,
    fleet,
    requests,
    sandbox_rate,
    scale,
    schedule,
    start,
    verifying,
    write_rate,
)
from tests.bench.figure import Figure

NOTE = """
Requests, for comparison: terraform-provider-okta sends 6 n to create n people who use an application (okta_user 2,
okta_app_user 4) and 3 n to find that nothing has changed (1 and 2); terraform-provider-auth0 sends 2 n and n for its
auth0_user. Both by their published code.
start: medians of runs in turn. memory, time: of the program's process; the org is served by another one.
write rate: on virtual time, so nothing waits; "model" is a model of the vendor's limit, "sandbox" the real client
into the sandbox, as the sandbox's own request log has it. Refused counts those of others, too.
"""

Suite = Sequence[Callable[[], Iterable[Figure]]]
FULL: Suite = (
    requests.figures,
    auth0_requests.figures,
    start.figures,
    scale.figures,
    verifying.figures,
    write_rate.figures,
    sandbox_rate.figures,
    auth0_rate.figures,
    fleet.figures,
    schedule.figures,
)
QUICK: Suite = (
    lambda: requests.figures(there=2_000),
    lambda: auth0_requests.figures(many=2_000),
    lambda: start.figures(rounds=5),
    lambda: scale.figures(people=10_000),
    lambda: verifying.figures(people=2_000),
    lambda: write_rate.figures(seconds=180),
    lambda: sandbox_rate.figures(limit=100),
    lambda: auth0_rate.figures(seconds=30),
    lambda: fleet.figures(count=100),
    lambda: schedule.figures(checks=60, tenants=12),
)


def main() -> int:
    """One table, printed as the figures come in."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer people, fewer runs")
    suite = QUICK if parser.parse_args().quick else FULL
    _line("figure", "measured", "bound", "ok")
    broken = sum(_print(figures()) for figures in suite)
    _say(NOTE)
    return 1 if broken else 0


def _print(figures: Iterable[Figure]) -> int:
    broken = 0
    for figure in figures:
        _line(*figure.row)
        broken += not figure.ok
    return broken


def _line(figure: str, measured: str, bound: str, ok: str) -> None:
    _say(f"{figure:<62} {measured:>12} {bound:>12}  {ok}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - its purpose


if __name__ == "__main__":
    sys.exit(main())
