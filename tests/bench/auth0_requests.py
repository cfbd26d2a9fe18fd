"""How many requests a run sends to Auth0."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from provisioner.adapters import model_for, provider
from provisioner.engine.drift import drift
from provisioner.planfile.load import load
from provisioner.sandbox import SandboxSettings
from tests.bench.figure import Figure
from tests.bench.run import lab, requests
from tests.lab import Lab

# Nobody has measured how long a tenant's jobs take: long enough for three looks at each.
SLOW_JOBS = SandboxSettings(job_time=30.0)
_PLAN = """\
version: 1
name: bench
provider: { type: auth0, domain: sandbox }
flex: { connection_sid: JQ0123456789abcdef0123456789abcdef }
application: { name: Twilio Flex }
action: { name: Flex SAML attributes }
users: { source: csv, path: users.csv }
"""


class Sent(NamedTuple):
    """What the applies of one tenant sent, one after another, and how often any of them read the application alone."""

    created: int
    unchanged: int
    changed: int
    application_read: int


def figures(many: int = 10_000, changed: int = 10) -> list[Figure]:
    """A new tenant, then one in which everything is as the plan says, then roles that change."""
    one, all_ = sent(1, changed=1), sent(many, changed=changed)
    return [
        Figure("requests: Auth0, all new, 1 person", one.created, 25),
        Figure("requests: Auth0, no change, 1 person", one.unchanged, 12),
        Figure(f"requests: Auth0, all new, {many:,} people", all_.created, 60),
        Figure(f"requests: Auth0, no change, {many:,} people", all_.unchanged, 12),
        Figure(f"requests: Auth0, {changed} roles of {many:,} change", all_.changed, 2 * changed + 15),
        Figure("requests: Auth0, drift, 50 people, an export of 5 s", drifting(50, job_time=5.0), 10),
        Figure("requests: Auth0, the application read alone", one.application_read + all_.application_read, 0),
    ]


def sent(people: int, *, changed: int) -> Sent:
    """All new, no change, and so many other roles; the Flex values are read at the end of each."""
    with lab(SLOW_JOBS) as tenant:
        created = requests(tenant, write_plan(tenant.folder, people))
        unchanged = requests(tenant, write_plan(tenant.folder, people))
        return Sent(created, unchanged, requests(tenant, write_plan(tenant.folder, people, changed)), _alone(tenant))


def drifting(people: int, job_time: float) -> int:
    """How many requests a check of drift sends, where an export takes so many seconds; it must find none."""
    with lab(SandboxSettings(job_time=job_time)) as tenant:
        file = write_plan(tenant.folder, people)
        requests(tenant, file)
        plan = load(file, model_for=model_for, variables={}, environ={}).plan

        async def main() -> int:
            async with tenant.connected(plan) as connection:
                now = datetime.fromtimestamp(tenant.clock.now(), UTC)
                assert (await drift(provider("auth0"), plan, connection, now=now)).status == "in_sync"
                return connection.requests.total

        return tenant.run(main())


def _alone(tenant: Lab) -> int:
    entries = tenant.sandbox.log.entries("localhost")
    return sum(each.method == "GET" and bool(re.fullmatch(r"/api/v2/clients/\w+", each.path)) for each in entries)


def write_plan(folder: Path, people: int, changed: int = 0) -> Path:
    """A plan with so many people, of whom the last ones have another role than they begin with."""
    roles = ["admin", *["agent"] * (people - 1)]
    roles[people - changed :] = ["supervisor"] * changed
    (folder / "users.csv").write_text("\n".join(["email,name,roles", *_rows(roles), ""]), encoding="utf-8")
    plan = folder / "plan.yaml"
    plan.write_text(_PLAN, encoding="utf-8")
    return plan


def _rows(roles: Iterable[str]) -> Iterable[str]:
    return (f"agent{number:06}@acme.example,Given Family{number:06},{role}" for number, role in enumerate(roles))
