"""What it takes to verify very many people: requests, memory, time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from provisioner.adapters import model_for
from provisioner.adapters.auth0.action_code import code
from provisioner.adapters.auth0.assertion import Flow, Step
from provisioner.adapters.auth0.javascript import Program
from provisioner.adapters.auth0.sign_ons import FIELDS
from provisioner.engine.verify import verify
from provisioner.planfile.load import load
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place
from tests.bench import auth0_requests
from tests.bench.figure import Figure
from tests.bench.org import served
from tests.bench.people import fill, write_plan
from tests.bench.requests import ORIGIN
from tests.bench.run import lab, requests
from tests.bench.scale import cost
from tests.lab import Lab


def figures(people: int = 10_000) -> Iterator[Figure]:
    """Everybody in either vendor's tenant is as the plan says."""
    many = f"{people:,} people"
    yield Figure(f"requests: verify, Okta, {many}", okta(people), 40)
    yield Figure(f"requests: verify, Auth0, {many}", auth0(people), 20)
    yield Figure(f"time: the Action of Auth0 run for {many}", actions(people), 5, "s")
    with TemporaryDirectory() as folder, served(Path(folder)) as org:
        cost(Path(folder), "apply", str(write_plan(Path(folder), range(1), org.origin)))
        org.fill(1, people)
        used = cost(Path(folder), "verify", str(write_plan(Path(folder), range(people), org.origin)))
    yield Figure(f"memory: verify, Okta, {many}", used.memory, 200, "MiB")
    yield Figure(f"time: verify, Okta, {many}", used.seconds, 15, "s")


def okta(people: int) -> int:
    """Requests for so many members of the group."""
    with lab() as org:
        requests(org, write_plan(org.folder, range(1)))
        fill(org.sandbox.visit(org.sandbox.parts[0], Place(DEFAULT_TENANT, ORIGIN)), range(1, people))
        return _requests(org, write_plan(org.folder, range(people)))


def auth0(people: int) -> int:
    """Requests for so many people of the connection."""
    with lab(auth0_requests.SLOW_JOBS) as tenant:
        plan = auth0_requests.write_plan(tenant.folder, people)
        requests(tenant, plan)
        return _requests(tenant, plan)


def actions(people: int) -> float:
    """Seconds for the generated Action alone."""
    with TemporaryDirectory() as folder:
        plan = _plan(auth0_requests.write_plan(Path(folder), 1))
    event = {"client": {"metadata": {"provisioner_plan": plan.name}}, "transaction": {"protocol": "samlp"}}
    flow = Flow([Step("ours", True, Program("ours", code(plan)).run)], {}, event)
    user = dict.fromkeys(FIELDS) | {"email": "ana@acme.example", "app_metadata": {"flex": {"roles": ["agent"]}}}
    began = time.process_time()
    for _ in range(people):
        assert flow.sign_on("ana", user).attributes["roles"] == ("agent",)
    return time.process_time() - began


def _plan(file: Path) -> Any:
    return load(file, model_for=model_for, variables={}, environ={}).plan


def _requests(tenant: Lab, file: Path) -> int:
    plan = _plan(file)

    async def main() -> int:
        async with tenant.connected(plan) as connection:
            assert (await verify(plan, connection, plan.people, datetime.now(UTC))).is_clean
            return connection.requests.total

    return tenant.run(main())
