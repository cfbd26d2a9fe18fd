"""Many tenants at once: order, bound, and that one which hangs holds up nobody."""

from __future__ import annotations

import asyncio

import pytest

from provisioner.engine.fleet import deadline, in_order
from provisioner.errors import NetworkError
from tests.virtual_time import run


def test_results_come_in_the_order_of_the_items() -> None:
    """Whoever is done first."""

    async def slower_first(item: int) -> int:
        await asyncio.sleep(10 - item)
        return item * item

    assert run(in_order(range(10), slower_first)) == [item * item for item in range(10)]


def test_no_more_than_so_many_are_under_way() -> None:
    """Each one that is done lets the next one begin."""
    busy = busiest = 0

    async def work(item: int) -> None:
        nonlocal busy, busiest
        busy += 1
        busiest = max(busiest, busy)
        await asyncio.sleep(item % 3)
        busy -= 1

    run(in_order(range(40), work, at_once=5))

    assert (busy, busiest) == (0, 5)


def test_one_that_hangs_is_given_up() -> None:
    """The others are done long before, and it is told what became of it."""

    async def work(item: int) -> str:
        try:
            async with deadline(60):
                await asyncio.sleep(1e9 if item == 2 else 1)
        except NetworkError as error:
            return error.message
        return "done"

    assert run(in_order(range(4), work)) == ["done", "done", "this tenant was given up after 60 s", "done"]


def test_a_time_out_of_the_work_itself_is_its_own() -> None:
    """Only the deadline's is taken for it."""

    async def work() -> None:
        async with deadline(60):
            raise TimeoutError("something else")

    with pytest.raises(TimeoutError, match="something else"):
        run(work())
