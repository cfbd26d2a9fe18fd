"""A drift report as SARIF 2.1.0 (OASIS), for code scanning: each result points at the line of a plan file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote

from provisioner import __version__
from provisioner.core.text import visible
from provisioner.render import fleet
from provisioner.render.drift import CERTIFICATE, DriftReport, DriftRow, PlanDrift, repair
from provisioner.render.report import shown

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Level = Literal["error", "warning", "note"]

_APPLY = "Apply the plan, or accept the difference for a while under drift.ignore."
_PASTE = "Paste the certificate that `provisioner outputs` prints into Twilio Console."
_RENEW = "Make a new certificate at the identity provider, and paste it into Twilio Console."

# What is told of each rule: how bad it is, what it means, what to do.
_RULES: dict[str, tuple[Level, str, str]] = {
    "drifted": ("error", "The tenant differs from the plan that was applied last.", _APPLY),
    "missing": ("error", "Something that was there at the last apply is gone.", _APPLY),
    "pending": ("warning", "The plan has changes that were not applied yet.", "Apply the plan."),
    "certificate-changed": ("error", "The identity provider signs with a certificate that Flex was not given.", _PASTE),
    "certificate-expired": ("error", "The signing certificate has ended.", _RENEW),
    "certificate-expiring": ("warning", "The signing certificate ends soon.", _RENEW),
    "unmanaged": ("note", "Something affects sign-in to Flex and stands in no plan.", "Remove it, or plan it."),
    "error": ("error", "The tenant could not be looked at.", "See the message."),
}


def report(told: DriftReport) -> dict[str, Any]:
    """One run; a result for each difference, due certificate, unmanaged thing and plan that could not be checked."""
    plans = fleet.worst_first(told.plans)
    results = [result for plan in plans for result in _results(plan)]
    driver = {"name": "provisioner", "version": __version__, "rules": [_rule(rule_id) for rule_id in _RULES]}
    invocation = {
        "executionSuccessful": not any(plan.error for plan in plans),
        "endTimeUtc": told.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": [
            {"level": "warning", "message": {"text": visible(f"{plan.plan}: {warning}")}}
            for plan in plans
            for warning in plan.warnings
        ],
    }
    run = {
        "tool": {"driver": driver},
        "results": results,
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule_id: str) -> dict[str, Any]:
    level, text, remedy = _RULES[rule_id]
    return {
        "id": rule_id,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": remedy},
        "defaultConfiguration": {"level": level},
    }


def _results(plan: PlanDrift) -> Iterator[dict[str, Any]]:
    if plan.error:
        yield from _errors(plan, plan.error)
    for row in plan.rows:
        yield _result(plan, row.cls, _message(plan, row), row.address, row.line)
    for cert in plan.certificates:
        if cert.is_due:
            name = f"certificate:{cert.sha256[:16]}"
            text = f"{_name(plan)}: {name} {cert.state}, {fleet.ending(cert)}. {CERTIFICATE[cert.state]}"
            yield _result(plan, f"certificate-{cert.state}", text, name)
    for each in plan.unmanaged:
        yield _result(
            plan, "unmanaged", f"{_name(plan)}: {each.message} ({each.code}) {repair(each.hint)}", each.address
        )


def _name(plan: PlanDrift) -> str:
    return f"{plan.plan} → {plan.tenant}" if plan.tenant else plan.plan


def _errors(plan: PlanDrift, error: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each problem of a plan file at its line; any other error as one."""
    problems = error.get("problems", ())
    for problem, line in zip(problems, error["lines"], strict=True) if problems else ():
        yield _result(plan, "error", line, f"plan:{problem['line']}:{problem['message']}", problem["line"])
    if not problems:
        yield _result(plan, "error", f"{_name(plan)}: {' '.join(error['lines'])}", "plan")


def _message(plan: PlanDrift, row: DriftRow) -> str:
    changes = (
        f"{f.path}: {shown(f.before, sensitive=f.sensitive)}, in the plan: {shown(f.after, sensitive=f.sensitive)}."
        for f in (row.fields if row.action == "update" else ())
    )
    surplus = "Not in the plan." if row.action == "delete" else ""
    told = (f"{_name(plan)}: {row.address} {row.cls}.", *changes, surplus, row.notice, repair(row.by_hand))
    return " ".join(filter(None, told))


def _result(plan: PlanDrift, rule_id: str, message: str, address: str, line: int = 0) -> dict[str, Any]:
    # Code hosts show no result without a line; the first one stands for the file as a whole.
    place = {
        "artifactLocation": {"uri": quote(plan.path.replace("\\", "/"), errors="surrogatepass")},
        "region": {"startLine": line or 1},
    }
    print_of = "\0".join((plan.path, rule_id, address)).encode("utf-8", "surrogatepass")
    return {
        "ruleId": rule_id,
        "ruleIndex": list(_RULES).index(rule_id),
        "level": _RULES[rule_id][0],
        "message": {"text": visible(message.strip())},
        "locations": [
            {
                "physicalLocation": place,
                "logicalLocations": [{"fullyQualifiedName": visible(address), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"provisioner/v1": hashlib.sha256(print_of).hexdigest()},
    }
