"""What the adapter writes to a tenant: how much, in which order, and that nothing of other people's is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.adapters.auth0 import PROVIDER
from provisioner.core.change import Update
from provisioner.core.diff import diff
from provisioner.errors import AnswerLost, MissingScope, Overtaken, ProvisionerError, VendorError
from tests.adapters.auth0.tenant import (
    ALL_SCOPES,
    GOOGLE,
    Tenant,
    a_person,
    a_plan,
    a_user,
    apply,
    carried_out,
    connected,
    refused,
    seen,
)
from tests.virtual_time import run

ANA = a_person("ana@acme.example", "admin", name="Ana Diaz")
BINDINGS = "PATCH /actions/triggers/post-login/bindings"


def with_flow(*names: str) -> Tenant:
    """A tenant with other people's Actions in its login flow, two of them to a page."""
    tenant = Tenant()
    tenant.page = 2
    tenant.actions = [{"id": f"x{name}", "name": name, "status": "built", "code": ""} for name in names]
    tenant.bindings = [
        {"id": f"b{each['name']}", "display_name": each["name"], "action": each} for each in tenant.actions
    ]
    return tenant


def order(tenant: Tenant) -> list[str]:
    return [each["display_name"] for each in tenant.bindings]


def test_a_clean_creation() -> None:
    """Application, Action, place in the flow and a person: 25 requests at the most, then there is nothing to do."""
    tenant = Tenant()

    apply(tenant, a_plan(ANA))

    assert len(tenant.sent) <= 25, tenant.log
    assert not seen(tenant, a_plan(ANA))
    assert tenant.enabled == {"Username-Password-Authentication"}
    deploy, bound = tenant.log.index("POST /actions/actions/a1/deploy"), tenant.log.index(BINDINGS)
    assert tenant.log.index("GET /actions/actions/a1") < deploy < bound < tenant.log.index("POST /users")


def test_what_was_created_is_marked_last() -> None:
    """The application is created with the plan's name alone; the digest follows when everything is done."""
    tenant = Tenant()

    apply(tenant, a_plan())

    assert tenant.bodies("POST /clients")[0]["client_metadata"] == {"provisioner_plan": "acme-auth0"}
    mark = {
        "provisioner_plan": "acme-auth0",
        "provisioner_applied": "0123456789abcdef on 2026-11-29",
        "provisioner_action": "a1",
    }
    assert tenant.bodies("PATCH /clients/c1")[-1] == {"client_metadata": mark}


def test_a_new_person() -> None:
    """No mail is sent, the password is long and nobody's, the address in lower case whatever the plan has."""
    tenant = Tenant()

    links = carried_out(tenant, a_plan(a_person("Ana+Flex@ACME.example", "agent"))).invitations

    (body,) = tenant.bodies("POST /users")
    assert len(body.pop("password")) >= 40
    assert body == {
        "email": "ana+flex@acme.example",
        "connection": "Username-Password-Authentication",
        "verify_email": False,
        "app_metadata": {"flex": {"roles": ["agent"]}},
    }
    assert links == {"ana+flex@acme.example": "https://acme/lo/reset?ticket=t"}


def test_whoever_was_created_unheard_gets_a_link_too() -> None:
    """The answer to the creation was lost: the account is found again, and nobody knows its password."""
    tenant = Tenant()

    def created_unheard(request: httpx.Request) -> httpx.Response:
        tenant.create_user(request)
        return httpx.Response(500)

    tenant.instead["POST /users"] = created_unheard

    links = carried_out(tenant, a_plan(ANA)).invitations

    assert tenant.log.count("POST /users") == 1
    assert links == {"ana@acme.example": "https://acme/lo/reset?ticket=t"}


