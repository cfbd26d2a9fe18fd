"""A drift report as JSON. Fields are added, never renamed or removed, while `format_version` is "1"."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from provisioner.core.drift import Certificate
from provisioner.render import as_json
from provisioner.render.drift import DriftReport, DriftRow, IgnoredRow, PlanDrift, Unmanaged


def report(told: DriftReport) -> dict[str, Any]:
    """The `drift` object, the same for one plan and for many."""
    return {
        "format_version": as_json.VERSION,
        "checked_at": _utc(told.checked_at),
        "plans": [_plan(plan) for plan in told.plans],
        "summary": told.summary,
        **({"shard": asdict(told.shard)} if told.shard else {}),
    }


def _plan(plan: PlanDrift) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "path": plan.path,
        "provider": plan.provider or None,
        "tenant": plan.tenant or None,
        "digest": plan.digest or None,
        "applied_on": plan.applied_on or None,
        "status": plan.status,
        "exit_code": plan.exit_code,
        "changes": [_row(row) for row in plan.rows],
        "unmanaged": [_unmanaged(each) for each in plan.unmanaged],
        "certificates": [_certificate(each) for each in plan.certificates],
        "ignored": [_ignored(each) for each in plan.ignored],
        "notes": list(plan.notes),
        "warnings": list(plan.warnings),
        "unused_ignores": list(plan.unused),
        "error": plan.error,
        "told": plan.told or None,
    }


def _row(row: DriftRow) -> dict[str, Any]:
    return {
        "address": row.address,
        "kind": row.kind,
        "action": row.action,
        "fields": [as_json.field(change) for change in row.fields],
        "class": row.cls,
        "notice": row.notice or None,
        "by_hand": row.by_hand or None,
        "line": row.line or None,
    }


def _unmanaged(each: Unmanaged) -> dict[str, Any]:
    return {"address": each.address, "message": each.message, "code": each.code, "hint": each.hint or None}


def _ignored(each: IgnoredRow) -> dict[str, Any]:
    what = _row(each.what) if isinstance(each.what, DriftRow) else _unmanaged(each.what)
    return what | {"reason": each.reason, "until": each.until.isoformat() if each.until else None}


def _utc(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _certificate(each: Certificate) -> dict[str, Any]:
    return {
        "sha256": each.sha256,
        "not_after": _utc(each.not_after),
        "days_left": each.days_left,
        "state": each.state,
    }
