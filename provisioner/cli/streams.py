"""Makes stdin, stdout and stderr such that verbs need not think of them: closed, without Unicode, with nobody left."""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# The signs that this program itself prints; others become question marks. JSON is ASCII anyway.
PLAIN = {"→": "->", "…": "...", "✗": "x"}


def prepare() -> None:
    """Opens what was closed, and lets text pass that the terminal's encoding lacks, or that nobody reads any more."""
    codecs.register_error("plain", _plain)
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = _patient(sys.stdout) if sys.stdout else _nothing("w")
    sys.stderr = _patient(sys.stderr) if sys.stderr else _nothing("w")


class _Patient(io.FileIO):
    """Takes what it is given even when its reader has left, as `head` does: the verb ends with its own exit code."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _patient(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="plain")
    if not isinstance(stream.buffer, io.BufferedWriter | io.FileIO):
        return stream
    raw = _Patient(stream.fileno(), "w", closefd=False)
    # Unbuffered where PYTHONUNBUFFERED asks for it, by line at a terminal, as it was.
    file = io.BufferedWriter(raw) if isinstance(stream.buffer, io.BufferedWriter) else raw
    return io.TextIOWrapper(
        cast("BinaryIO", file),
        stream.encoding,
        "plain",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _nothing(mode: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.FileIO(os.devnull, mode), encoding="utf-8", errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
