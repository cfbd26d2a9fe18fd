"""One apply of a plan at a time on one machine: a file that the system keeps locked for as long as its holder lives.

Two machines know nothing of each other's files. What they do instead stands in `engine.apply`.
"""

from __future__ import annotations

import errno
import fcntl
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from provisioner.errors import Locked, ProvisionerError


@contextmanager
def locked(home: Path, plan: str, tenant: str) -> Iterator[None]:
    """Keeps everybody else on this machine from applying the plan to this tenant, while the context lasts.

    The file stays, for the next one; the lock itself goes with its holder, even one that is killed. Raises `Locked`
    with who holds it and since when, and `ProvisionerError` where the file cannot be used.
    """
    path = home / "locks" / f"{plan}@{tenant.replace('/', '_')}.json"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
    except OSError as error:
        raise _unusable(path, error) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sign(file)
        except OSError as error:
            raise (
                _taken(plan, file) if error.errno in (errno.EAGAIN, errno.EACCES) else _unusable(path, error)
            ) from None
        yield


def _sign(file: IO[str]) -> None:
    """Writes down who has the lock."""
    file.truncate(0)
    since = datetime.now(UTC).isoformat(timespec="seconds")
    json.dump({"pid": os.getpid(), "host": socket.gethostname(), "user": _user(), "since": since}, file)
    file.flush()


def _user() -> str:
    """The user's name; in a container the number may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _taken(plan: str, file: IO[str]) -> Locked:
    file.seek(0)
    try:
        holder = json.load(file)
        who = "process {pid} of {user} on {host}, since {since}".format(**holder)
    except (ValueError, KeyError, TypeError):  # it has only just begun, and has not signed yet
        who = "another process"
    return Locked(
        f"the plan {plan} is being applied already: {who}",
        hint="nothing was sent; wait for it to end, or stop it there; its lock goes with it",
    )


def _unusable(path: Path, error: OSError) -> ProvisionerError:
    return ProvisionerError(
        f"the lock {path} cannot be used: {error.strerror}",
        hint="set PROVISIONER_HOME to a folder on this machine that can be written",
    )
