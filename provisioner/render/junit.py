"""A drift report as JUnit XML, for the test pages of Jenkins, GitLab and others: one test case a plan.

Each plan is a test suite of its own, because only a suite may have properties (xunit-plugin for Jenkins: junit-10.xsd).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from provisioner.core.text import visible
from provisioner.render import drift_text, fleet
from provisioner.render.drift import DriftReport, PlanDrift

# What is printable and yet no character of XML 1.0.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def report(told: DriftReport) -> str:
    """What differs fails its plan's case; a plan that could not be looked at is an error."""
    plans = fleet.worst_first(told.plans)
    top = Element("testsuites", {"name": "provisioner drift", **_counts(plans)})
    for plan in plans:
        _suite(top, plan, told.checked_at.strftime("%Y-%m-%dT%H:%M:%S"))
    indent(top)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(top, encoding="unicode")}\n'


def _suite(top: Element, plan: PlanDrift, at: str) -> None:
    name = _xml(plan.plan)
    facts = {"name": name, "timestamp": at, "skipped": "0", "file": _xml(plan.path)}
    suite = SubElement(top, "testsuite", facts | _counts([plan]))
    properties = SubElement(suite, "properties")
    for key, value in _properties(plan).items():
        SubElement(properties, "property", name=key, value=_xml(value))
    case = SubElement(suite, "testcase", name=name, classname=_xml(f"drift.{plan.provider or 'plan'}"), time="0")
    tag = "error" if _is_error(plan) else "failure" if plan.exit_code else "system-out"
    shown = SubElement(case, tag)
    if plan.exit_code:
        shown.set("type", str(plan.error["type"]) if plan.error else plan.status)
        shown.set("message", _xml(fleet.headline(plan)))
    shown.text = "\n".join(map(_xml, drift_text.plain(plan)))


def _properties(plan: PlanDrift) -> dict[str, str]:
    left = fleet.days_left(plan)
    known = {
        "tenant": plan.tenant,
        "provider": plan.provider,
        "status": plan.status,
        "digest": plan.digest,
        "certificate_days_left": "" if left is None else str(left),
    }
    return {name: value for name, value in known.items() if value}


def _counts(plans: Sequence[PlanDrift]) -> dict[str, str]:
    errors = sum(map(_is_error, plans))
    failures = sum(plan.exit_code != 0 for plan in plans) - errors
    return {"tests": str(len(plans)), "failures": str(failures), "errors": str(errors)}


def _is_error(plan: PlanDrift) -> bool:
    return plan.status == "error"


def _xml(text: str) -> str:
    """The text with an escape for every character that XML does not have."""
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), visible(text))
