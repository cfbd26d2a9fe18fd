"""Runs post-login Actions of the tenant, outside of Auth0: other people's code, with nothing but time and memory.

One engine for each Action, so that they cannot touch each other, for all people one after another.
"""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from quickjs import Context, JSException  # type: ignore[import-untyped]

from provisioner.adapters.http.redact import shown_text
from provisioner.core.text import shortened

# Auth0 gives an Action 20 s (docs "Actions: limits"); without a network, none has use for that.
SECONDS = 1.0
MEGABYTES = 64
STACK_KILOBYTES = 256
# Steps of promises after which a run counts as one without an end.
MOST_STEPS = 10_000


class Outcome(NamedTuple):
    """What one run came to: calls of the API in their order; what is not known here; how the Action failed."""

    calls: tuple[tuple[Any, ...], ...] = ()
    missing: str = ""
    error: str = ""


class Program:
    """The deployed code of one Action. Once it used up its time or memory it is not run again, for anybody."""

    def __init__(self, name: str, code: str) -> None:
        self.name = name
        self._broken = ""
        self._context = Context()
        self._context.set_time_limit(SECONDS)
        self._context.set_memory_limit(MEGABYTES * 2**20)
        self._context.set_max_stack_size(STACK_KILOBYTES * 2**10)
        self._host = self._context.eval(_host())
        self._load(code)

    def _load(self, code: str) -> None:
        try:
            self._host("load", code)
        except JSException as error:
            missing = _read(self._host("outcome", "")).missing
            line = _first_line(error)
            self._broken = missing or _used_up(line) or f"code that loads ({line})"

    def run(self, event: str) -> Outcome:
        """Runs the Action for one login, whose event is given as JSON. Never raises for what the code does."""
        if self._broken:
            return Outcome(missing=self._broken)
        try:
            self._finish(event)
            outcome = _read(self._host("outcome", ""))
        except JSException as error:
            outcome = Outcome(error=_first_line(error))
        if used_up := _used_up(outcome.error):
            self._broken = used_up
            return Outcome(missing=used_up)
        return outcome

    def _finish(self, event: str) -> None:
        ends, steps = time.process_time() + SECONDS, 0
        self._host("start", event)
        while self._context.execute_pending_job():
            steps += 1
            if steps > MOST_STEPS or time.process_time() > ends:
                raise JSException("interrupted")


@cache
def _host() -> str:
    return Path(__file__).with_name("post_login.js").read_text(encoding="utf-8")


def _read(text: object) -> Outcome:
    """What the engine tells. It was in the hands of the Action's code, so nothing of it is taken for granted."""
    try:
        told = json.loads(str(text))
    except (ValueError, RecursionError):
        told = None
    match told:
        case {"state": str(state), "calls": list(calls), "missing": list(missing), "error": str(error)}:
            if state == "running" and not missing:
                missing = ["what it waits for"]
            found = tuple(tuple(call) for call in calls if isinstance(call, list) and call)
            return Outcome(found, _words(str(missing[0])) if missing else "", _words(error))
    return Outcome(missing="what it does to its surroundings")


def _first_line(error: JSException) -> str:
    return _words(str(error).strip().partition("\n")[0])


def _words(text: str) -> str:
    return shortened(shown_text(text), 200)


def _used_up(error: str) -> str:
    if "interrupted" in error:
        return f"more time than {SECONDS:g} s"
    return f"more memory than {MEGABYTES} MB" if "out of memory" in error else ""
