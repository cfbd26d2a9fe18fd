"""The forms of a drift report: the same facts, sizes that hold, and nothing from outside that acts."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cli.drift_forms import KINDS, forms
from provisioner.core.change import FieldChange
from provisioner.render.drift import DriftReport, IgnoredRow, without_people
from tests.render import drifted
from tests.render.drifted import ALL, NOON, fleet

COMMENT = 60_000
PAGE = 3_000_000


def printed(report: DriftReport, kind: str) -> str:
    out = io.StringIO()
    forms(report)[kind](out)
    return out.getvalue()


def words(text: str, kind: str) -> str:
    """What a reader of this form gets to see, without what makes it this form."""
    if kind in ("json", "sarif"):
        return " ".join(map(str, _leaves(json.loads(text))))
    if kind == "junit":
        return " ".join([text for each in fromstring(text).iter() for text in (*each.attrib.values(), each.text or "")])
    if kind == "html":
        return html.unescape(re.sub(r"<[^>]*>", "", text.partition("<body>")[2]))
    return re.sub(r"[\\`*]", "", html.unescape(text)) if kind == "markdown" else text


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield value


FACTS = (
    *("team-0001", "team-0002", "team-0003", "team-0004"),
    *("application:Twilio Flex", "label", "Flex (old)", "(hidden)", "Agents look for a tile of another name."),
    *("membership:sha256-0123456789ab", "missing", "cannot sign in", "ask HR for it"),
    *("membership:sha256-ba9876543210", "drifted", "may sign in"),
    *("pending", "will see another name"),
    *("1 person is assigned by hand", "OKTA201"),
    *("expiring", "2026-12-03", "cccccccccccccccc", "expired", "2026-11-20"),
    "drift.ignore user:* ended on 2026-10-01 and counts no more (leave)",
    "acme.us.auth0.com did not answer in time",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_says_the_same(kind: str) -> None:
    """Whoever reads one of them needs no other."""
    text = words(printed(ALL, kind), kind)

    assert [fact for fact in FACTS if fact.replace("*", "") not in text.replace("*", "")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_the_same_again(kind: str) -> None:
    """Nothing in it depends on anything but what was found."""
    assert printed(fleet(20), kind) == printed(fleet(20), kind)


@pytest.mark.parametrize("kind", ["html", "junit", "markdown", "sarif"])
def test_the_worst_comes_first(kind: str) -> None:
    """What could not be looked at, what drifted, what waits, a certificate; then those whose certificate ends first."""
    text = words(printed(ALL, kind), kind)
    order = ["team-0004", "team-0001", "team-0002", "team-0003"]

    assert sorted(order, key=text.index) == order


MANY = DriftReport(NOON, tuple(drifted.drifted(number, rows=50) for number in range(3000)))
ONE = DriftReport(NOON, (drifted.drifted(0, rows=10_000),))


@pytest.mark.parametrize(
    ("report", "more"), [(ONE, "more."), (MANY, "more plans where something is the matter."), (fleet(3000), "more")]
)
def test_markdown_fits_into_a_comment(report: DriftReport, more: str) -> None:
    """Whatever is left out is counted, nothing stays unfolded, and the sum stands above all."""
    text = printed(report, "markdown")

    assert len(text) <= COMMENT
    assert re.search(rf"… and [\d,]+ {more}", text)
    assert text.count("<details>") == text.count("</details>")
    assert text.startswith("### ")


@pytest.mark.parametrize("report", [fleet(3000), MANY, ONE], ids=["fleet", "all drifted", "one"])
def test_the_page_of_thousands_of_tenants_stays_small(report: DriftReport) -> None:
    """It is opened from a mail or a build's artifacts; every tenant has its tile."""
    text = printed(report, "html")

    assert len(text) < PAGE
    assert text.count("<h2>") == len(report.plans)


def test_the_page_runs_and_loads_nothing_but_its_own() -> None:
    """It can be opened from anywhere, and a missing escape would run nothing."""
    text = printed(ALL, "html")

    assert text.isascii()
    assert "default-src 'none'" in text
    assert not re.findall(r"<(?:link|img|script|iframe)\b[^>]*(?:src|href)=(?!\"data:)", text)


ATTACK = "x</code></summary><script>alert(1)</script>\"'`|\x1b[2K\x00\r\n### in sync\u202e\ufffe\ud800 ]]> <!--"


