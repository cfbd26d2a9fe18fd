"""The run record: one JSON line before and after every operation, so that even a killed run has said what it did."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from provisioner.errors import RunRecordError


def private_file(path: Path) -> IO[str]:
    """A new file in UTF-8 that only this user may read; its folder is made, alike, where it is missing.

    Raises `OSError`, also where the file is there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


class RunRecord:
    """A file under `HOME/runs/`, flushed line by line. It holds addresses, actions and outcomes; never a field's value.

    An address may hold a login, so the file is for this user alone.

    Raises `RunRecordError` where the file cannot be made or written: without a record nothing is done.
    """

    def __init__(self, home: Path, plan: str) -> None:
        self.started = datetime.now(UTC)
        self.path = home / "runs" / f"{self.started:%Y%m%dT%H%M%SZ}-{plan}-{secrets.token_hex(3)}.jsonl"
        try:
            self._file = private_file(self.path)
        except OSError as error:
            raise self._unwritable(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Every line was handed on by itself: what a full disk did not take has been told.
        with suppress(OSError):
            self._file.close()

    def write(self, event: str, **data: str | int | None) -> None:
        """Appends one line and hands it to the system before it returns."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **data}
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> RunRecordError:
        return RunRecordError(
            f"the run record {self.path} cannot be written: {error.strerror}",
            hint="make room or set PROVISIONER_HOME to a folder that can be written, and run again",
        )
