"""Drift reports for the tests of their forms: one with something of everything, and fleets of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from provisioner.core.change import FieldChange
from provisioner.core.drift import Certificate, CertificateState
from provisioner.render.drift import DriftReport, DriftRow, IgnoredRow, PlanDrift, Unmanaged

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

LABEL = DriftRow(
    "application:Twilio Flex",
    "application",
    "update",
    (FieldChange("label", "Flex (old)", "Twilio Flex"), FieldChange("saml.key", "now", "then", sensitive=True)),
    "drifted",
    "Agents look for a tile of another name.",
    line=11,
)
GONE = DriftRow(
    "membership:sha256-0123456789ab", "membership", "create", (), "missing", "cannot sign in", "ask HR for it", 27
)
EXTRA = DriftRow("membership:sha256-ba9876543210", "membership", "delete", (), "drifted", "may sign in")
WAITING = replace(LABEL, cls="pending", notice="will see another name")
BY_HAND = Unmanaged("direct_assignment:sha256-aaaaaaaaaaaa", "1 person is assigned by hand", "OKTA201", "remove it")
IGNORED = IgnoredRow(replace(LABEL, address="application:Other"), "renamed by the helpdesk", date(2027, 3, 31))
ERROR = {
    "type": "network",
    "message": "acme.us.auth0.com did not answer in time",
    "hint": "try again",
    "vendor": None,
    "lines": ["Error: acme.us.auth0.com did not answer in time", "  try again"],
}


def certificate(state: CertificateState = "current", days: int = 300, digit: str = "c") -> Certificate:
    return Certificate(digit * 64, NOON + timedelta(days=days), days, state)


def in_sync(number: int = 0) -> PlanDrift:
    """Nothing is the matter."""
    return PlanDrift(
        plan=f"team-{number:04}",
        path=f"plans/team-{number:04}.yaml",
        status="in_sync",
        exit_code=0,
        provider="okta",
        tenant=f"team-{number:04}.okta.com",
        digest="240166ddf48c6483",
        certificates=(certificate(days=61 + number % 3000),),
        notes=("The plan is unchanged since it was applied on 2026-11-02 (digest 240166ddf48c6483).",),
    )


def drifted(number: int = 0, rows: int = 0) -> PlanDrift:
    """Something of everything that a tenant can have; with `rows`, so many differences more."""
    more = tuple(replace(EXTRA, address=f"membership:sha256-{each:012x}") for each in range(rows))
    return replace(
        in_sync(number),
        status="drifted",
        exit_code=2,
        rows=(LABEL, GONE, EXTRA, *more),
        unmanaged=(BY_HAND,),
        certificates=(certificate("expiring", 12), certificate("next", 700, "d")),
        ignored=(IGNORED,),
        warnings=("drift.ignore user:* ended on 2026-10-01 and counts no more (leave)",),
        unused=("application:*.nothing",),
    )


def pending(number: int = 0) -> PlanDrift:
    """The plan was changed."""
    return replace(in_sync(number), status="pending", exit_code=2, rows=(WAITING,), notes=("Never applied.",))


def due(number: int = 0, state: CertificateState = "expired", days: int = -1) -> PlanDrift:
    """In sync but for its certificate."""
    return replace(in_sync(number), exit_code=2, certificates=(certificate(state, days),))


def failed(number: int = 0) -> PlanDrift:
    """The tenant could not be looked at."""
    return PlanDrift(
        plan=f"team-{number:04}",
        path=f"plans/team-{number:04}.yaml",
        status="error",
        exit_code=1,
        provider="auth0",
        error=ERROR,
    )


def fleet(size: int) -> DriftReport:
    """Of ten tenants seven are in sync, and each of the others has something else."""
    kinds = (drifted, in_sync, in_sync, pending, in_sync, in_sync, in_sync, due, in_sync, in_sync)
    plans = [kinds[number % 10](number) for number in range(size)]
    plans = [failed(number) if number % 50 == 1 else plan for number, plan in enumerate(plans)]
    return DriftReport(NOON, tuple(plans))


ALL = DriftReport(NOON, (in_sync(0), drifted(1), pending(2), due(3), failed(4)))
