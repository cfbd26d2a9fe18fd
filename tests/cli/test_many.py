"""`drift --all`, `--shard` and `report merge`: one process, or several that share the work."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import progress, shards
from provisioner.engine import fleet
from provisioner.errors import UsageError
from tests.cli.conftest import Run
from tests.served import Served
from tests.virtual_time import VirtualLoop


def a_fleet(folder: Path, count: int, org: str = "sandbox:t{number}") -> None:
    """So many plans beside each other, each for a tenant of its own."""
    folder.mkdir(exist_ok=True)
    text = Path("plans/okta.yaml").read_text(encoding="utf-8")
    for number in range(count):
        named = text.replace("name: acme-okta", f"name: acme-{number}")
        pointed = re.sub(r"org_url: \S+", f'org_url: "{org.format(number=number)}"', named)
        (folder / f"acme-{number:02}.yaml").write_text(pointed, encoding="utf-8")


def statuses(report: Any) -> dict[str, str]:
    return {plan["path"]: plan["status"] for plan in report["plans"]}


def test_one_bad_plan_hides_none_of_the_good_ones(run: Run) -> None:
    """Each file is looked at; what is no plan is an error of its own, and the worst exit code is that of the run."""
    a_fleet(Path("fleet"), 20)
    (Path("fleet") / "acme-07.yaml").write_text("version: 1\nname: [", encoding="utf-8")
    (Path("fleet") / "notes.yml").write_text("milk: 2", encoding="utf-8")
    (Path("fleet") / "gone.yaml").symlink_to("nowhere.yaml")
    (Path("fleet") / "people.csv").write_text("login,roles", encoding="utf-8")

    ran = run("drift", "--all", "fleet", "--format", "json")

    told = statuses(ran.json)
    assert list(told) == sorted(told)
    assert len(told) == 22
    assert {path for path, status in told.items() if status == "error"} == {
        "fleet/acme-07.yaml",
        "fleet/gone.yaml",
        "fleet/notes.yml",
    }
    assert set(told.values()) == {"error", "pending"}
    assert ran.code == 64


def test_a_pattern_reaches_below(run: Run) -> None:
    """`**` goes into folders; a folder alone does not."""
    a_fleet(Path("plans/emea"), 2)

    ran = run("drift", "--all", "plans/**/acme-*.yaml", "--format", "json")

    assert list(statuses(ran.json)) == ["plans/emea/acme-00.yaml", "plans/emea/acme-01.yaml"]


@pytest.mark.parametrize(
    "arguments", [(), ("okta.yaml", "--all", "plans"), ("--all", "nothing"), ("--all", "plans/*.toml")]
)
def test_nothing_to_look_at_is_an_error(arguments: tuple[str, ...], run: Run) -> None:
    """A schedule that looks at nothing must not be taken for one that finds nothing."""
    assert run("drift", *arguments).code == 64


def test_a_tenant_that_hangs_is_given_up_alone(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told as they are."""
    monkeypatch.setattr(fleet, "deadline", partial(fleet.deadline, 3))
    a_fleet(Path("fleet"), 2)
    text = Path("plans/okta.yaml").read_text(encoding="utf-8")
    (Path("fleet") / "hangs.yaml").write_text(text, encoding="utf-8")
    gate = served.held("/groups", method="GET")

    ran = run("drift", "--all", "fleet", "--format", "json")
    gate.opened.set()

    assert statuses(ran.json) == {
        "fleet/acme-00.yaml": "pending",
        "fleet/acme-01.yaml": "pending",
        "fleet/hangs.yaml": "error",
    }
    assert "given up after 3 s" in ran.json["plans"][2]["error"]["message"]
    assert ran.code == 1


