"""Bulk imports and exports of Auth0 users."""

import gzip
import json
from typing import Any

import httpx
import pytest

from tests.sandbox.auth0_tenant import Json, Tenant


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def upload(tenant: Tenant, users: Any, **fields: str) -> httpx.Response:
    content = users if isinstance(users, bytes) else json.dumps(users).encode()
    form = {"connection_id": tenant.database} | fields
    return tenant.call("POST", "/api/v2/jobs/users-imports", data=form, files={"users": ("users.json", content)})


def imported(tenant: Tenant, users: Any, **fields: str) -> tuple[Json, list[Json]]:
    """The finished job and its errors."""
    job = upload(tenant, users, **fields).json()
    tenant.clock.advance(1)
    return tenant("GET", f"/jobs/{job['id']}"), tenant("GET", f"/jobs/{job['id']}/errors") or []


def test_an_import_is_done_when_its_time_has_come(tenant: Tenant) -> None:
    """Before that nobody is there."""
    job = upload(tenant, [{"email": "Ana@acme.example", "email_verified": True}], external_id="mine").json()
    assert (job["status"], job["external_id"]) == ("pending", "mine")
    assert tenant("GET", "/users-by-email", email="ana@acme.example") == []

    tenant.clock.advance(1)
    assert tenant("GET", f"/jobs/{job['id']}")["summary"] == {"failed": 0, "updated": 0, "inserted": 1, "total": 1}
    (user,) = tenant("GET", "/users-by-email", email="ana@acme.example")
    assert user["email_verified"] is True
    assert tenant.call("GET", f"/api/v2/jobs/{job['id']}/errors").status_code == 204


def test_an_upsert_replaces_metadata_as_a_whole(tenant: Tenant) -> None:
    """Unlike an update, which merges; what may not be upserted stays."""
    tenant.user(app_metadata={"flex": {"roles": ["admin"]}, "plan": "x"}, verify_email=False)
    new = {"email": "ana@acme.example", "app_metadata": {"flex": {"roles": ["agent"]}}, "name": "Ana", "blocked": True}
    job, errors = imported(tenant, [new], upsert="true")
    (user,) = tenant("GET", "/users-by-email", email="ana@acme.example")

    assert (job["summary"]["updated"], errors) == (1, [])
    assert user["app_metadata"] == {"flex": {"roles": ["agent"]}}
    assert user["name"] == "Ana"
    assert "blocked" not in user


def test_what_fails_is_told_user_by_user(tenant: Tenant) -> None:
    """By the validator's own codes; the rest of the file is imported."""
    tenant.user()
    users = [
        {"email": "ana@acme.example"},
        {"email": "bo@acme.example", "wrong": 1},
        {"name": "nobody"},
        {"email": "cy@acme.example"},
        {"email": "Cy@acme.example"},
    ]
    job, errors = imported(tenant, users)

    assert job["summary"] == {"failed": 4, "updated": 0, "inserted": 1, "total": 5}
    assert [each["user"] for each in errors] == [users[0], users[1], users[2], users[4]]
    assert [each["errors"][0]["code"] for each in errors] == [
        "DUPLICATED_USER",
        "OBJECT_ADDITIONAL_PROPERTIES",
        "OBJECT_MISSING_REQUIRED_PROPERTY",
        "DUPLICATED_USER",
    ]


def test_ids_may_be_given(tenant: Tenant) -> None:
    """So that they are known beforehand."""
    imported(tenant, [{"email": "ana@acme.example", "user_id": "abc"}])

    assert tenant("GET", "/users/auth0|abc")["email"] == "ana@acme.example"


@pytest.mark.parametrize("content", [b"no json", b"{}"])
def test_a_file_that_is_no_list_fails_as_a_whole(tenant: Tenant, content: bytes) -> None:
    """The job says so itself."""
    job = upload(tenant, content).json()
    tenant.clock.advance(1)
    failed = tenant("GET", f"/jobs/{job['id']}")

    assert failed["status"] == "failed"
    assert tenant("GET", f"/jobs/{job['id']}/errors") == failed