def test_a_link_that_cannot_be_made_fails_nobody() -> None:
    """The account is there, with its roles: the person is done, and without a link."""
    tenant = Tenant()
    tenant.instead["POST /tickets/password-change"] = httpx.Response(500)

    links = carried_out(tenant, a_plan(ANA)).invitations

    assert links == {"ana@acme.example": ""}
    assert not seen(tenant, a_plan(ANA))


def test_other_metadata_is_kept() -> None:
    """The whole `flex` object goes along, because Auth0 merges the first level alone; never an empty object."""
    tenant = Tenant()
    metadata = {"flex": {"roles": ["agent"], "team": "north"}, "crm": {"id": 7}}
    tenant.users = [a_user("ana@acme.example", app_metadata=metadata)]

    apply(tenant, a_plan(a_person("ana@acme.example", "admin")))

    assert tenant.bodies("PATCH /users/auth0|ana") == [
        {"app_metadata": {"flex": {"roles": ["admin"], "team": "north"}}}
    ]
    assert tenant.users[0]["app_metadata"]["crm"] == {"id": 7}


def test_what_others_wrote_since_the_diff_is_kept() -> None:
    """Between the diff and the write somebody changed what is not ours: it is read again just before."""
    tenant = Tenant()
    apply(tenant, a_plan(a_person("ana@acme.example")))
    other = a_plan(a_person("ana@acme.example", "admin"), flex={"connection_sid": "JQ" + "1" * 32})

    async def main() -> None:
        async with connected(tenant, other) as connection:
            desired = PROVIDER.desired(other)
            observed = await connection.observe(desired)
            tenant.clients[0]["callbacks"].append("https://late.example")
            tenant.users[0]["app_metadata"]["flex"]["team"] = "late"
            writer = connection.writer(observed)
            for change in diff(desired, observed).changes:
                await writer.write(change)

    run(main())
    assert "https://late.example" in tenant.clients[0]["callbacks"]
    assert tenant.users[0]["app_metadata"]["flex"] == {"roles": ["admin"], "team": "late"}


@pytest.mark.parametrize(
    ("on_removal", "body"), [("revoke_roles", {"flex": {"team": "n", "roles": []}}), ("block", None)]
)
def test_whoever_leaves_the_plan_loses_access(on_removal: str, body: Any) -> None:
    """By an empty list of roles, or by being blocked; the account and its other metadata stay."""
    tenant = Tenant()
    tenant.users = [a_user("bo@acme.example", app_metadata={"flex": {"team": "n", "roles": ["agent"]}})]
    plan = a_plan(ANA, users={"on_removal": on_removal})

    apply(tenant, plan)

    (sent,) = tenant.bodies("PATCH /users/auth0|bo")
    assert sent == ({"app_metadata": body} if body else {"blocked": True})
    assert not seen(tenant, plan)


def test_whoever_exists_after_all_is_taken_over() -> None:
    """The lists had missed somebody: the conflict is looked into, and no second account made."""
    tenant = Tenant()
    tenant.users = [a_user("ana@acme.example")]
    blind: Iterator[list[Any]] = iter([[]])
    tenant.instead["GET /users-by-email"] = lambda _: next(blind, None)

    apply(tenant, a_plan(ANA))

    assert len(tenant.users) == 1
    assert tenant.users[0]["app_metadata"] == {"flex": {"roles": ["admin"]}}
    assert "POST /tickets/password-change" not in tenant.log


