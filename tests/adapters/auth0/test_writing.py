"""What the adapter writes to a tenant: how much, in which order, and that nothing of other people's is lost."""

from __future__ import annotations

from tests.adapters.auth0.tenant import Tenant, a_person, a_plan, apply, seen

ANA = a_person("ana@acme.example", "admin", name="Ana Diaz")


def test_a_clean_creation() -> None:
    """Application, Action, place in the flow and a person: 25 requests at the most, then there is nothing to do."""
    tenant = Tenant()

    apply(tenant, a_plan(ANA))
    sent = len(tenant.sent)

    assert sent <= 25, tenant.log
    assert not seen(tenant, a_plan(ANA))
    apply(tenant, a_plan(ANA))
