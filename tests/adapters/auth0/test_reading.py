"""What the adapter sees of a tenant, and how many requests that takes."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.adapters.auth0 import PROVIDER, application
from provisioner.adapters.auth0.plan import Auth0Plan
from provisioner.core.adapter import IdpFacts
from provisioner.core.finding import Finding
from provisioner.core.guards import not_ours
from provisioner.core.resource import Observed
from provisioner.errors import Refused
from tests.adapters.auth0.tenant import DATABASE, GOOGLE, Tenant, a_person, a_plan, a_user, apply, connected, seen
from tests.virtual_time import run

CROWD = tuple(a_person(f"agent{number}@acme.example") for number in range(16))
SQL = {"id": "con_0000000000000001", "name": DATABASE, "strategy": "samlp"}


def observe(tenant: Tenant, plan: Auth0Plan) -> Observed:
    async def main() -> Observed:
        async with connected(tenant, plan) as connection:
            return await connection.observe(PROVIDER.desired(plan))

    return run(main())


def facts(tenant: Tenant, plan: Auth0Plan) -> IdpFacts | None:
    async def main() -> IdpFacts | None:
        async with connected(tenant, plan) as connection:
            return await connection.facts()

    return run(main())


def findings(tenant: Tenant, plan: Auth0Plan) -> list[Finding]:
    return list(PROVIDER.warnings(plan, PROVIDER.desired(plan), observe(tenant, plan), seen(tenant, plan)))


@pytest.mark.parametrize("people", [CROWD[:3], CROWD], ids=["few", "many"])
def test_a_tenant_in_sync_has_no_difference(people: Any) -> None:
    """Twelve requests at the most for few people; for many, a job with two looks at it, and a download."""
    tenant, plan = Tenant(), a_plan(*people)
    tenant.polls = 2
    apply(tenant, plan)
    before = len(tenant.sent)

    assert not seen(tenant, plan)
    facts(tenant, plan)

    # `facts` opens a second connection here: a token and the list of applications more than in one run.
    assert len(tenant.sent) - before - 2 <= 12


@pytest.mark.parametrize("people", [CROWD[:1], CROWD], ids=["few", "many"])
def test_whoever_has_roles_and_is_not_named_is_removed(people: Any) -> None:
    """Found by a search where few are asked for, by the export where many are."""
    tenant = Tenant()
    tenant.users = [
        a_user("Bo@acme.example".lower(), ["agent"]),
        a_user("cy@acme.example"),
        a_user("di@acme.example", []),
    ]

    removed = [change.address for change in seen(tenant, a_plan(*people)).changes if change.action == "delete"]

    assert removed == ["user:bo@acme.example"]
    keeps = a_plan(*people, users={"on_removal": "keep"})
    assert not [change for change in seen(tenant, keeps).changes if change.action == "delete"]
    (told,) = (each for each in findings(tenant, keeps) if each.code == "AUTH0213")
    assert told.message.startswith("1 person holds Flex roles and is not in this plan, which takes them from nobody")


@pytest.mark.parametrize("people", [CROWD[:1], CROWD], ids=["few", "many"])
def test_who_holds_no_role_that_lets_them_in_is_nobodys_surplus(people: Any) -> None:
    """Both ways of looking agree: what the Action would not send, or what counts beside other roles alone, is none."""
    tenant = Tenant()
    tenant.users = [
        a_user("bo@acme.example", ["boss"]),
        a_user("cy@acme.example", ["Admin"]),
        a_user("di@acme.example", ["wfo.full_access"]),
        a_user("ed@acme.example", ["boss", "agent"]),
    ]

    removed = [change.address for change in seen(tenant, a_plan(*people)).changes if change.action == "delete"]

    assert removed == ["user:ed@acme.example"]


@pytest.mark.parametrize("people", [CROWD[:1], CROWD], ids=["few", "many"])
def test_nobody_is_removed_where_another_plan_manages_the_tenant(people: Any) -> None:
    """Its people and those who left this plan cannot be told apart; a warning counts them."""
    tenant = Tenant()
    tenant.users = [a_user("bo@acme.example", ["agent"]), a_user("cy@acme.example", ["agent"])]
    tenant.clients = [{"client_id": "c1", "name": "Other", "client_metadata": {"provisioner_plan": "berlin"}}]
    plan = a_plan(*people)

    assert not [change for change in seen(tenant, plan).changes if change.action == "delete"]
    (finding,) = (each for each in findings(tenant, plan) if each.code == "AUTH0208")
    assert finding.message.startswith("2 people hold Flex roles and are not in this plan; another plan (berlin)")


@pytest.mark.parametrize(
    ("account", "is_told"),
    [
        ({"email_verified": False}, True),
        ({"email_verified": True}, False),
        ({"email_verified": False, "roles": ["supervisor"]}, False),
    ],
)
def test_roles_for_an_address_that_nobody_verified_are_told(account: dict[str, Any], is_told: bool) -> None:
    """Whoever signs up first with an address would get its roles; an account that has some is known."""
    tenant, plan = Tenant(), a_plan(a_person("ana@acme.example"))
    tenant.users = [a_user("ana@acme.example", **account)]

    told = [each.message for each in findings(tenant, plan) if each.code == "AUTH0209"]

    assert len(told) == is_told
    assert all("1, such as ana@acme.example" in message for message in told)


def test_a_search_that_lags_removes_nobody() -> None:
    """It still finds somebody whose roles are gone: the account itself says so."""
    tenant = Tenant()
    tenant.users = [a_user("bo@acme.example", [])]
    tenant.instead["GET /users"] = {"users": [{"user_id": "auth0|bo"}], "total": 1}

    assert not [change for change in seen(tenant, a_plan()).changes if change.action == "delete"]


def test_an_account_in_another_connection_is_not_the_persons() -> None:
    """It is told and left alone, and an account in the plan's connection is made."""
    tenant, plan = Tenant(), a_plan(a_person("ana@acme.example"))
    tenant.users = [a_user("ana@acme.example", connection=GOOGLE)]

    assert "user:ana@acme.example" in [change.address for change in seen(tenant, plan).changes]
    (finding,) = (each for each in findings(tenant, plan) if each.code == "AUTH0206")
    assert "ana@acme.example in google-oauth2" in finding.message


