"""Makes stdin, stdout and stderr such that the verbs need not think of them: closed ones, and ones without Unicode."""

from __future__ import annotations

import codecs
import io
import os
import sys

# The signs that this program itself prints; others become question marks. JSON is ASCII anyway.
PLAIN = {"→": "->", "…": "...", "✗": "x"}


def prepare() -> None:
    """Opens what was closed, and lets text pass that the terminal's encoding lacks."""
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def _nothing(mode: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.FileIO(os.devnull, mode), encoding="utf-8")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
