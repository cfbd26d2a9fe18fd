"""A drift report from its JSON, as `drift_json` wrote it: every other form can be made of it anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, get_args

from provisioner.core.change import FieldChange
from provisioner.core.drift import Certificate
from provisioner.core.resource import Value
from provisioner.render import as_json
from provisioner.render.drift import DriftReport, DriftRow, IgnoredRow, PlanDrift, Shard, Status, Unmanaged

Json = Mapping[str, Any]

# Those of a check of one plan: docs/drift.md.
EXIT_CODES = (0, 1, 2, 3, 64, 65)


def report(data: Any) -> DriftReport:
    """The report. Raises `ValueError` where the JSON is anything else."""
    try:
        if data["format_version"] != as_json.VERSION:
            raise ValueError("its format is another one")
        shard = Shard(**data["shard"]) if "shard" in data else None
        return DriftReport(_time(data["checked_at"]), tuple(map(_plan, data["plans"])), shard)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no JSON report of a drift check ({error})") from None


def _plan(plan: Json) -> PlanDrift:
    if plan["status"] not in get_args(Status) or plan["exit_code"] not in EXIT_CODES:
        raise ValueError(f"there is no status {plan['status']} with exit_code {plan['exit_code']}")
    return PlanDrift(
        plan=plan["plan"],
        path=plan["path"],
        status=plan["status"],
        exit_code=plan["exit_code"],
        provider=plan["provider"] or "",
        tenant=plan["tenant"] or "",
        digest=plan["digest"] or "",
        applied_on=plan.get("applied_on") or "",
        rows=tuple(map(_row, plan["changes"])),
        unmanaged=tuple(map(_unmanaged, plan["unmanaged"])),
        certificates=tuple(map(_certificate, plan["certificates"])),
        ignored=tuple(map(_ignored, plan["ignored"])),
        notes=tuple(plan["notes"]),
        warnings=tuple(plan["warnings"]),
        unused=tuple(plan["unused_ignores"]),
        error=plan["error"],
        told=plan["told"] or "",
    )


def _row(row: Json) -> DriftRow:
    return DriftRow(
        address=row["address"],
        kind=row["kind"],
        action=row["action"],
        fields=tuple(map(_field, row["fields"])),
        cls=row["class"],
        notice=row["notice"] or "",
        by_hand=row["by_hand"] or "",
        line=row["line"] or 0,
    )


def _field(field: Json) -> FieldChange:
    return FieldChange(field["path"], _value(field["before"]), _value(field["after"]), field["sensitive"])


def _value(value: Any) -> Value:
    return tuple(map(_value, value)) if isinstance(value, list) else value


def _unmanaged(each: Json) -> Unmanaged:
    return Unmanaged(each["address"], each["message"], each["code"], each["hint"] or "")


def _ignored(each: Json) -> IgnoredRow:
    what = _row(each) if "class" in each else _unmanaged(each)
    return IgnoredRow(what, each["reason"], date.fromisoformat(each["until"]) if each["until"] else None)


def _certificate(each: Json) -> Certificate:
    return Certificate(each["sha256"], _time(each["not_after"]), each["days_left"], each["state"])


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