def test_a_large_file_is_refused(tenant: Tenant) -> None:
    """By the size of the whole request."""
    answer = upload(tenant, b" " * 512_000)

    assert answer.status_code == 413
    assert answer.json()["message"] == "Payload content length greater than maximum allowed: 512000."


def test_two_imports_at_a_time(tenant: Tenant) -> None:
    """A third has to wait until one is done."""
    assert [upload(tenant, []).status_code for _ in range(3)] == [202, 202, 429]
    tenant.clock.advance(1)
    assert upload(tenant, []).status_code == 202


def test_a_wrong_upload_is_refused(tenant: Tenant) -> None:
    """Without users, for no connection, or as JSON."""
    assert upload(tenant, [], connection_id="con_0000000000000000").status_code == 400
    assert tenant.call("POST", "/api/v2/jobs/users-imports", {"users": []}).status_code == 415
    form = {"connection_id": tenant.database}
    assert tenant.call("POST", "/api/v2/jobs/users-imports", data=form, files={"x": b""}).status_code == 400


def test_jobs_are_forgotten_after_a_day(tenant: Tenant) -> None:
    """Then they are 404 like any unknown one."""
    job = upload(tenant, []).json()
    tenant.clock.advance(86_402)

    assert tenant.refused("GET", f"/jobs/{job['id']}") == (404, "inexistent_job", "The job does not exist.")


def exported(tenant: Tenant, **body: Any) -> httpx.Response:
    """The file of a finished export."""
    job = tenant("POST", "/jobs/users-exports", {"connection_id": tenant.database} | body)
    assert "location" not in tenant("GET", f"/jobs/{job['id']}")
    tenant.clock.advance(1)
    done = tenant("GET", f"/jobs/{job['id']}")
    assert done["status"] == "completed"
    return tenant.bare("GET", done["location"])


def test_an_export_is_compressed_json_line_by_line(tenant: Tenant) -> None:
    """With the asked fields, also from inside, under the asked names; no token is needed for the file."""
    tenant.user(app_metadata={"flex": {"roles": ["admin"]}})
    tenant.user("bo@acme.example")
    fields = [
        {"name": "email"},
        {"name": "app_metadata.flex.roles", "export_as": "roles"},
        {"name": "identities[0].connection", "export_as": "from"},
    ]
    answer = exported(tenant, fields=fields)

    assert [json.loads(line) for line in gzip.decompress(answer.content).splitlines()] == [
        {"email": "ana@acme.example", "roles": ["admin"], "from": "Username-Password-Authentication"},
        {"email": "bo@acme.example", "from": "Username-Password-Authentication"},
    ]


def test_metadata_has_to_be_asked_for(tenant: Tenant) -> None:
    """The predefined fields leave it out."""
    tenant.user(app_metadata={"flex": {}})
    (line,) = gzip.decompress(exported(tenant).content).splitlines()

    assert "app_metadata" not in json.loads(line)


def test_an_export_as_csv_and_with_a_limit(tenant: Tenant) -> None:
    """A header, and no more rows than asked for."""
    tenant.user()
    tenant.user("bo@acme.example")
    answer = exported(tenant, format="csv", fields=[{"name": "email"}], limit=1)

    assert gzip.decompress(answer.content).decode() == "email\r\nana@acme.example\r\n"


def test_a_link_is_good_for_a_minute(tenant: Tenant) -> None:
    """A later look at the job gives a new one."""
    job = tenant("POST", "/jobs/users-exports", {})
    tenant.clock.advance(1)
    home = f"/jobs/{job['id']}"
    link = tenant("GET", home)["location"]
    tenant.clock.advance(61)

    assert tenant.bare("GET", link).status_code == 403
    assert tenant.bare("GET", tenant("GET", home)["location"]).status_code == 200