def test_how_far_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line on stderr now and then, and nobody who asked for quiet."""
    a_fleet(Path("fleet"), 2)
    assert run("drift", "--all", "fleet").err == ""
    monkeypatch.setattr(progress, "PAUSE", 0.0)

    told = run("drift", "--all", "fleet").err.splitlines()

    assert re.fullmatch(r"0 of 2 tenants, waiting for fleet/acme-00.yaml, fleet/acme-01.yaml", told[0])
    assert run("drift", "--all", "fleet", "--quiet").err == ""


def test_an_estimate_or_for_whom_the_run_waits() -> None:
    """Every 15 seconds, also while one tenant holds up the end."""
    told: list[str] = []

    async def main() -> None:
        async def check(name: str, seconds: float) -> None:
            with awaited.one(name):
                await asyncio.sleep(seconds)

        with progress.Awaited(3, "tenants", tell=told.append).telling() as awaited:
            await asyncio.gather(check("a", 10), check("b", 20), check("c", 50))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())

    assert told == [
        "1 of 3 tenants, about 30 s left",
        "2 of 3 tenants, about 15 s left",
        "2 of 3 tenants, waiting for c",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--notify", ""), "--notify has no address"),
        (("--heartbeat", ""), "--heartbeat has no address"),
        (("--shard", "0/2", "--shard", "1/2"), "--shard is given 2 times"),
        (("--notify", "https://a.example", "--notify", "https://b.example"), "--notify is given 2 times"),
        (
            ("--since", "r.json", "--notify", "https://a.example", "--report", "html=r.json"),
            "would take the place of r.json",
        ),
    ],
)
def test_what_would_be_lost_without_a_word_is_refused(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """An empty variable in a schedule, one of two values, the memory of notifications."""
    Path("r.json").write_text("{}", encoding="utf-8")

    ran = run("drift", "--all", "plans", *arguments)

    assert ran.code == 64
    assert words in ran.err


def test_a_plan_that_is_named_twice_is_looked_at_once(run: Run) -> None:
    """As it is written; two ways to write it are two."""
    run("apply", "okta.yaml")

    assert run("drift", "okta.yaml", "okta.yaml").out == run("drift", "okta.yaml").out
    assert run("drift", "okta.yaml", "plans/okta.yaml").code == 0


def test_several_places_are_looked_at_once(run: Run) -> None:
    """Whatever the case of the files' endings; a plan in two of them is one."""
    a_fleet(Path("fleet"), 2)
    Path("fleet/acme-01.yaml").rename("fleet/acme-01.YAML")
    a_fleet(Path("other"), 1)

    ran = run("drift", "--all", "fleet", "--all", "other", "--all", "fleet/acme-0*", "--format", "json")

    assert list(statuses(ran.json)) == ["fleet/acme-00.yaml", "fleet/acme-01.YAML", "other/acme-00.yaml"]


