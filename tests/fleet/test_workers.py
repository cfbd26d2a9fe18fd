"""What workers promise, with checks that are cheap stand-ins."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.fleet.postgres import Server
from tests.fleet.scene import PATIENCE, Outcome, Scene, one_of_two_killed, until

_LOST = "the database does not answer, or this process was halted for longer than that waits"


@pytest.fixture
def scene(tmp_path: Path, url: str) -> Scene:
    return Scene(tmp_path, url)


def test_a_worker_that_is_killed_loses_nothing(scene: Scene) -> None:
    """60 checks over 12 tenants, one of two workers killed: each plan is checked, a tenant never twice at once.

    Its checks end with it, so that those who take over meet nobody.
    """
    ended = one_of_two_killed(scene, 60, 12, after=20)

    # At most the four that were under way were begun again.
    assert ended._replace(seconds=0) == Outcome(0, 0, ended.begun_again, 0, 0)
    assert ended.begun_again <= 4


def test_errors_are_tried_again_and_drift_is_not(scene: Scene) -> None:
    """Exit code 1 may go away by itself; what 2 tells is a result. A plan that is invalid stays so."""
    scene.ends("a-flaky", 1, 1, 0)
    scene.ends("b-down", 1)
    scene.ends("c-drifted", 2)
    scene.ends("d-invalid", 65)
    scene.plans(["a-flaky", "b-down", "c-drifted", "d-invalid"])
    with scene.worker():
        until(scene.all_told)

    assert [scene.count("end", plan) for plan in ("a-flaky", "b-down", "c-drifted", "d-invalid")] == [3, 4, 1, 1]


def test_what_is_due_again_while_it_waits_or_runs_is_not_piled_up(scene: Scene) -> None:
    """Another check comes after the first and its second attempt, not beside them, however often it became due."""
    (scene.folder / "takes").write_text("1")
    scene.ends("a-slow", 1, 0)
    scene.plans(["a-slow"])
    with scene.worker():
        until(lambda: scene.count("begin"))
        for _ in range(3):
            scene.sql("UPDATE provisioner_plans SET due_at = now()")
        until(lambda: scene.count("begin") == 3)

    assert scene.count("overlap") == 0
    assert scene.all_told()
    assert scene.count("begin") == 3


def test_a_worker_that_is_asked_to_stop_lets_checks_finish(scene: Scene) -> None:
    """SIGTERM: what is under way is finished and kept, nothing new is begun, and it ends with 0."""
    (scene.folder / "takes").write_text("1")
    scene.plans([f"{tenant}-x" for tenant in "abcdefgh"])
    with scene.worker() as worker:
        until(lambda: scene.count("begin") == 4)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0

    assert (scene.count("begin"), scene.count("end")) == (4, 4)
    assert scene.sql("SELECT count(*) FROM provisioner_plans WHERE checked_at IS NOT NULL") == [(4,)]
    with scene.worker():
        until(scene.all_told)
    assert scene.count("begin") == 8


def test_a_plan_that_kills_its_workers_is_given_up(scene: Scene) -> None:
    """After as many attempts as an error gets it is told as one, so that it takes no further worker along."""
    scene.plans(["a-deadly"])
    scene.sql(
        "WITH dead AS ("
        " INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        ") INSERT INTO procrastinate_jobs"
        " (queue_name, task_name, lock, queueing_lock, args, status, attempts, worker_id)"
        " SELECT 'provisioner', 'provisioner.check', 'a', 'a-deadly', '{\"path\": \"a-deadly\"}', 'doing', 3, id"
        " FROM dead"
    )
    scene.sql("UPDATE provisioner_plans SET due_at = now() + interval '1 day'")
    with scene.worker():
        until(scene.all_told)

    assert scene.sql("SELECT failure FROM provisioner_plans") == [
        ("4 times the worker died while it checked this plan",)
    ]
    assert scene.count("begin") == 0


def test_what_a_halted_worker_saw_takes_no_place_of_what_was_seen_since(scene: Scene) -> None:
    """Its check began before that of whoever took it over: the newer report stays."""
    (scene.folder / "takes").write_text("1")
    scene.ends("a-old", 0)
    scene.plans(["a-old"])
    with scene.worker():
        until(lambda: scene.count("begin"))
        scene.sql("UPDATE provisioner_plans SET checked_at = now() + interval '1 minute', failure = 'newer'")
        until(scene.all_told)

    assert scene.sql("SELECT failure FROM provisioner_plans") == [("newer",)]


def test_what_left_the_schedule_is_kept_nowhere(scene: Scene) -> None:
    """A check that is under way then ends as others do; nothing is left of it."""
    (scene.folder / "takes").write_text("1")
    scene.plans(["a-leaving"])
    with scene.worker():
        until(lambda: scene.count("begin"))
        scene.sql("DELETE FROM provisioner_plans")
        until(lambda: scene.count("end"))
        until(scene.all_told)

    assert scene.sql("SELECT * FROM provisioner_plans") == []


def test_a_worker_whose_database_goes_away_says_so(scene: Scene, server: Server) -> None:
    """It ends with an error, for a supervisor to start another; its check is done again once the database is back.

    In words: nothing of what goes on inside.
    """
    (scene.folder / "takes").write_text("1")
    scene.plans(["a-x"])
    with scene.worker() as worker:
        until(lambda: scene.count("begin"))
        server.stop()
        code = worker.wait(PATIENCE)
        told = worker.stderr.read() if worker.stderr else ""
        server.start()

    assert code == 1
    before, _, error = told.partition("Traceback")
    assert before.splitlines() == ["at work", "a-x: looking", _LOST]
    assert error.splitlines()[-1].startswith("provisioner.errors.NetworkError: the database cannot be reached")
    assert "Traceback" not in error
    with scene.worker():
        until(scene.all_told)
    assert scene.count("end") == 2