def test_another_conflict_is_no_person() -> None:
    """Not every 409 says that somebody exists (recording of custom_domain_conflict)."""
    tenant = Tenant()
    tenant.instead["POST /users"] = refused(409, "The tenant has multiple verified custom domains.", "custom_domain")

    with pytest.raises(VendorError, match="multiple verified custom domains"):
        apply(tenant, a_plan(ANA))


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("last", ["A", "B", "C", "D", "E", "Flex SAML attributes"]),
        ("first", ["Flex SAML attributes", "A", "B", "C", "D", "E"]),
        ({"before": "D"}, ["A", "B", "C", "Flex SAML attributes", "D", "E"]),
        ({"after": "A"}, ["A", "Flex SAML attributes", "B", "C", "D", "E"]),
    ],
)
def test_other_actions_keep_their_order(position: Any, expected: list[str]) -> None:
    """The write replaces the whole flow, so that every page is read, and the diff shows the whole order."""
    tenant, plan = with_flow(*"ABCDE"), a_plan(action={"position": position})
    (change,) = (change for change in seen(tenant, plan).changes if change.kind == "binding")

    apply(tenant, plan)

    assert [(field.path, field.before, field.after) for field in change.fields] == [
        ("order", tuple("ABCDE"), tuple(expected))
    ]
    assert order(tenant) == expected
    refs = [each["ref"] for each in tenant.bodies(BINDINGS)[0]["bindings"]]
    assert {"type": "action_id", "value": "a6"} in refs
    assert sum(ref["type"] == "binding_id" for ref in refs) == 5
    assert not seen(tenant, plan)


def test_a_neighbour_may_be_called_as_its_action() -> None:
    """What the flow shows of a binding may be another name than that of the Action; the shown one counts first."""
    tenant, plan = with_flow(*"ABC"), a_plan(action={"position": {"before": "B"}})
    tenant.bindings[1]["display_name"] = "Risk"

    apply(tenant, plan)
    assert order(tenant) == ["A", "Flex SAML attributes", "Risk", "C"]

    tenant.bindings[0]["display_name"] = "B"
    apply(tenant, plan)
    assert order(tenant) == ["Flex SAML attributes", "B", "Risk", "C"]


def test_a_flow_that_changed_since_the_diff_is_left_alone() -> None:
    """Somebody bound an Action between our diff and our write: theirs would be lost."""
    tenant = with_flow("Risk")

    def somebody_else(_: httpx.Request) -> None:
        tenant.bindings = [{**tenant.bindings[0], "id": "b9"}]

    tenant.instead[r"POST /actions/actions/\w+/deploy"] = somebody_else

    with pytest.raises(VendorError, match="the login flow changed since the diff"):
        apply(tenant, a_plan())
    assert BINDINGS not in tenant.log


@pytest.mark.parametrize("is_done", [True, False])
def test_a_lost_answer_to_the_login_flow_is_looked_into(is_done: bool) -> None:
    """A write renews the ids of the flow, so that none is repeated before the flow was read again."""
    tenant = with_flow("A", "B")

    def unheard(request: httpx.Request) -> httpx.Response:
        tenant.instead.clear()
        if is_done:
            tenant.bind(request)
        return httpx.Response(502)

    tenant.instead[BINDINGS] = unheard

    apply(tenant, a_plan(ANA))

    assert order(tenant) == ["A", "B", "Flex SAML attributes"]
    assert tenant.log.count(BINDINGS) == (1 if is_done else 2)
    assert not seen(tenant, a_plan(ANA))


def test_an_edited_action_is_built_and_deployed_again() -> None:
    """Somebody edited the draft: one change, and the flow is not touched."""
    tenant = Tenant()
    apply(tenant, a_plan())
    tenant.actions[0] |= {"code": tenant.actions[0]["code"].replace("admin", "root"), "all_changes_deployed": False}
    before = len(tenant.sent)

    assert [change.address for change in seen(tenant, a_plan()).changes] == ["action:Flex SAML attributes"]
    apply(tenant, a_plan())

    writes = [line for line in tenant.log[before:] if not line.startswith("GET ") and "oauth" not in line]
    assert writes == ["PATCH /actions/actions/a1", "POST /actions/actions/a1/deploy", "PATCH /clients/c1"]
    assert not seen(tenant, a_plan())