def test_credentials_are_those_of_each_plan(run: Run, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A prefix per plan, also where many are looked at in one process."""
    monkeypatch.setenv("OKTA_API_TOKEN", "no-token")
    monkeypatch.setenv("ACME_1__OKTA_API_TOKEN", "sandbox-okta-token")
    a_fleet(Path("fleet"), 2, org=served.origin)

    ran = run("drift", "--all", "fleet", "--format", "json")

    assert list(statuses(ran.json).values()) == ["error", "pending"]


def test_shards_are_joined_to_the_report_of_one_run(run: Run) -> None:
    """Equal but for the time, also where a shard has nothing to do."""
    a_fleet(Path("fleet"), 5)
    for index in range(7):
        run("drift", "--all", "fleet", "--shard", f"{index}/7", "--report", f"json=part{index}.json")
    run("drift", "--all", "fleet", "--report", "json=whole.json")
    parts = [f"part{index}.json" for index in range(7)]

    ran = run("report", "merge", *parts, "--report", "json=merged.json", "--report", "html=fleet.html")

    merged, whole = (json.loads(Path(name).read_bytes()) for name in ("merged.json", "whole.json"))
    assert (ran.code, ran.out) == (0, "5 plans: 5 pending.\n")
    assert merged | {"checked_at": ""} == whole | {"checked_at": ""}
    assert "acme-4" in Path("fleet.html").read_text(encoding="utf-8")


def test_two_files_of_one_name_for_one_tenant(run: Run) -> None:
    """Each is told of the other, also where they are in different shards; a name may come again in another tenant."""
    a_fleet(Path("fleet"), 2)
    (Path("fleet") / "copy.yaml").symlink_to("acme-00.yaml")
    text = (Path("fleet") / "acme-00.yaml").read_text(encoding="utf-8")
    (Path("fleet") / "elsewhere.yaml").write_text(text.replace("sandbox:t0", "sandbox:t7"), encoding="utf-8")
    for index in range(3):
        run("drift", "--all", "fleet", "--shard", f"{index}/3", "--report", f"json=part{index}.json")
    run("report", "merge", *(f"part{index}.json" for index in range(3)), "--report", "json=merged.json")

    ran = run("drift", "--all", "fleet", "--format", "json")

    assert [plan["warnings"] for plan in ran.json["plans"]] == [
        ["fleet/copy.yaml has the same name for the same tenant: an apply of one undoes the other's."],
        [],
        ["fleet/acme-00.yaml has the same name for the same tenant: an apply of one undoes the other's."],
        [],
    ]
    assert json.loads(Path("merged.json").read_bytes())["plans"] == ran.json["plans"]


def test_a_missing_shard_is_an_error(run: Run) -> None:
    """Told by its number; no report is written that would look whole."""
    a_fleet(Path("fleet"), 3)
    run("drift", "--all", "fleet", "--shard", "0/2", "--report", "json=part0.json")

    ran = run("report", "merge", "part0.json", "--report", "json=merged.json")

    assert ran.code == 1
    assert "shard 1/2 is missing" in ran.err
    assert not Path("merged.json").exists()


@pytest.mark.parametrize(
    ("environ", "part"),
    [
        ({"PROVISIONER_SHARD_INDEX": "0", "PROVISIONER_SHARD_TOTAL": "3"}, "ad"),
        ({"JOB_COMPLETION_INDEX": "1", "PROVISIONER_SHARD_TOTAL": "3"}, "be"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"}, "c"),
        ({"CIRCLE_NODE_INDEX": "2", "CIRCLE_NODE_TOTAL": "3"}, "c"),
        ({"BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "5"}, "a"),
        ({"CI_NODE_TOTAL": "1", "CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1"}, "abcde"),
    ],
)
def test_engines_say_which_part_a_run_has(environ: dict[str, str], part: str) -> None:
    """Each in its own variables, from 0 or from 1 on."""
    names, shard = shards.chosen("ebcda", "auto", environ)

    assert "".join(names) == part
    assert shard is not None
    assert shard.plans == 5


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "no variable says which part"),
        ({"JOB_COMPLETION_INDEX": "1"}, "JOB_COMPLETION_INDEX=1, PROVISIONER_SHARD_TOTAL="),
        ({"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "3"}, "CI_NODE_INDEX=0"),
        ({"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "3"}, "CI_NODE_INDEX=4"),
        ({"CIRCLE_NODE_INDEX": "one", "CIRCLE_NODE_TOTAL": "3"}, "CIRCLE_NODE_INDEX=one"),
    ],
)
def test_variables_that_say_no_part(environ: dict[str, str], words: str) -> None:
    """Better none than the wrong one: a part that nobody looks at would look fine."""
    with pytest.raises(UsageError, match=words):
        shards.chosen("abc", "auto", environ)


@pytest.mark.parametrize("shard", ["", "3/3", "1", "1/0", "-1/2", "a/b", "1/2/3", "1.5/2"])
def test_shards_that_cannot_be(shard: str) -> None:
    """They count from 0."""
    with pytest.raises(UsageError, match="from 0 to N - 1"):
        shards.chosen("abc", shard)
