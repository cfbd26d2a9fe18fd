"""Auth0's jobs on many people at once: the export of a connection, and imports into it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

from provisioner.adapters.auth0 import user
from provisioner.adapters.auth0.lookup import below
from provisioner.adapters.auth0.waiting import until
from provisioner.adapters.http.redact import shown_text
from provisioner.errors import VendorError

if TYPE_CHECKING:
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]
T = TypeVar("T")

# A file of an import holds 500 KB at the most, which is 512,000 bytes by Auth0's own message (docs: bulk user imports).
FILE_BYTES = 500_000
# A third one is refused (docs: bulk user imports).
IMPORTS_AT_ONCE = 2
HOURS = 7200.0
# After 1, 9 and 32 s, then every 30 s: a look is a request, and nobody knows how long a tenant's jobs take.
_PAUSES = (1, 8, 23)

_GZIP = b"\x1f\x8b"
_DUPLICATE = "DUPLICATED_USER"


class Refused(NamedTuple):
    """Why an import left somebody out."""

    reason: str
    is_duplicate: bool


async def export(session: Auth0Session, connection_id: str, fields: Sequence[str] = user.FIELDS) -> Iterator[Json]:
    """Everybody in the connection, one after another. Raises `VendorError` where the job fails."""
    columns = [{"name": name} for name in fields if name != "identities"]
    job = await session.call(
        lambda api: api.jobs.users_exports.with_raw_response.create(
            connection_id=connection_id, format="json", fields=columns
        )
    )
    done = await _finished(session, job)
    content = (await session.download(done["location"])).content
    file: BinaryIO = io.BytesIO(content)
    lines = gzip.GzipFile(fileobj=file) if content.startswith(_GZIP) else file
    return (json.loads(line) for line in lines if line.strip())


async def import_people(session: Auth0Session, connection_id: str, people: Sequence[Json]) -> dict[str, Refused]:
    """Creates these people, never changing anybody who exists; who was refused, by e-mail address.

    Raises `VendorError` where the job fails as a whole.
    """
    content = ("users.json", _file(people), "application/json")
    job = await session.call(
        lambda api: api.jobs.users_imports.with_raw_response.create(
            users=content, connection_id=connection_id, upsert=False, send_completion_email=False
        )
    )
    done = await _finished(session, job)
    if not (done.get("summary") or {}).get("failed"):
        return {}
    errors = await session.get(below("/jobs", done["id"], "errors"))
    return {user.key(each.get("user") or {}): _refused(each.get("errors") or ()) for each in errors or ()}


def parts(things: Sequence[T], person: Callable[[T], Json]) -> list[list[T]]:
    """The things in groups of which each fits one import, once `person` has made people of them."""
    found: list[list[T]] = []
    room = 0
    for thing in things:
        size = len(_encoded(person(thing))) + 1
        if size > room:
            found.append([])
            room = FILE_BYTES
        found[-1].append(thing)
        room -= size
    return found


def _file(people: Sequence[Json]) -> bytes:
    return b"[" + b",".join(map(_encoded, people)) + b"]"


def _encoded(person: Json) -> bytes:
    return json.dumps(person, ensure_ascii=False, separators=(",", ":")).encode()


async def _finished(session: Auth0Session, job: Json) -> Json:
    path = below("/jobs", job["id"])

    async def look() -> Json:
        state: Json = await session.get(path)
        return state

    done = await until(
        session.clock, look, lambda state: state["status"] not in ("pending", "processing"), HOURS, _PAUSES
    )
    if done["status"] != "completed":
        raise VendorError(
            f"Auth0's job {job['id']} ended as {done['status']}", status=200, hint="run the same command again"
        )
    return done


def _refused(errors: Sequence[Json]) -> Refused:
    codes = [str(each.get("code")) for each in errors]
    reason = "; ".join(f"{each.get('message')} ({each.get('code')})" for each in errors)
    return Refused(shown_text(reason) or "no reason given", _DUPLICATE in codes)
