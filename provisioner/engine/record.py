"""The run record: one JSON line before and after every operation, so that even a killed run has said what it did."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from provisioner.errors import RunRecordError


class RunRecord:
    """A file under `HOME/runs/`, flushed line by line. It holds addresses, actions and outcomes; never a field's value.

    Raises `RunRecordError` where the file cannot be made or written: without a record nothing is done.
    """

    def __init__(self, home: Path, plan: str) -> None:
        started = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.path = home / "runs" / f"{started}-{plan}-{secrets.token_hex(3)}.jsonl"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("x", encoding="utf-8")
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
            self._file.write(json.dumps(line, ensure_ascii=False) + os.linesep)
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> RunRecordError:
        return RunRecordError(
            f"the run record {self.path} cannot be written: {error.strerror}",
            hint="make room or set PROVISIONER_HOME to a folder that can be written, and run again",
        )
