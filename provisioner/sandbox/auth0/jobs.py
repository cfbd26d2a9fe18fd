"""Long-running jobs: how one is kept, how far it is by the sandbox's clock, and how answers show it."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.auth0 import errors, ids
from provisioner.sandbox.auth0.wire import Answer, Call, Operation
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

KEPT = 24 * 3600
"""Seconds until a job is forgotten (vendor's page on bulk imports)."""
_READ = ("create:users", "read:users")
_OWN = frozenset({"ends", "content", "errors", "link"})


def add(call: Call, kind: str, connection: Body | None, given: Body, **own: Any) -> Body:
    """A new job that runs now (recordings 38 and 41)."""
    place = {"connection_id": connection["id"], "connection": connection["name"]} if connection else {}
    job = {
        "type": kind,
        "status": "pending",
        **given,
        **place,
        "created_at": call.now,
        "id": ids.prefixed("job"),
        "ends": call.time + call.visit.world.settings.job_time,
        **own,
    }
    save(call.visit, job)
    return job


def save(visit: Visit, job: Body) -> None:
    """Write the job, findable by kind and by status."""
    visit.documents.put("job", job["id"], job, type=job["type"], status=job["status"])


def pending(visit: Visit, kind: str) -> list[Body]:
    """The jobs of a kind that have not been finished, oldest first."""
    return visit.documents.find("job", type=kind, status="pending")


def shown(job: Body) -> Body:
    """The job as answers hold it (recordings 38, 39 and 41)."""
    return {name: value for name, value in job.items() if name not in _OWN}


def require(call: Call) -> Body:
    """The job that the path names, while it is kept; otherwise 404 (OpenAPI: getJob)."""
    job = call.documents.get("job", call.path["id"])
    if job is None or call.time > job["ends"] + KEPT:
        raise errors.not_found("The job does not exist.", "inexistent_job")
    return job


def read_errors(call: Call) -> Answer:
    """What failed, user by user (recording 40); nothing where nothing did; of a job that failed, the job itself."""
    job = require(call)
    if job["status"] == "failed":
        return Answer(shown(job))
    found = job.get("errors") or []
    return Answer(found) if found else Answer(status=204)


OPERATIONS = (Operation("GET", "/api/v2/jobs/{id}/errors", read_errors, _READ),)
