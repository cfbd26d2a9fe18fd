"""One check as a process of its own, so that whatever it does, the worker's signs of life go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, cast

# Longer than the program gives a single tenant.
DEADLINE = 3600.0


class Outcome(NamedTuple):
    """What a check came to: its exit code and its report, or in `failure` why there is none."""

    code: int
    report: Mapping[str, Any] | None
    failure: str = ""


async def run(command: Sequence[str], *, deadline: float = DEADLINE) -> Outcome:
    """Runs the command, which prints the JSON report of one plan. Its stdin ends with this process: see `leash`."""
    # In a session of its own: Ctrl-C is for the worker, who lets checks finish.
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(deadline):
            printed = await cast(asyncio.StreamReader, process.stdout).read()
            code = await process.wait()
    except TimeoutError:
        return Outcome(1, None, f"the check was given up after {deadline:g} seconds")
    finally:
        await _end(process)
    return _outcome(code, printed)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _outcome(code: int, printed: bytes) -> Outcome:
    if code < 0:
        return Outcome(1, None, f"the check was ended by signal {-code}")
    try:
        told = json.loads(printed)
    except ValueError:
        return Outcome(1, None, f"the check ended with exit code {code} and without a report")
    if "error" in told:
        return Outcome(1, None, str(told["error"]["message"]))
    return Outcome(code, told)