def hostile() -> DriftReport:
    """Of which every text from outside tries to leave its place."""
    row = replace(drifted.LABEL, address=ATTACK, fields=(FieldChange(ATTACK, ATTACK, (ATTACK,)),), notice=ATTACK)
    plan = replace(
        drifted.drifted(0),
        plan=ATTACK,
        tenant=ATTACK,
        path=ATTACK,
        rows=(row, replace(row, by_hand=ATTACK)),
        unmanaged=(replace(drifted.BY_HAND, address=ATTACK, message=ATTACK),),
        ignored=(IgnoredRow(row, ATTACK, None),),
        notes=(ATTACK,),
        warnings=(ATTACK,),
    )
    error = replace(drifted.failed(1), error=drifted.ERROR | {"message": ATTACK, "lines": [ATTACK]})
    return DriftReport(NOON, (plan, error, drifted.in_sync(2)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_from_outside_acts(kind: str) -> None:
    """Neither on a terminal, nor in a browser, nor in what reads XML or JSON; and none hides or forges a line."""
    text = printed(hostile(), kind)
    readers = {"json": json.loads, "sarif": json.loads, "junit": fromstring}

    readers.get(kind, str)(text)
    assert not {"\x1b", "\x00", "\r", "\u202e"} & set(text)
    assert kind not in ("html", "junit") or text.count("<script>") == (kind == "html")
    assert not re.search(r"^### in sync", text, re.MULTILINE)


def test_no_text_from_outside_leaves_its_place_in_markdown() -> None:
    """Every row of a table has its four cells, and what folds is what this program folds."""
    text = printed(hostile(), "markdown")
    rows = [line.replace("\\|", "") for line in text.split("\n") if line.startswith("| ")]

    markup = re.sub(r"\\<|(`+).*?\1", "", text)

    assert {line.count("|") for line in rows} == {5}
    assert re.findall("<(?!br>)[^>]*>", markup) == ["<details>", "<summary>", "</summary>", "</details>"] * 3


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_a_plan_in_sync_with_a_certificate_that_is_due_does_not_look_fine(kind: str) -> None:
    """The run ends with 2, and its words say why."""
    text = printed(DriftReport(NOON, (drifted.due(),)), kind)

    assert "certificate due" in text
    assert "in sync" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named_wherever_the_name_stood(kind: str) -> None:
    """In no form and no corner: addresses, values within values, sentences, hints, errors."""
    name = "ana.diaz@acme.example"
    row = replace(
        drifted.LABEL,
        address=f"user:{name}",
        fields=(FieldChange("email", name, (name, name)),),
        notice=f"{name} waits",
        by_hand=f"ask {name}",
    )
    thing = replace(drifted.BY_HAND, address=f"direct_assignment:{name}", message=f"{name} is in", hint=f"ask {name}")
    plan = replace(
        drifted.drifted(),
        rows=(row, replace(row, address=f"action:{name}")),
        unmanaged=(thing,),
        ignored=(IgnoredRow(row, f"{name} is on leave", None), IgnoredRow(thing, name, None)),
        notes=(name,),
        warnings=(name,),
        unused=(f"user:{name}",),
        error=drifted.ERROR | {"message": name, "lines": [name], "problems": [{"line": 3, "message": name}]},
    )

    assert "ana.diaz" in printed(DriftReport(NOON, (plan,)), kind)
    assert not re.search("ana.diaz|acme.example", printed(DriftReport(NOON, (without_people(plan),)), kind))


@given(st.text(max_size=40))
def test_any_name_makes_valid_xml(name: str) -> None:
    """Also one with half of a character, or with what XML has no place for."""
    report = DriftReport(NOON, (replace(drifted.drifted(), plan=name, tenant=name),))

    suite = fromstring(printed(report, "junit").encode("utf-8"))

    assert suite[0].attrib["tests"] == "1"


# What Jenkins and GitLab read: the attributes and children of each element (xunit-plugin: junit-10.xsd).
SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "timestamp", "file"},
        {"properties", "testcase"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


def test_junit_has_the_shape_that_its_readers_know() -> None:
    """No element, no attribute beyond; the counts are right."""
    top = fromstring(printed(ALL, "junit"))

    assert {_shape(each) for each in top.iter()} <= {(tag, True) for tag in SHAPE}
    assert [top.attrib[name] for name in ("tests", "failures", "errors")] == ["5", "3", "1"]
    assert [len(top.findall(f".//{tag}")) for tag in ("testcase", "failure", "error")] == [5, 3, 1]


def _shape(each: Element) -> tuple[str, bool]:
    attributes, children = SHAPE[each.tag]
    return each.tag, set(each.attrib) == attributes and {child.tag for child in each} <= children


def test_sarif_points_at_the_lines_of_plans() -> None:
    """Each result has a known rule, a level and a place that a code host can show it at."""
    (run,) = json.loads(printed(ALL, "sarif"))["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    places = {result["message"]["text"]: result["locations"][0]["physicalLocation"] for result in results}

    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
    assert {result["level"] for result in results} == {"error", "warning", "note"}
    assert len({json.dumps(result["partialFingerprints"]) for result in results}) == len(results)
    assert [place["region"]["startLine"] for text, place in places.items() if "tile of another name" in text] == [11]
    assert {place["artifactLocation"]["uri"] for place in places.values()} >= {"plans/team-0001.yaml"}
    assert run["invocations"][0]["executionSuccessful"] is False
