"""What is news about a tenant, and what a chat gets to read of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from provisioner.render import drift_json, notification
from provisioner.render.drift import DriftReport, PlanDrift, Shard
from tests.render import drifted
from tests.render.drifted import ALL, NOON


def one(plan: PlanDrift) -> DriftReport:
    return DriftReport(NOON, (plan,))


def again(before: PlanDrift, after: PlanDrift) -> list[str]:
    """What is news after an earlier report, as the next run reads it."""
    earlier = json.loads(json.dumps(drift_json.report(notification.told(one(before)))))
    return [each.was for each in notification.news(one(after), notification.known_of(earlier, one(after)))]


LATER = {
    "a day later": lambda plan: replace(plan, certificates=(drifted.certificate("expiring", 11),)),
    "unmanaged alone": lambda plan: replace(plan, unmanaged=()),
    "in other words": lambda plan: replace(plan, notes=("else",), warnings=("else",)),
}
NEWS: dict[str, Any] = {
    "repaired": lambda plan: drifted.in_sync(),
    "something more": lambda plan: replace(plan, rows=(*plan.rows, drifted.WAITING)),
    "less": lambda plan: replace(plan, rows=plan.rows[1:]),
    "error": lambda plan: replace(drifted.failed(), path=plan.path),
    "a week left": lambda plan: replace(plan, certificates=(drifted.certificate("expiring", 6),)),
    "ended": lambda plan: replace(plan, certificates=(drifted.certificate("expired", -1),)),
    "another certificate": lambda plan: replace(plan, certificates=(drifted.certificate("changed", 12, "d"),)),
}


@pytest.mark.parametrize("case", LATER)
def test_what_makes_nobody_act_is_no_news(case: str) -> None:
    """Nights pass, and people sleep."""
    assert again(drifted.drifted(), LATER[case](drifted.drifted())) == []


@pytest.mark.parametrize("case", NEWS)
def test_what_makes_somebody_act_is_news(case: str) -> None:
    """Also where the status stays the same, and as a certificate's end comes nearer."""
    assert again(drifted.drifted(), NEWS[case](drifted.drifted())) == ["drifted"]


def test_of_plans_that_nobody_heard_of_only_those_with_something_wrong_are_news() -> None:
    """The first night of a fleet tells no success stories."""
    assert [each.plan.plan for each in notification.news(ALL, {})] == [
        "team-0004",
        "team-0001",
        "team-0002",
        "team-0003",
    ]


def test_what_was_before_is_told_only_where_it_is_known() -> None:
    """Of the first night nothing is known, and nothing is claimed."""
    first = notification.message(ALL, notification.news(ALL, {}))
    later = notification.message(ALL, notification.news(ALL, {"plans/team-0001.yaml": "in_sync"}))

    assert first["text"].startswith("Flex sign-on: 4 plans need attention. 5 plans: ")
    assert ", was" not in first["text"]
    assert [each["was"] for each in first["changed"]] == [None] * 4
    assert later["text"].startswith("Flex sign-on: 4 plans changed. ")
    assert [each["was"] for each in later["changed"]] == [None, "in_sync", None, None]


def test_a_plan_that_is_gone_is_news() -> None:
    """A folder that was not there must not look like one where all is well. A shard's plans may be another's now."""
    known = {"plans/team-0000.yaml": "in_sync", "plans/gone.yaml": "drifted sha256-0123456789ab"}
    report = one(drifted.in_sync())

    (gone,) = notification.news(report, known)
    text = notification.message(report, [gone])["text"]

    assert (gone.plan.path, gone.was) == ("plans/gone.yaml", "drifted")
    assert "plans/gone.yaml: no longer checked: there was a plan the last time, was drifted" in text
    assert notification.news(replace(report, shard=Shard(0, 2, 1, "5eed")), known) == ()


def test_a_plan_that_is_called_by_another_path_is_the_same() -> None:
    """A folder that was moved, or was written out in full, makes no news; a name that comes twice says nothing."""
    earlier = drift_json.report(notification.told(ALL))
    moved = replace(ALL, plans=tuple(replace(plan, path=f"/srv/{plan.path}") for plan in ALL.plans))
    twice = replace(moved, plans=tuple(replace(plan, plan="acme") for plan in moved.plans))

    assert notification.news(moved, notification.known_of(earlier, moved)) == ()
    assert len(notification.news(twice, notification.known_of(earlier, twice))) > len(ALL.plans)


@pytest.mark.parametrize("told", [None, 7, {"a": 1}, "", "fine", "in_sync\u202e", "drifted " + "x" * 1000])
def test_a_state_that_nobody_wrote_is_not_known(told: Any) -> None:
    """It goes into no message."""
    assert notification.known_of({"plans": [{"path": "a.yaml", "told": told}]}, ALL) == {}


def test_a_failed_message_leaves_what_is_known_as_it_was() -> None:
    """So that the next run tells it."""
    report = notification.still(one(drifted.drifted()), {})

    assert [plan.told for plan in report.plans] == [""]


def test_a_chat_gets_few_lines_however_much_there_is() -> None:
    """Twenty plans by name, the others as a number; the facts have all of them."""
    report = DriftReport(NOON, tuple(drifted.drifted(number) for number in range(300)))

    body = notification.message(report, notification.news(report, {}))

    assert len(body["text"].splitlines()) == 22
    assert body["text"].endswith("… and 280 more.")
    assert len(body["changed"]) == 300


def test_no_name_calls_anybody_or_becomes_markup() -> None:
    """A tenant may name an application as it likes; nobody's telephone rings for that."""
    plan = replace(drifted.drifted(), plan="<!channel> @all &\n• x", tenant="<https://evil.example|okta>")
    text = str(notification.message(one(plan), notification.news(one(plan), {}))["text"])

    assert not {"<", ">"} & set(text)
    assert "@all" not in text
    assert len(text.splitlines()) == 2


def test_a_sign_of_life_says_what_was_found_in_few_words() -> None:
    """And when."""
    pulse = notification.pulse(replace(ALL, checked_at=NOON + timedelta(hours=1)))

    assert pulse["text"] == "Flex sign-on: 5 plans: 1 error, 1 drifted, 1 pending, 1 certificate due, 1 in sync."
    assert pulse["checked_at"] == "2026-11-21T13:00:00Z"
    assert pulse["summary"]["certificates_due"] == 2


@pytest.mark.parametrize("earlier", [None, [], {}, {"plans": 7}, {"plans": [{}]}, {"plans": [{"path": "x"}]}])
def test_other_json_is_no_earlier_report(earlier: Any) -> None:
    """Whatever it is, it is said to be none."""
    with pytest.raises(ValueError, match="no JSON report"):
        notification.known_of(earlier, ALL)
