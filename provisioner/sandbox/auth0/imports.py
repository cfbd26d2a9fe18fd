"""Bulk imports of users: the uploaded file, its schema, and what becomes of each user when the job is done."""

from __future__ import annotations

import io
import json
from typing import Any

from provisioner.sandbox.auth0 import errors, jobs, shapes, user_records
from provisioner.sandbox.auth0.shapes import OBJECT, STRING, array, email, flag, record, text
from provisioner.sandbox.auth0.wire import MULTIPART, Answer, Call, Operation
from provisioner.sandbox.clock import iso
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

KIND = "users_import"
LARGEST = 512_000
"""Bytes of a request (OpenAPI: 413 of createUserImport)."""
AT_ONCE = 2
"""Imports that may run in a tenant (vendor's page on bulk imports)."""
_USER = record(
    dict.fromkeys(
        ("user_id", "username", "given_name", "family_name", "name", "nickname", "picture", "password_hash"), STRING
    )
    | dict.fromkeys(("email_verified", "blocked", "phone_verified"), flag)
    | dict.fromkeys(("app_metadata", "user_metadata", "custom_password_hash"), OBJECT)
    | {"email": text(form=email), "phone_number": STRING, "mfa_factors": array(OBJECT)},
    "email",
)
"""The vendor's schema of imported users, which knows no other fields."""
_UPSERTED = ("app_metadata", "user_metadata", "email_verified", "given_name", "family_name", "name", "nickname")
"""What an upsert may change, `picture` and hashes too; metadata is replaced as a whole (vendor's page on imports)."""


def start(call: Call) -> Answer:
    """A job that will import the uploaded file (recording 38)."""
    if len(call.body) > LARGEST:
        raise errors.refusal(413, f"Payload content length greater than maximum allowed: {LARGEST}.")
    fields = _form(call)
    connection = call.documents.get("connection", fields.get("connection_id", ""))
    for name in ("users", "connection_id"):
        if name not in fields:
            raise errors.invalid_body(f"Missing required property: {name}")
    if connection is None or connection["strategy"] != "auth0":
        raise errors.bad_request("The connection does not exist.", "inexistent_connection")
    if len(jobs.pending(call.visit, KIND)) >= AT_ONCE:
        raise errors.refusal(
            429,
            f"There are {AT_ONCE} active import users jobs, please wait until some of them are finished and try again",
            "too_many_requests",
        )
    given = {"external_id": fields["external_id"]} if fields.get("external_id") else {}
    content = {"users": fields["users"], "upsert": fields.get("upsert") == "true"}
    return Answer(jobs.shown(jobs.add(call, KIND, connection, given, content=content)), 202)


def _form(call: Call) -> dict[str, str]:
    """The parts of the upload by name, files and fields alike."""
    from python_multipart import parse_form

    found: dict[str, bytes] = {}

    def on_field(field: Any) -> None:
        found[field.field_name.decode()] = field.value or b""

    def on_file(file: Any) -> None:
        file.file_object.seek(0)
        found[file.field_name.decode()] = file.file_object.read()

    try:
        parse_form({"Content-Type": call.headers["content-type"].encode()}, io.BytesIO(call.body), on_field, on_file)
        return {name: value.decode() for name, value in found.items()}
    except ValueError:
        raise errors.malformed() from None


def settle(visit: Visit) -> None:
    """Finish every import whose time has come; called before anything else looks at the tenant."""
    for job in jobs.pending(visit, KIND):
        if job["ends"] <= visit.world.clock.now():
            with visit.documents.transaction():
                jobs.save(visit, _finished(visit, job))


def _finished(visit: Visit, job: Body) -> Body:
    content = job.pop("content")
    try:
        users = json.loads(content["users"])
    except ValueError:
        users = None
    if not isinstance(users, list):
        return job | {"status": "failed", "status_details": "Failed to parse users file JSON when importing users."}
    counts, found, seen = {"failed": 0, "updated": 0, "inserted": 0}, list[Body](), set[str]()
    for user in users:
        outcome, problem = _import(visit, job["connection"], user, content["upsert"], seen)
        counts[outcome] += 1
        found += [{"user": user, "errors": [problem]}] if problem else []
    return job | {"status": "completed", "summary": counts | {"total": len(users)}, "errors": found}


def _import(visit: Visit, connection: str, given: Any, upsert: bool, seen: set[str]) -> tuple[str, Body | None]:
    """What became of one user of the file, and why it failed if it did."""
    try:
        _USER(given, "")
    except shapes.Wrong as wrong:
        return "failed", {"code": wrong.code, "message": wrong.cause, "path": wrong.place}
    address = given["email"].lower()
    before = _existing(visit, connection, given | {"email": address})
    if address in seen or (before is not None and not upsert):
        return "failed", {
            "code": "DUPLICATED_USER",
            "message": "The user already exist and upsert parameter is false"
            if address not in seen
            else "The user is in the file twice",
        }
    seen.add(address)
    if before is None:
        user_records.save(visit, user_records.made(visit, given | {"email": address, "connection": connection}))
        return "inserted", None
    changes = {name: given[name] for name in (*_UPSERTED, "picture") if name in given}
    user_records.save(visit, before | changes | {"updated_at": iso(visit.world.clock.now())})
    return "updated", None


def _existing(visit: Visit, connection: str, given: Body) -> Body | None:
    """Who has the address in this connection, or else the id."""
    found = visit.documents.find("user", email=given["email"], connection=connection)
    return found[0] if found else visit.documents.get("user", f"auth0|{given.get('user_id', '')}")


OPERATIONS = (Operation("POST", "/api/v2/jobs/users-imports", start, ("create:users",), takes=(MULTIPART,)),)
