"""Reports as JSON. Fields are added, never renamed or removed, while `format_version` is "1"."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import IO, Any

from provisioner.core.change import FieldChange, Result
from provisioner.core.finding import Finding
from provisioner.errors import InvalidPlan, ProvisionerError, Refusal, Refused
from provisioner.render.report import HIDDEN, DiffReport, Row

VERSION = "1"


def write(data: object, out: IO[str]) -> None:
    """Prints it: ASCII, so that it is the same whatever the terminal's encoding.

    Part by part: as one text, the changes of 100,000 people would take 300 MB.
    """
    tokens = json.JSONEncoder(indent=2).iterencode(data)
    while part := "".join(islice(tokens, 10_000)):
        out.write(part)
    out.write("\n")
    out.flush()


def diff(report: DiffReport) -> dict[str, Any]:
    """The `diff` object."""
    return {
        "format_version": VERSION,
        "plan": report.plan,
        "provider": report.provider,
        "tenant": report.tenant,
        "digest": report.digest,
        "changes": [_change(row) for row in report.rows],
        "summary": report.summary,
        "refused": [_refusal(refusal) for refusal in report.refused],
        "warnings": [_warning(finding) for finding in report.warnings],
        "requests": report.requests,
    }


def several(plans: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One plan as it stands, several under `plans`."""
    return plans[0] if len(plans) == 1 else {"format_version": VERSION, "plans": list(plans)}


def applied(
    report: DiffReport, results: Sequence[Result], outputs: Mapping[str, Any] | None, run: str
) -> dict[str, Any]:
    """The `apply` object: the diff, what became of it, the Flex values, where the run record is, if there is one."""
    return diff(report) | {
        "results": [
            {"address": r.address, "action": r.action, "status": r.status, "error": r.error or None} for r in results
        ],
        "outputs": outputs,
        "run": run or None,
    }


def error(problem: ProvisionerError) -> dict[str, Any]:
    """The `errors` object, with every problem of a plan file and every refusal beside it."""
    vendor = None
    if problem.status:
        vendor = {"status": problem.status, "code": problem.code or None, "request_id": problem.request_id or None}
    body: dict[str, Any] = {"type": problem.kind, "message": problem.message, "hint": problem.hint, "vendor": vendor}
    if isinstance(problem, InvalidPlan):
        body["problems"] = [
            {"file": p.file, "line": p.line, "column": p.column, "message": p.message, "hint": p.hint}
            for p in problem.problems
        ]
    if isinstance(problem, Refused):
        body["refused"] = [_refusal(refusal) for refusal in problem.refusals]
    return {"format_version": VERSION, "error": body}


def finding(found: Finding) -> dict[str, Any]:
    """The `FINDING` object, with the path that it concerns."""
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "hint": found.hint,
        "path": found.path,
    }


def _change(row: Row) -> dict[str, Any]:
    return {
        "address": row.address,
        "kind": row.kind,
        "action": row.action,
        "fields": [field(change) for change in row.fields],
        "remark": row.remark or None,
    }


def field(change: FieldChange) -> dict[str, Any]:
    """One field of a CHANGE; what is sensitive is hidden."""
    before, after = change.before, change.after
    if change.sensitive:
        before, after = (None if value is None else HIDDEN for value in (before, after))
    return {"path": change.path, "before": before, "after": after, "sensitive": change.sensitive}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "message": refusal.message, "addresses": list(refusal.addresses)}


def _warning(found: Finding) -> dict[str, Any]:
    return {"code": found.code, "severity": found.severity, "message": found.message, "path": found.path}
