"""Waits for what Auth0 does in its own time, on the network's clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from provisioner.errors import VendorError

if TYPE_CHECKING:
    from provisioner.adapters.http import Clock

Json = dict[str, Any]

# Seconds before each look; most things are done at the first one.
PAUSES = (1, 2, 3, 5, 8, 13, 21)
_LONGEST = 30


async def until(
    clock: Clock,
    look: Callable[[], Awaitable[Json]],
    is_done: Callable[[Json], bool],
    patience: float,
    pauses: Sequence[int] = PAUSES,
) -> Json:
    """What `look` gives as soon as `is_done` agrees; it is asked after each of the `pauses`, then every half minute.

    Raises `VendorError` after `patience` seconds.
    """
    ends = clock.time() + patience
    for pause in chain(pauses, repeat(_LONGEST)):
        await clock.sleep(pause)
        if is_done(state := await look()):
            return state
        if clock.time() > ends:
            break
    raise VendorError(
        f"Auth0 was not ready within {patience:g} s", status=200, hint="run the same command again: it continues"
    )
