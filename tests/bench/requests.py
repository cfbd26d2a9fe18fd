"""How many requests a run sends to Okta."""

from __future__ import annotations

from provisioner.sandbox.hosts import DEFAULT_TENANT, Place
from tests.bench.figure import Figure
from tests.bench.people import fill, write_plan
from tests.bench.run import lab, requests

ORIGIN = "http://localhost:8400"


def figures(new: int = 50, there: int = 10_000) -> list[Figure]:
    """A tenant that is empty, and one in which everything is as the plan says."""
    return [
        Figure(f"requests: Okta, all new, {new} people", creation(new), new + 12),
        Figure(f"requests: Okta, no change, {there:,} people", no_change(there), 30),
    ]


def creation(people: int) -> int:
    """Application, group, assignment and so many people are new; the Flex values are read at the end."""
    with lab() as org:
        return requests(org, write_plan(org.folder, range(people)))


def no_change(people: int) -> int:
    """So many people are there already; the Flex values are read at the end."""
    with lab() as org:
        requests(org, write_plan(org.folder, range(1)))
        fill(org.sandbox.visit(org.sandbox.parts[0], Place(DEFAULT_TENANT, ORIGIN)), range(1, people))
        return requests(org, write_plan(org.folder, range(people)))
