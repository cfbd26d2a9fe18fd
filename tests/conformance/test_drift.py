"""What a check of drift tells of hand-made changes, and what it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.adapters import provider
from tests.conformance import drift_auth0, drift_okta
from tests.conformance.drift_cases import Case, Row, look
from tests.lab import Lab


class Undone(Exception):
    """Takes back what a case did to the sandbox."""


@dataclass
class Tenant:
    """A sandbox in which a plan is applied."""

    lab: Lab
    plan: Any
    certificates: str

    @contextmanager
    def as_applied(self) -> Iterator[Lab]:
        """The sandbox as the apply left it; what is done inside is taken back."""
        with suppress(Undone), self.lab.store.transaction():
            yield self.lab
            raise Undone

    def check(self, case: Case) -> None:
        """Lets the hand do its work, and holds what is told against the case."""
        case.hand(self.lab)
        seen = look(self.lab, self.plan)

        notice = provider(self.plan.provider.type).notice
        told = [Row.of(each, notice(self.plan, each)) for each in seen.sifted.differences]
        beginnings = {(row.cls, row.address, row.fields): len(row.sentence) for row in case.rows}
        assert {row.cut(beginnings.get((row.cls, row.address, row.fields))) for row in told} == set(case.rows)
        assert sorted(finding.code for finding in seen.sifted.unmanaged) == case.unmanaged.split()
        assert [each.state for each in seen.certificates] == (case.certificates or self.certificates).split()
        assert seen.is_due == (case.exit_code == 2)


PROVIDERS: dict[str, tuple[Any, str]] = {"auth0": (drift_auth0, "current next"), "okta": (drift_okta, "current")}


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Tenant]]:
    """One tenant of each provider, applied when it is first asked for: every case begins with it as it was then."""
    made: dict[str, Tenant] = {}

    def tenant(name: str) -> Tenant:
        if name not in made:
            module, certificates = PROVIDERS[name]
            lab = Lab(tmp_path_factory.mktemp(name))
            made[name] = Tenant(lab, lab.plan(module.PLAN), certificates)
            assert lab.apply(made[name].plan).applied.failure is None
        return made[name]

    yield tenant
    for each in made.values():
        each.lab.close()


def table(name: str) -> list[Any]:
    """The cases of this name of all providers."""
    return [
        pytest.param(provider, case, id=f"{provider}: {case.what}")
        for provider, (module, _) in PROVIDERS.items()
        for case in getattr(module, name)
    ]


@pytest.mark.parametrize(("name", "case"), table("TOLD"))
def test_hand_made_changes_are_told(tenants: Callable[[str], Tenant], name: str, case: Case) -> None:
    """Each with its class, what agents notice, and the exit code."""
    tenant = tenants(name)
    with tenant.as_applied():
        tenant.check(case)


@pytest.mark.parametrize(("name", "case"), table("UNTOLD"))
def test_what_the_plan_does_not_manage_is_not_told(tenants: Callable[[str], Tenant], name: str, case: Case) -> None:
    """However close to the plan's things it is."""
    tenant = tenants(name)
    with tenant.as_applied():
        tenant.check(case)


@pytest.mark.parametrize("name", PROVIDERS)
def test_since_when_the_plan_is_untouched(tenants: Callable[[str], Tenant], name: str) -> None:
    """The day of the apply stands in the mark, in the tenant."""
    tenant = tenants(name)
    (record,) = (tenant.lab.folder / "runs").iterdir()

    assert look(tenant.lab, tenant.plan).since.replace("-", "") == record.name[:8]


@given(data=st.data(), name=st.sampled_from(sorted(PROVIDERS)))
@settings(max_examples=16, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_others_do_to_their_own_things_is_in_sync(
    tenants: Callable[[str], Tenant], data: st.DataObject, name: str
) -> None:
    """Any sequence of such changes, some of which the vendor refuses because of an earlier one."""
    tenant = tenants(name)
    cases = data.draw(st.lists(st.sampled_from(PROVIDERS[name][0].UNTOLD), max_size=5))
    with tenant.as_applied():
        for case in cases:
            with suppress(httpx.HTTPStatusError):
                case.hand(tenant.lab)
        tenant.check(Case("all of them", lambda _: None))