def test_two_accounts_with_one_address_are_refused() -> None:
    """Nobody can tell which of them signs in."""
    tenant = Tenant()
    tenant.users = [a_user("ana@acme.example"), a_user("ana@acme.example", user_id="auth0|other")]

    with pytest.raises(Refused, match=r"auth0\|ana and auth0\|other"):
        observe(tenant, a_plan(a_person("ana@acme.example")))


def test_nobody_is_created_outside_of_a_database() -> None:
    """An enterprise connection makes an account when its owner signs in first."""
    tenant = Tenant()
    tenant.instead["GET /connections"] = [SQL]

    with pytest.raises(Refused, match="have them sign in once"):
        observe(tenant, a_plan(a_person("ana@acme.example")))


def test_a_connection_that_is_not_there_is_refused() -> None:
    """With the name that comes nearest."""
    plan = a_plan(application={"connection": "Username-Password"})

    with pytest.raises(Refused, match=f"there is {DATABASE}"):
        observe(Tenant(), plan)


def test_a_neighbour_that_is_not_there_is_refused() -> None:
    """The plan places the Action beside one that is not in the flow."""
    with pytest.raises(Refused, match="`Risk`, which is not in the login flow"):
        observe(Tenant(), a_plan(action={"position": {"before": "Risk"}}))


def test_twins_are_refused() -> None:
    """Names are not unique in Auth0: two of the plan's name and no mark, or two with its mark."""
    tenant = Tenant()
    tenant.clients = [{"client_id": f"c{number}", "name": "Twilio Flex"} for number in (1, 2)]

    with pytest.raises(Refused, match=r"c1 \(Twilio Flex\), c2 \(Twilio Flex\)"):
        observe(tenant, a_plan())


def test_what_others_made_is_not_ours() -> None:
    """An application without mark and an Action without header are refused, until they are adopted."""
    tenant, plan = Tenant(), a_plan()
    tenant.clients = [{"client_id": "c1", "name": "Twilio Flex"}]
    tenant.actions = [{"id": "a1", "name": "Flex SAML attributes", "code": "// by hand", "status": "built"}]
    observed, desired = observe(tenant, plan), PROVIDER.desired(plan)

    refused = [refusal.addresses[0] for refusal in not_ours(desired, observed, adopt=False)]

    assert refused == ["application:Twilio Flex", "action:Flex SAML attributes"]
    assert not list(not_ours(desired, observed, adopt=True))


