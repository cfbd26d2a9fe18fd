"""Many new people at once: import jobs instead of a request for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from provisioner.adapters.auth0 import PROVIDER, jobs, user
from provisioner.adapters.auth0.plan import Auth0Plan
from provisioner.engine.apply import Applied, apply
from provisioner.engine.preview import preview
from provisioner.engine.record import RunRecord
from tests.adapters.auth0.tenant import Tenant, a_person, a_plan, a_user, connected
from tests.virtual_time import run


def carried_out(tenant: Tenant, plan: Auth0Plan, home: Path) -> Applied:
    async def main() -> Applied:
        async with connected(tenant, plan) as connection:
            seen = await preview(PROVIDER, plan, connection, limits=plan.guards.limits)
            with RunRecord(home, plan.name) as record:
                applied = await apply(seen, connection.writer(seen.observed), record)
            await connection.facts()
            return applied

    return run(main())


def crowd(count: int) -> list[Any]:
    return [a_person(f"agent{number:05}@acme.example", name=f"Agent {number}") for number in range(count)]


def test_ten_thousand_people(tmp_path: Path) -> None:
    """A first apply takes 60 requests at the most, one without changes 25, one with two other roles 2 more a person."""
    tenant, people = Tenant(), crowd(10_000)
    tenant.polls = 3

    assert carried_out(tenant, a_plan(*people), tmp_path).failure is None
    first = len(tenant.sent)
    carried_out(tenant, a_plan(*people), tmp_path)
    second = len(tenant.sent)
    changed = [a_person(person.identity, "admin", name=person.values[0]) for person in people[:2]]
    carried_out(tenant, a_plan(*changed, *people[2:]), tmp_path)

    assert len(tenant.users) == 10_000
    assert first <= 60
    assert second - first <= 25
    assert len(tenant.sent) - second <= 2 * 2 + 25


def test_a_row_that_fails_is_told_by_address_and_reason(tmp_path: Path) -> None:
    """Nobody else is held up; what Auth0 says of the person beside that goes no further."""
    tenant, plan = Tenant(), a_plan(*crowd(user.MANY))
    tenant.unwanted = {"agent00003@acme.example": "INVALID_FORMAT"}

    results = carried_out(tenant, plan, tmp_path).results

    (failed,) = (result for result in results if result.status == "failed")
    assert failed.address == "user:agent00003@acme.example"
    assert "INVALID_FORMAT" in failed.error
    assert "$2b$" not in failed.error
    assert sum(result.status == "done" for result in results) == len(results) - 1


def test_whoever_exists_after_all_keeps_other_metadata(tmp_path: Path) -> None:
    """An import that changes people would replace their metadata, so they are taken over one by one."""
    tenant, plan = Tenant(), a_plan(*crowd(user.MANY))
    tenant.users = [a_user("agent00003@acme.example", app_metadata={"crm": {"id": 7}})]
    tenant.instead["GET /export.gz"] = lambda _: httpx.Response(200, content=b"")

    assert carried_out(tenant, plan, tmp_path).failure is None

    assert tenant.users[0]["app_metadata"] == {"crm": {"id": 7}, "flex": {"roles": ["agent"]}}
    assert len(tenant.users) == user.MANY


def test_a_password_of_the_plan_is_no_import(tmp_path: Path) -> None:
    """Imports take no passwords in the clear, so that everybody is created by a request."""
    tenant = Tenant()
    plan = a_plan(*crowd(user.MANY), users={"initial_password": "${env.PASSWORD}"})

    assert carried_out(tenant, plan, tmp_path).failure is None

    assert tenant.log.count("POST /users") == user.MANY
    assert not tenant.log.count("POST /jobs/users-imports")


def test_every_file_of_an_import_fits() -> None:
    """Parts are as large as a file may be, and nobody is lost between them."""
    people = [{"email": f"{number}@acme.example", "name": "ü" * 200} for number in range(3000)]

    parts = jobs.parts(people, lambda person: person)

    assert [person for part in parts for person in part] == people
    assert all(len(jobs._file(part)) <= 512_000 for part in parts)
    assert len(parts) == 3
