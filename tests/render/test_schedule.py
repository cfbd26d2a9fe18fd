"""A fleet's schedule in words."""

from datetime import UTC, datetime

from provisioner.render.schedule import Schedule, Scheduled, State, sums, table

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def plan(path: str, state: State, hour: int, checked_at: datetime | None = None) -> Scheduled:
    return Scheduled(path, f"okta {path}", "0 5 * * *", NOON.replace(hour=hour), state, checked_at)


def test_the_sum_tells_states_what_is_next_and_who_works() -> None:
    """Dead workers are told, and that nobody works stands out."""
    plans = (plan("a.yaml", "waiting", 7), plan("b.yaml", "running", 6), plan("c.yaml", "waiting", 8))

    assert sums(Schedule(plans, alive=1, dead=2)) == (
        "3 plans on the schedule: 1 running, 2 waiting; next b.yaml at 2026-01-01 06:00 UTC. 1 worker, 2 dead."
    )
    assert sums(Schedule((), alive=0, dead=0)) == "0 plans on the schedule. No worker is alive."


def test_the_table_has_a_line_a_plan() -> None:
    """Aligned, and without anything that a terminal would obey."""
    lines = list(table([plan("a.yaml", "waiting", 7, NOON), plan("evil\x1b.yaml", "stalled", 6)]))

    assert lines == [
        "a.yaml         0 5 * * *  waiting   checked 2026-01-01 12:00 UTC, next 2026-01-01 07:00 UTC",
        r"evil\x1b.yaml  0 5 * * *  stalled   not checked yet, next 2026-01-01 06:00 UTC",
    ]
