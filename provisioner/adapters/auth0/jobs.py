"""Auth0's jobs on many people at once: the export of a connection, and imports into it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.adapters.auth0 import user
from provisioner.adapters.auth0.lookup import below
from provisioner.adapters.auth0.waiting import until
from provisioner.errors import VendorError

if TYPE_CHECKING:
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]

# A file of an import holds 500 KB at the most, which is 512,000 bytes by Auth0's own message (docs: bulk user imports).
FILE_BYTES = 500_000
# More than these are refused (docs: bulk user imports).
IMPORTS_AT_ONCE = 2
HOURS = 7200.0

_EXPORTED = [{"name": name} for name in user.FIELDS if name != "identities"]


async def export(session: Auth0Session, connection_id: str) -> Iterator[Json]:
    """Everybody in the connection, one after another. Raises `VendorError` where the job fails."""
    job = await session.call(
        lambda api: api.jobs.users_exports.with_raw_response.create(
            connection_id=connection_id, format="json", fields=_EXPORTED
        )
    )
    done = await _finished(session, job)
    answer = await session.download(done["location"])
    packed = answer.content
    text = gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed
    return (json.loads(line) for line in text.splitlines() if line.strip())


async def import_people(session: Auth0Session, connection_id: str, people: Sequence[Json]) -> dict[str, str]:
    """Creates these people, never changing anybody who exists; why not, by e-mail address, where somebody was refused.

    Raises `VendorError` where a job fails as a whole.
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
    return {_address(each): _reason(each) for each in await session.get(below("/jobs", done["id"], "errors")) or ()}


def parts(people: Iterable[Json]) -> Iterator[list[Json]]:
    """The people in groups that fit one file of an import each."""
    part: list[Json] = []
    size = 2
    for each in people:
        length = len(_encoded(each)) + 1
        if part and size + length > FILE_BYTES:
            yield part
            part, size = [], 2
        part.append(each)
        size += length
    if part:
        yield part


def _file(people: Sequence[Json]) -> bytes:
    return b"[" + b",".join(map(_encoded, people)) + b"]"


def _encoded(person: Json) -> bytes:
    return json.dumps(person, ensure_ascii=False, separators=(",", ":")).encode()


async def _finished(session: Auth0Session, job: Json) -> Json:
    path = below("/jobs", job["id"])

    async def look() -> Json:
        state: Json = await session.get(path)
        return state

    done = await until(session.clock, look, lambda state: state["status"] not in ("pending", "processing"), HOURS)
    if done["status"] != "completed":
        raise VendorError(
            f"Auth0's job {job['id']} ended as {done['status']}", status=200, hint="run the same command again"
        )
    return done


def _address(error: Mapping[str, Any]) -> str:
    return user.key(error.get("user") or {})


def _reason(error: Mapping[str, Any]) -> str:
    """Code and message of each error; an answer's user object holds no more than the address (`scrub`)."""
    return "; ".join(f"{each.get('message')} ({each.get('code')})" for each in error.get("errors") or ())