def test_the_facts_are_those_of_the_metadata() -> None:
    """The connection is appended to the SSO URL; the next certificate comes from the tenant's keys."""
    tenant, plan = Tenant(), a_plan()
    assert facts(tenant, plan) is None
    apply(tenant, plan)

    assert facts(tenant, plan) == IdpFacts(
        issuer="urn:acme.us.auth0.com",
        sso_url="https://acme.us.auth0.com/samlp/c1?connection=Username-Password-Authentication",
        certificate="-----BEGIN CERTIFICATE-----\nMIIDqDCC\n-----END CERTIFICATE-----\n",
        next_certificate="next\n",
    )


def test_what_an_administrator_should_know() -> None:
    """Of a tenant that works, and of what an apply would do to people."""
    tenant = Tenant()
    apply(tenant, a_plan(a_person("ana@acme.example")))
    tenant.users[0]["blocked"] = True
    tenant.enabled.add(GOOGLE)
    late = {"id": "x1", "name": "Late", "code": "api.samlResponse.setAttribute('roles', 'admin')"}
    tenant.bindings.append({"id": "b9", "display_name": "Late", "action": late})
    tenant.clients.append({"client_id": "c2", "name": "Old", "addons": {"samlp": {}}} | _same_acs(tenant))
    other = a_plan(
        a_person("ana@acme.example"),
        flex={"connection_sid": "JQ" + "1" * 32},
        application={"saml": {"name_id_from": "user_id"}},
        action={"position": "first"},
        users={"initial_password": "none"},
    )

    codes = {finding.code for finding in findings(tenant, other)}

    assert {"FLEX201", "FLEX202", "FLEX203", "AUTH0201", "AUTH0202", "AUTH0204"} <= codes
    assert "FLEX213" in {finding.code for finding in findings(tenant, a_plan(a_person("ana@acme.example")))}


def test_another_action_behind_ours_is_told_as_the_flow_is() -> None:
    """A diff tells of the order that an apply makes, where the plan's is the last one again."""
    tenant, plan = Tenant(), a_plan()
    apply(tenant, plan)
    late = {"id": "x1", "name": "Late", "code": "api.samlResponse.setAttribute('roles', 'admin')"}
    tenant.bindings.append({"id": "b9", "display_name": "Late", "action": late})

    live = PROVIDER.unmanaged(plan, PROVIDER.desired(plan), observe(tenant, plan))

    assert [finding.code for finding in live] == ["AUTH0201"]
    assert [finding.code for finding in findings(tenant, plan)] == ["AUTH0210"]


@pytest.mark.parametrize(
    ("attribute", "claim", "is_told"),
    [("nickname", "http://acme.example/nickname", False), ("name", None, True)],
    ids=["beside", "the source"],
)
def test_only_what_the_name_id_is_made_of_is_told(attribute: str, claim: str | None, is_told: bool) -> None:
    """Mappings of other attributes leave every worker as it is."""
    tenant, plan = Tenant(), a_plan()
    apply(tenant, plan)
    mappings = application.samlp(plan)["mappings"]
    (probe,) = mappings.values()
    changed = {"email": probe, attribute: claim} if claim else {attribute: probe}

    told = findings(tenant, a_plan(application={"settings": {"mappings": changed}}))

    assert ("FLEX202" in {finding.code for finding in told}) == is_told


@pytest.mark.parametrize(
    ("count", "password", "code"),
    [(1, "ticket", "AUTH0207"), (40, "ticket", "AUTH0203"), (1, "none", "AUTH0203"), (1, "${env.PASSWORD}", None)],
)
def test_it_is_told_how_new_people_get_a_password(count: int, password: str, code: str | None) -> None:
    """Links are made for few; many choose one themselves; with the plan's own there is nothing to say."""
    plan = a_plan(*(a_person(f"new{n}@acme.example") for n in range(count)), users={"initial_password": password})

    told = [finding.code for finding in findings(Tenant(), plan) if finding.path == "users"]

    assert told == ([code] if code else [])


def _same_acs(tenant: Tenant) -> dict[str, Any]:
    return {"callbacks": list(tenant.clients[0]["callbacks"])}
