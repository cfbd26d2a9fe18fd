"""Every fault at every request, and death before and after every write: running again always ends in the same state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import ProvisionerError
from provisioner.sandbox import EmbeddedTransport
from tests.conformance.suite import CROWD, Tenancy, Wanted, expected
from tests.lab import Killed, Killing, Lab

WANTED = Wanted(people={"ana@acme.example": ("admin",), "bo@acme.example": ("agent", "supervisor")})

FAULTS: dict[str, dict[str, Any]] = {
    "429": {"kind": "status", "status": 429},
    "503 before": {"kind": "status", "status": 503},
    "500 after": {"kind": "status_after_write", "status": 500},
    "closed before": {"kind": "close"},
    "closed after": {"kind": "close_after_write"},
    "truncated": {"kind": "truncate"},
    "slow": {"kind": "slow", "seconds": 300},
    "html": {"kind": "html"},
}


def requests_of(lab: Lab) -> int:
    """How many requests to vendors there were so far."""
    return sum("/_sandbox" not in e["path"] for e in lab.call("GET", "/_sandbox/requests")["requests"])


def converges(lab: Lab, tenancy: Tenancy, wanted: Wanted) -> None:
    """One more apply reaches the wanted state without twins, and the one after it sends no write."""
    plan = lab.plan(tenancy.plan(wanted))
    lab.call("DELETE", "/_sandbox/faults")
    assert lab.apply(plan).applied.failure is None
    writes = lab.writes()
    assert lab.apply(plan).applied.failure is None

    assert lab.writes() == writes, "the third run writes"
    assert tenancy.held(lab.state()) == expected(wanted)


def size(tenancy: Tenancy, folder: Path) -> tuple[int, int]:
    """How many requests and writes a clean apply takes, found out by doing one."""
    lab = Lab(folder)
    lab.apply(lab.plan(tenancy.plan(WANTED)))
    counts = requests_of(lab), len(lab.writes())
    lab.close()
    return counts


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_request(fault: str, tenancy: Tenancy, tmp_path: Path) -> None:
    """Whatever breaks wherever, the run ends with words, and the next one continues."""
    requests, _ = size(tenancy, tmp_path)
    for nth in range(1, requests + 1):
        lab = Lab(tmp_path)
        lab.call("POST", "/_sandbox/faults", json={**FAULTS[fault], "nth": nth})
        try:
            lab.apply(lab.plan(tenancy.plan(WANTED)))
        except ProvisionerError as error:
            assert error.message
        converges(lab, tenancy, WANTED)
        lab.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_death_at_any_write(after: bool, tenancy: Tenancy, tmp_path: Path) -> None:
    """A process that dies leaves what the next run recognises as its own."""
    _, writes = size(tenancy, tmp_path)
    for nth in range(1, writes + 1):
        lab = Lab(tmp_path)
        killing = Killing(EmbeddedTransport(lab.sandbox), nth, after)
        lab.network = lambda killing=killing: killing
        with pytest.raises((Killed, BaseExceptionGroup)):
            lab.apply(lab.plan(tenancy.plan(WANTED)))
        lab.network = lambda lab=lab: EmbeddedTransport(lab.sandbox)
        converges(lab, tenancy, WANTED)
        lab.close()


def test_a_crowd_survives_a_bad_day(tenancy: Tenancy, tmp_path: Path) -> None:
    """Many faults of all kinds in one apply: at most a few runs are needed, and nobody is created twice."""
    lab = Lab(tmp_path)
    for place, fault in enumerate(FAULTS.values()):
        lab.call("POST", "/_sandbox/faults", json={**fault, "nth": 7 + 5 * place})
    for _ in range(4):
        try:
            if lab.apply(lab.plan(tenancy.plan(CROWD))).applied.failure is None:
                break
        except ProvisionerError as error:
            assert error.message
    converges(lab, tenancy, CROWD)
    lab.close()
