"""What a check of drift tells of hand-made changes, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.adapters import provider
from tests.conformance import drift_auth0, drift_okta
from tests.conformance.drift_cases import Case, Row, look
from tests.lab import Lab


def check(lab: Lab, plan: Any, case: Case, certificates: str) -> None:
    """Applies the plan, lets the hand do its work, and holds what is told against the case."""
    assert lab.apply(plan).applied.failure is None
    case.hand(lab)
    writes = len(lab.writes())

    seen = look(lab, plan)

    notice = provider(plan.provider.type).notice
    told = [Row.of(each, notice(plan, each)) for each in seen.sifted.differences]
    beginnings = {(row.cls, row.address, row.fields): len(row.sentence) for row in case.rows}
    assert {row.cut(beginnings.get((row.cls, row.address, row.fields))) for row in told} == set(case.rows)
    assert sorted(finding.code for finding in seen.sifted.unmanaged) == case.unmanaged.split()
    assert " ".join(each.state for each in seen.certificates) == certificates
    assert seen.is_due == (case.exit_code == 2)
    assert len(lab.writes()) == writes


TABLES = {"auth0": (drift_auth0, "current next"), "okta": (drift_okta, "current")}


def table(name: str) -> list[Any]:
    """The cases of this name of both providers, with the certificates that each has."""
    return [
        pytest.param(module.PLAN, case, certificates, id=f"{provider}: {case.what}")
        for provider, (module, certificates) in TABLES.items()
        for case in getattr(module, name)
    ]


@pytest.mark.parametrize(("text", "case", "certificates"), table("TOLD"))
def test_hand_made_changes_are_told(lab: Lab, text: str, case: Case, certificates: str) -> None:
    """Each with its class, what agents notice, and the exit code."""
    check(lab, lab.plan(text), case, (case.certificates or certificates).strip())


@pytest.mark.parametrize(("text", "case", "certificates"), table("UNTOLD"))
def test_what_the_plan_does_not_manage_is_not_told(lab: Lab, text: str, case: Case, certificates: str) -> None:
    """However close to the plan's things it is."""
    check(lab, lab.plan(text), case, certificates)
