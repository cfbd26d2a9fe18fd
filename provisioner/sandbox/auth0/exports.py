"""Bulk exports of users: the job, and the compressed file that it leads to for a minute at a time."""

from __future__ import annotations

import gzip
import io
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.auth0 import errors, jobs, shapes, user_records
from provisioner.sandbox.auth0.shapes import array, choice, record, text, whole
from provisioner.sandbox.auth0.wire import JSON, PUBLIC, XML, Answer, Call, Operation

Body = dict[str, Any]

KIND = "users_export"
LINK_SECONDS = 60
"""How long a download link is good (vendor's page on bulk exports)."""
_FIELD = record({"name": text(most=100), "export_as": text(most=100)}, "name")
_EXPORT = record(
    {
        "connection_id": text(pattern="^con_[A-Za-z0-9]{16}$"),
        "format": choice("json", "csv"),
        "limit": whole(1),
        "fields": array(_FIELD),
    }
)
_PLAIN = "user_id email email_verified username name given_name family_name nickname picture created_at updated_at"
_DEFAULT = [{"name": name} for name in (*_PLAIN.split(), "identities")]
"""Without `fields` metadata is left out: which fields the vendor's predefined set has was not recorded."""


def start(call: Call) -> Answer:
    """A job that will export the users of one connection, or all (recording 41)."""
    given = shapes.require(_EXPORT, call.body)
    connection = call.documents.get("connection", given.get("connection_id", ""))
    if "connection_id" in given and connection is None:
        raise errors.bad_request("The connection does not exist.", "inexistent_connection")
    return Answer(jobs.shown(jobs.add(call, KIND, connection, {"format": "json"} | given)))


def read(call: Call) -> Answer:
    """Any job; that of a finished export with a fresh link (recording 39; OpenAPI: getJob)."""
    job = jobs.require(call)
    if job["type"] != KIND or job["ends"] > call.time:
        return Answer(jobs.shown(job))
    job |= {"status": "completed", "link": {"key": secrets.token_urlsafe(16), "ends": call.time + LINK_SECONDS}}
    jobs.save(call.visit, job)
    path = f"/exports/{job['id']}/{job['link']['key']}/users.{job['format']}.gz"
    return Answer(jobs.shown(job) | {"location": call.visit.origin + path})


def download(call: Call) -> Answer:
    """The file, while the link is good; afterwards what the file store in front of it says."""
    job = call.documents.get("job", call.path["job"]) or {}
    link = job.get("link") or {"key": "", "ends": 0}
    if link["key"] != call.path["key"] or link["ends"] < call.time:
        return Answer("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", 403, media=XML)
    rows = list(_rows(call, job))
    content = _csv(rows) if job["format"] == "csv" else "".join(f"{json.dumps(row)}\n" for row in rows)
    return Answer(gzip.compress(content.encode(), compresslevel=1, mtime=0), media="application/gzip")


def _rows(call: Call, job: Body) -> Iterator[Body]:
    fields = job.get("fields") or _DEFAULT
    keys = {"connection": job["connection"]} if "connection" in job else {}
    for number, user in enumerate(call.documents.find("user", **keys)):
        if number >= job.get("limit", number + 1):
            return
        shown = user_records.shown(user)
        picked = ((field.get("export_as", field["name"]), _at(shown, field["name"])) for field in fields)
        yield {name: value for name, value in picked if value is not None}


def _at(user: Body, path: str) -> Any:
    """The value at `app_metadata.flex.roles` or `identities[0].connection`."""
    value: Any = user
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _csv(rows: list[Body]) -> str:
    import csv

    names = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


OPERATIONS = (
    Operation("POST", "/api/v2/jobs/users-exports", start, ("read:users",), takes=(JSON,)),
    Operation("GET", "/api/v2/jobs/{id}", read, ("create:users", "read:users")),
    Operation("GET", "/exports/{job}/{key}/{file}", download, PUBLIC),
)
