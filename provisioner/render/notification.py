"""What is told of a drift check, and when: each plan whose state changed, and a sign of life. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from provisioner.core.text import shortened, visible
from provisioner.render import as_json, fleet
from provisioner.render.drift import DriftReport, PlanDrift

IN_SYNC = "in_sync"
# A certificate that ends is told of again when it has fewer days left than these.
STEPS = (30, 14, 7, 3, 1)
MOST_LINES = 20
LONGEST = 200
# What `state` says.
_STATE = re.compile("in_sync|(in_sync|drifted|pending|error) sha256-[0-9a-f]{12}")


class News(NamedTuple):
    """A plan whose state is another one than whoever is notified knows of; `was` is "" where nobody knows of any."""

    plan: PlanDrift
    was: str


def state(plan: PlanDrift) -> str:
    """The status, and a digest of all that makes somebody act; the same as long as nothing of it changes."""
    if plan.exit_code == 0:
        return IN_SYNC
    rows = [[row.cls, row.address, row.action, [as_json.field(change) for change in row.fields]] for row in plan.rows]
    due = [[each.sha256, each.state, _step(each.days_left)] for each in plan.certificates if each.is_due]
    error = [plan.error["type"], plan.error["vendor"]["status"] if plan.error["vendor"] else 0] if plan.error else []
    facts = json.dumps([rows, due, error]).encode()
    return f"{plan.status} sha256-{hashlib.sha256(facts).hexdigest()[:12]}"


def news(report: DriftReport, known: Mapping[str, str]) -> tuple[News, ...]:
    """What changed against the states that are `known`, by the path of the plan; of others, whatever is wrong.

    That a plan is gone is news as well; of a shard's plans it may be that another shard has it now.
    """
    told = ((plan, known.get(plan.path, "")) for plan in (*_gone(report, known), *fleet.worst_first(report.plans)))
    return tuple(News(plan, was.partition(" ")[0]) for plan, was in told if (was or IN_SYNC) != state(plan))


def told(report: DriftReport) -> DriftReport:
    """The report, with note that everybody knows of it."""
    return replace(report, plans=tuple(replace(plan, told=state(plan)) for plan in report.plans))


def still(report: DriftReport, known: Mapping[str, str]) -> DriftReport:
    """The report, with note that nobody knows more than before."""
    return replace(report, plans=tuple(replace(plan, told=known.get(plan.path, "")) for plan in report.plans))


def known_of(earlier: Any, now: DriftReport) -> dict[str, str]:
    """The states that were told, of an earlier report as JSON, by the paths that the plans have `now`.

    A plan that is called by another path is the one of its name. Raises `ValueError` for anything but such a report.
    """
    try:
        known = {str(plan["path"]): plan for plan in earlier["plans"] if _STATE.fullmatch(str(plan["told"]))}
        names = Counter(str(plan["plan"]) for plan in known.values())
        moved = [plan for plan in now.plans if plan.path not in known]
        news = Counter(plan.plan for plan in moved)
        paths = {plan.plan: plan.path for plan in moved if names[plan.plan] == news[plan.plan] == 1}
        there = {plan.path for plan in now.plans}
        return {
            path if path in there else paths.get(str(plan["plan"]), path): plan["told"] for path, plan in known.items()
        }
    except (LookupError, TypeError):
        raise ValueError("it is no JSON report of a drift check") from None


def message(report: DriftReport, changed: Sequence[News]) -> dict[str, Any]:
    """The notification: `text` for a chat, and the same as facts."""
    lines = [f"Flex sign-on: {_counted(changed)}. {fleet.sums(report)}"]
    lines += [_line(each) for each in changed[:MOST_LINES]]
    if len(changed) > MOST_LINES:
        lines.append(f"… and {len(changed) - MOST_LINES:,} more.")
    return _body(report, lines) | {"changed": [_facts(each) for each in changed]}


def pulse(report: DriftReport) -> dict[str, Any]:
    """The sign of life: that a check came to its end, and in few words what it found."""
    return _body(report, [f"Flex sign-on: {fleet.sums(report)}"])


def _gone(report: DriftReport, known: Mapping[str, str]) -> list[PlanDrift]:
    """The plans that are known and that nobody looked at this time."""
    gone = set[str]() if report.shard else known.keys() - {plan.path for plan in report.plans}
    error = {"type": "gone", "message": "no longer checked: there was a plan the last time", "vendor": None}
    return [PlanDrift(path, path, "error", 1, error=error) for path in sorted(gone)]


def _body(report: DriftReport, lines: Sequence[str]) -> dict[str, Any]:
    return {
        "format_version": as_json.VERSION,
        "text": "\n".join(lines),
        "checked_at": report.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "summary": report.summary,
    }


def _facts(each: News) -> dict[str, Any]:
    plan = each.plan
    return {
        "plan": plan.plan,
        "path": plan.path,
        "provider": plan.provider or None,
        "tenant": plan.tenant or None,
        "was": each.was or None,
        "status": plan.status,
        "headline": fleet.headline(plan),
        "certificate_days_left": fleet.days_left(plan),
    }


def _line(each: News) -> str:
    plan = each.plan
    where = f" ({plan.tenant})" if plan.tenant else ""
    was = "" if each.was in {"", plan.status} else f", was {each.was.replace('_', ' ')}"
    return f"• {_plain(plan.plan + where)}: {_plain(fleet.headline(plan))}{was}"


def _plain(text: str) -> str:
    """Words in which a chat finds neither markup nor anybody to call: Slack's control characters, and `@all`.

    Slack documentation, "Formatting text for app surfaces": &, < and > are escaped, nothing else.
    """
    text = visible(shortened(text, LONGEST)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(?<!\w)@", "@\u200b", text)


def _counted(changed: Sequence[News]) -> str:
    count = len(changed)
    verb = "changed" if any(each.was for each in changed) else "needs attention" if count == 1 else "need attention"
    return f"{count:,} plan{'' if count == 1 else 's'} {verb}"


def _step(days: int) -> int:
    return sum(days < step for step in STEPS)