@pytest.mark.parametrize(
    ("older", "differing"),
    [
        ({"code": "// older"}, ["deployed", "deployed.code"]),
        ({"runtime": "node18-actions"}, ["deployed.runtime"]),
        ({"dependencies": [{"name": "lodash", "version": "4.17.21"}]}, ["deployed.dependencies"]),
        ({"secrets": [{"name": "KEY"}]}, ["deployed.secrets"]),
    ],
)
def test_an_older_version_that_somebody_deployed_is_replaced(older: Any, differing: list[str]) -> None:
    """The draft is as it should be and the flow runs another: it is deployed again, and not written."""
    tenant = Tenant()
    apply(tenant, a_plan())
    tenant.actions[0]["deployed_version"] |= older
    before = len(tenant.sent)

    (change,) = seen(tenant, a_plan()).changes
    assert (change.address, [field.path for field in change.fields]) == ("action:Flex SAML attributes", differing)
    apply(tenant, a_plan())

    writes = [line for line in tenant.log[before:] if not line.startswith("GET ") and "oauth" not in line]
    assert writes == ["POST /actions/actions/a1/deploy", "PATCH /clients/c1"]
    assert not seen(tenant, a_plan())


def test_code_that_cannot_be_built_is_not_bound() -> None:
    """Auth0's own words are told, and the login flow stays as it is."""
    tenant = Tenant()
    failed = {"id": "a1", "name": "Flex", "status": "failed", "errors": [{"msg": "Unexpected token"}]}
    tenant.instead[r"GET /actions/actions/a1"] = failed

    with pytest.raises(VendorError, match="Unexpected token"):
        apply(tenant, a_plan())
    assert BINDINGS not in tenant.log


def test_what_others_have_on_the_application_stays() -> None:
    """A second add-on, further callbacks, and fields of the add-on that the plan does not name survive an update."""
    tenant = Tenant()
    apply(tenant, a_plan())
    client = tenant.clients[0]
    client["addons"] = {"rms": {"url": "x"}, "samlp": {**client["addons"]["samlp"], "lifetimeInSeconds": 7200}}
    client["callbacks"] = [*client["callbacks"], "https://other.example/callback"]
    other = a_plan(flex={"connection_sid": "JQ" + "1" * 32})

    apply(tenant, other)

    assert client["addons"]["rms"] == {"url": "x"}
    assert client["addons"]["samlp"]["lifetimeInSeconds"] == 7200
    acs = f"https://login.flex.us1.twilio.com/login/callback?connection=JQ{'1' * 32}"
    assert client["callbacks"] == [acs, "https://other.example/callback"]
    exact = a_plan(flex={"connection_sid": "JQ" + "1" * 32}, application={"callbacks": "exact"})
    apply(tenant, exact)
    assert client["callbacks"] == [acs]


def test_a_connection_that_somebody_enabled_is_disabled_again() -> None:
    """One request, for this application's line alone; the application itself is not written."""
    tenant = Tenant()
    apply(tenant, a_plan())
    tenant.enabled.add(GOOGLE)
    (change,) = seen(tenant, a_plan()).changes

    apply(tenant, a_plan())

    assert isinstance(change, Update)
    assert [field.path for field in change.fields] == ["connections"]
    assert tenant.bodies("PATCH /connections/con_0000000000000002/clients")[-1] == [
        {"client_id": "c1", "status": False}
    ]


def test_a_run_that_died_half_way_goes_on() -> None:
    """The application and the Action are there, the Action is not bound: the next run knows them as its own."""
    tenant = Tenant()
    tenant.instead[BINDINGS] = httpx.ReadError("gone")
    with pytest.raises(ProvisionerError):
        apply(tenant, a_plan(ANA))
    tenant.instead.clear()

    apply(tenant, a_plan(ANA))

    assert (len(tenant.clients), len(tenant.actions), order(tenant)) == (1, 1, ["Flex SAML attributes"])
    assert not seen(tenant, a_plan(ANA))


