"""A check of drift from end to end in both vendors' sandboxes: whose a tenant is, what is asked, what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import MissingScope, Refused
from provisioner.sandbox import SandboxSettings
from tests.conformance.auth0 import Auth0
from tests.conformance.drift_cases import look
from tests.conformance.okta import Okta, saml_app
from tests.conformance.suite import TEAM, Tenancy
from tests.lab import ONLY_ASKS, Lab

FRIENDLY = SandboxSettings(rate_limits=False)
FIFTY = replace(TEAM, people={**TEAM.people, **{f"agent{n:02}@acme.example": ("agent",) for n in range(48)}})


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path, FRIENDLY)
    yield lab
    lab.close()


@pytest.fixture(params=[Auth0(), Okta()], ids=["auth0", "okta"])
def tenancy(request: pytest.FixtureRequest) -> Tenancy:
    tenancy: Tenancy = request.param
    return tenancy


def with_drift(text: str, **drift: Any) -> str:
    return json.dumps(json.loads(text) | {"drift": drift})


def asked(lab: Lab) -> list[str]:
    """The requests so far, as `METHOD path`."""
    entries = lab.call("GET", "/_sandbox/requests?limit=1000")["requests"]
    return [f"{e['method']} {e['path']}" for e in entries if "/_sandbox" not in e["path"]]


def test_a_check_only_reads_and_is_cheap(lab: Lab, tenancy: Tenancy) -> None:
    """Ten requests for a tenant of fifty people; nothing but GET beside the token and Auth0's export job."""
    plan = lab.plan(tenancy.plan(FIFTY))
    lab.apply(plan)
    before = len(asked(lab))

    assert look(lab, plan).status == "in_sync"

    sent = asked(lab)[before:]
    assert all(line.startswith("GET ") or line.endswith(ONLY_ASKS) for line in sent)
    assert len(sent) <= 10


def test_reading_permissions_suffice_on_auth0(lab: Lab) -> None:
    """Those that the documentation names; an apply is refused with them."""
    plan = lab.plan(Auth0().plan(FIFTY))
    lab.apply(plan)
    reading = ["read:clients", "read:connections", "read:actions", "read:signing_keys", "read:users"]
    lab.store.documents("localhost", "auth0").put("grant", "sandbox-auth0-client", {"scopes": reading})

    assert look(lab, plan).status == "in_sync"
    with pytest.raises(MissingScope, match="update:clients"):
        lab.apply(plan)


def test_a_plan_that_was_never_applied_waits(lab: Lab, tenancy: Tenancy) -> None:
    """All of it is pending; there is no certificate yet."""
    seen = look(lab, lab.plan(tenancy.plan(TEAM)))

    assert (seen.applied, seen.status, seen.certificates, seen.is_due) == ("never", "pending", (), True)


def test_a_changed_plan_waits_and_hides_drift(lab: Lab, tenancy: Tenancy) -> None:
    """What differs is pending, also what somebody did by hand; once it is applied, all is in sync."""
    lab.apply(lab.plan(tenancy.plan(TEAM)))
    changed = lab.plan(tenancy.plan(TEAM.person("bo@acme.example", "admin")))

    seen = look(lab, changed)

    assert (seen.applied, seen.status) == ("other", "pending")
    assert {each.cls for each in seen.sifted.differences} == {"pending"}
    lab.apply(changed)
    assert look(lab, changed).status == "in_sync"


def test_an_application_that_is_not_marked_is_no_drift_but_an_error(lab: Lab, tenancy: Tenancy) -> None:
    """Nothing can be said of a tenant that may be somebody else's."""
    lab.call("POST", "/api/v2/clients", json={"name": "Twilio Flex"})
    lab.call("POST", "/api/v1/apps", json=saml_app("Twilio Flex", []))

    with pytest.raises(Refused, match="does not carry this plan's mark"):
        look(lab, lab.plan(tenancy.plan(TEAM)))


def test_another_plans_application_is_an_error(lab: Lab, tenancy: Tenancy) -> None:
    """The message names that plan."""
    lab.apply(lab.plan(tenancy.plan(TEAM)))
    others = lab.plan(tenancy.plan(TEAM).replace('"name": "acme"', '"name": "others"'))

    with pytest.raises(Refused, match="belongs to the plan 'acme'"):
        look(lab, others)


def test_a_certificate_that_ends_soon_is_due_without_drift(lab: Lab, tenancy: Tenancy) -> None:
    """The plan says what soon is."""
    plan = lab.plan(with_drift(tenancy.plan(TEAM), certificate_warn_days=10_000))
    lab.apply(plan)

    seen = look(lab, plan)

    assert (seen.status, seen.certificates[0].state, seen.is_due) == ("in_sync", "expiring", True)


def test_ignored_drift_counts_nowhere(lab: Lab, tenancy: Tenancy) -> None:
    """It is still there to be shown; a second difference counts as ever."""
    lab.apply(lab.plan(tenancy.plan(FIFTY)))
    entries = [{"path": "user:agent*", "reason": "on loan"}]
    plan = lab.plan(with_drift(tenancy.plan(FIFTY), ignore=entries))
    for user in ("agent07@acme.example", "agent08@acme.example"):
        other_roles(lab, user)

    seen = look(lab, plan)

    assert (seen.status, seen.is_due, len(seen.sifted.ignored)) == ("in_sync", False, 2)
    other_roles(lab, "bo@acme.example")
    assert [each.address for each in look(lab, plan).sifted.differences] == ["user:bo@acme.example"]


def other_roles(lab: Lab, email: str) -> None:
    """In whichever of the two vendors the person is."""
    state = lab.state()
    for each in state.get("okta", {}).get("users", ()):
        if each["profile"]["login"] == email:
            lab.call("POST", f"/api/v1/users/{each['id']}", json={"profile": {"userType": "agent,admin"}})
    for each in state.get("auth0", {}).get("users", ()):
        if each["email"] == email:
            body = {"app_metadata": {"flex": {"roles": ["agent", "admin"]}}}
            lab.call("PATCH", f"/api/v2/users/{each['user_id']}", json=body)


def test_an_apply_repairs_what_drifted(lab: Lab, tenancy: Tenancy) -> None:
    """Afterwards the tenant is in sync, and says so at once."""
    plan = lab.plan(tenancy.plan(TEAM))
    lab.apply(plan)
    other_roles(lab, "bo@acme.example")
    assert look(lab, plan).status == "drifted"

    lab.apply(plan)

    assert look(lab, plan).status == "in_sync"