def test_a_lost_answer_makes_no_twin() -> None:
    """Names are not unique in Auth0, so that a creation is looked for before it is sent again."""
    tenant = Tenant()

    def created_unheard(request: httpx.Request) -> httpx.Response:
        tenant.create_client(request)
        tenant.instead.clear()
        return httpx.Response(500)

    tenant.instead["POST /clients"] = created_unheard

    apply(tenant, a_plan())

    assert len(tenant.clients) == 1


def overtaken(tenant: Tenant, *, has_own: bool) -> None:
    """Another run creates the Action first; and before that an application, if it did not see this run's."""

    def refuse(request: httpx.Request) -> httpx.Response:
        tenant.instead.pop("POST /actions/actions")
        if has_own:
            tenant.clients.append(tenant.clients[0] | {"client_id": "other"})
        tenant.create_action(request)
        return refused(409, "An action with the name 'Flex SAML attributes' already exists.")

    tenant.instead["POST /actions/actions"] = refuse


def test_who_is_second_takes_its_application_away() -> None:
    """The Action is what only one of two runs can create; nothing else of this run is left."""
    tenant = Tenant()
    overtaken(tenant, has_own=True)
    tenant.instead["DELETE /clients/c1"] = httpx.Response(204)

    with pytest.raises(Overtaken, match="the application c1 of this run is deleted again"):
        apply(tenant, a_plan())
    assert tenant.writes[-1] == "DELETE /clients/c1"


def test_who_may_not_delete_says_what_to_delete() -> None:
    """Nothing else takes this scope, so that it may well be missing."""
    tenant = Tenant()
    overtaken(tenant, has_own=True)
    tenant.instead["DELETE /clients/c1"] = refused(403, "Insufficient scope, expected any of: delete:clients")

    with pytest.raises(Overtaken, match="the application c1 of this run could not be deleted again, delete it by hand"):
        apply(tenant, a_plan())


def test_an_application_that_the_other_run_uses_stays() -> None:
    """It was seen there before the other run began to write."""
    tenant = Tenant()
    overtaken(tenant, has_own=False)

    with pytest.raises(Overtaken, match="both have the application c1"):
        apply(tenant, a_plan())
    assert "DELETE /clients/c1" not in tenant.writes


def test_a_missing_scope_is_named_before_anything_is_written() -> None:
    """All that is missing at once, from the scopes that came with the token."""
    tenant = Tenant()
    tenant.granted = ALL_SCOPES.replace("update:actions", "").replace("create:users", "")

    with pytest.raises(MissingScope, match="update:actions, create:users"):
        apply(tenant, a_plan(ANA))
    assert not tenant.writes


def test_secrets_of_the_answer_go_no_further() -> None:
    """The answer to a creation holds the tenant's private key and a client secret; nobody gets to hold them."""
    tenant = Tenant()

    carried = carried_out(tenant, a_plan())

    assert "PRIVATE KEY" not in repr(carried.client)
    assert carried.client.keys().isdisjoint({"client_secret", "signing_keys"})


def test_an_answer_lost_for_good_is_told() -> None:
    """A person may have been created: the error says so, and quotes nothing."""
    tenant = Tenant()
    tenant.instead["POST /users"] = httpx.Response(500, json={"message": "s3cret"})

    with pytest.raises(AnswerLost) as raised:
        apply(tenant, a_plan(ANA))
    assert "s3cret" not in str(raised.value)


def test_own_code_is_the_plans_though_it_has_no_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application's mark names the Action that was applied, so that an edit by hand is drift of the plan's own."""
    monkeypatch.chdir(tmp_path)
    Path("own.js").write_text("exports.onExecutePostLogin = async () => {};", encoding="utf-8")
    tenant, plan = Tenant(), a_plan(action={"code_file": "own.js"})
    apply(tenant, plan)
    assert not seen(tenant, plan)
    tenant.actions[0] |= {"code": "// edited", "status": "built"}

    (change,) = seen(tenant, plan).changes

    assert isinstance(change, Update)
    assert change.found.owner == "acme-auth0"
