"""Rules of Auth0 Actions and their bindings that no recording shows."""

from typing import Any

import pytest

from provisioner.sandbox import SandboxSettings
from tests.sandbox.auth0_tenant import CODE, Json, Tenant

LOGIN = "/actions/triggers/post-login/bindings"


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def draft(tenant: Tenant, **more: Any) -> Json:
    body = {"name": "Roles", "code": CODE, "supported_triggers": [{"id": "post-login", "version": "v3"}]}
    made: Json = tenant("POST", "/actions/actions", body | more)
    return made


def test_a_build_takes_its_time(tenant: Tenant) -> None:
    """pending → building → built by the sandbox's clock, longer where packages are fetched."""
    for more, time in (({}, 0.5), ({"name": "B", "dependencies": [{"name": "auth0", "version": "4.0.0"}]}, 2.0)):
        made = draft(tenant, **more)
        states = [made["status"]]
        for _ in range(2):
            tenant.clock.advance(time / 2)
            states.append(tenant("GET", f"/actions/actions/{made['id']}")["status"])
        assert states == ["pending", "building", "built"]


def test_how_long_a_build_takes_is_a_setting() -> None:
    """Tests of clients that wait may make it long."""
    tenant = Tenant(SandboxSettings(rate_limits=False, build_time=60))
    made = draft(tenant)
    tenant.clock.advance(59)

    assert tenant("GET", f"/actions/actions/{made['id']}")["status"] == "building"


def test_an_unbuilt_draft_is_not_deployed(tenant: Tenant) -> None:
    """In the vendor's words (public issue auth0-deploy-cli 395)."""
    refusal = (400, None, "A draft must be in the 'built' state before it can be deployed.")
    made = draft(tenant)

    assert tenant.refused("POST", f"/actions/actions/{made['id']}/deploy") == refusal


@pytest.mark.parametrize("dependency", [{"name": "crypto", "version": "17.7.1"}, {"name": "x", "version": "one"}])
def test_a_build_fails_without_its_packages(tenant: Tenant, dependency: Json) -> None:
    """Then nothing can be deployed; a corrected draft builds again."""
    made = draft(tenant, dependencies=[dependency])
    home = f"/actions/actions/{made['id']}"
    tenant.clock.advance(10)
    assert tenant("GET", home)["status"] == "failed"
    assert tenant.refused("POST", f"{home}/deploy")[0] == 400

    tenant("PATCH", home, {"dependencies": []})
    tenant.clock.advance(10)
    assert tenant("GET", home)["status"] == "built"


def test_code_that_does_not_parse_builds_all_the_same(tenant: Tenant) -> None:
    """Recordings 13 to 16 show it built and deployed; it fails when somebody signs in."""
    made = tenant.action(code=f'{CODE}"')

    assert tenant("GET", f"/actions/actions/{made['id']}")["all_changes_deployed"] is True


def test_a_changed_draft_leaves_the_deployed_version(tenant: Tenant) -> None:
    """What runs is what was deployed last."""
    made = tenant.action()
    home = f"/actions/actions/{made['id']}"
    tenant("PATCH", home, {"code": "other"})
    changed = tenant("GET", home)
    assert (changed["status"], changed["all_changes_deployed"]) == ("pending", False)
    assert (changed["code"], changed["deployed_version"]["code"]) == ("other", CODE)

    tenant.clock.advance(10)
    assert tenant("POST", f"{home}/deploy")["number"] == 2
    tenant.clock.advance(1)
    assert [each["deployed"] for each in tenant("GET", f"{home}/versions")["versions"]] == [True, False]


def test_a_version_is_in_place_a_moment_after_its_deployment(tenant: Tenant) -> None:
    """Until then nothing shows it, and nothing can be bound (public pull request terraform-provider-auth0 1590)."""
    made = tenant.action(deployed=False)
    tenant("POST", f"/actions/actions/{made['id']}/deploy")
    assert "deployed_version" not in tenant("GET", f"/actions/actions/{made['id']}")

    wanted = {"bindings": [{"ref": {"type": "action_id", "value": made["id"]}}]}
    refusal = (400, None, "Trying to create a binding for an action that has not been deployed yet")
    assert tenant.refused("PATCH", LOGIN, wanted) == refusal


def test_secrets_are_kept_by_name_and_never_shown(tenant: Tenant) -> None:
    """A name without a value keeps the old one; names that are left out go."""
    made = draft(tenant, secrets=[{"name": "a", "value": "hidden-1"}, {"name": "b", "value": "hidden-2"}])
    home = f"/actions/actions/{made['id']}"
    changed = tenant("PATCH", home, {"secrets": [{"name": "b"}, {"name": "c", "value": "hidden-3"}]})
    assert [each["name"] for each in changed["secrets"]] == ["b", "c"]
    assert "value" not in changed["secrets"][0]

    assert tenant.refused("PATCH", home, {"secrets": [{"name": "d"}]})[0] == 400
    for shown in (tenant.call("GET", f"/api/v2{home}").text, tenant.call("GET", "/_sandbox/state").text):
        assert "hidden" not in shown


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"runtime": "node16"}, 400),
        ({"runtime": "node18"}, 400),
        ({"runtime": "node18-actions"}, 201),
        ({"supported_triggers": [{"id": "post-login", "version": "v2"}], "runtime": "node18"}, 201),
        ({"supported_triggers": [{"id": "post-login", "version": "v9"}]}, 400),
        ({"supported_triggers": []}, 400),
        ({"supported_triggers": [{"id": "at-night"}]}, 400),
        ({"code": "x" * 100_001}, 400),
        ({"status": "built"}, 400),
    ],
)
def test_what_an_action_may_be(tenant: Tenant, change: Json, status: int) -> None:
    """One trigger that exists, a runtime of its, and not too much code."""
    body = {"name": "Roles", "code": CODE, "supported_triggers": [{"id": "post-login"}]}

    assert tenant.call("POST", "/api/v2/actions/actions", body | change).status_code == status


def test_two_actions_of_one_name_are_refused(tenant: Tenant) -> None:
    """Bindings go by name, too."""
    draft(tenant)

    assert (
        tenant.refused("POST", "/actions/actions", {"name": "Roles", "supported_triggers": [{"id": "post-login"}]})[0]
        == 409
    )


def test_a_hundred_actions_are_enough(tenant: Tenant) -> None:
    """The tenant's limit."""
    for number in range(100):
        draft(tenant, name=str(number))

    assert (
        tenant.refused("POST", "/actions/actions", {"name": "x", "supported_triggers": [{"id": "post-login"}]})[0]
        == 400
    )


def test_twenty_bindings_are_enough(tenant: Tenant) -> None:
    """The limit of one trigger."""
    made = tenant.action()
    bound = [{"ref": {"type": "action_id", "value": made["id"]}}]

    assert len(tenant("PATCH", LOGIN, {"bindings": bound * 20})["bindings"]) == 20
    assert tenant.refused("PATCH", LOGIN, {"bindings": bound * 21})[0] == 400


def test_bindings_by_id_name_and_former_binding(tenant: Tenant) -> None:
    """All three references lead to the same Action; every replacement makes new ids."""
    one, other = tenant.action("One"), tenant.action("Other")
    first = tenant.bind(one)
    references = [
        {"type": "action_name", "value": "Other"},
        {"type": "binding_id", "value": first[0]["id"]},
    ]
    second = tenant("PATCH", LOGIN, {"bindings": [{"ref": each} for each in references]})["bindings"]

    assert [each["action"]["id"] for each in second] == [other["id"], one["id"]]
    assert [each["display_name"] for each in second] == ["Other", "One"]
    assert first[0]["id"] not in {each["id"] for each in second}


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        ({"id": "x", "display_name": "x"}, "Data does not match any schemas from 'oneOf'"),
        ({"ref": {"type": "id", "value": "x"}}, "Data does not match any schemas from 'oneOf'"),
        ({"ref": {"type": "action_id", "value": "x"}}, "No action matches action_id x"),
    ],
)
def test_a_wrong_binding_is_refused(tenant: Tenant, binding: Json, message: str) -> None:
    """The former form, an unknown reference and an unknown Action; what was bound stays."""
    tenant.bind(tenant.action())
    status, _, said = tenant.refused("PATCH", LOGIN, {"bindings": [binding]})

    assert (status, message in said) == (400, True)
    assert tenant("GET", LOGIN)["total"] == 1


def test_an_action_is_bound_to_its_own_trigger_only(tenant: Tenant) -> None:
    """Nor is there a flow that does not exist."""
    made = tenant.action()
    wanted = {"bindings": [{"ref": {"type": "action_id", "value": made["id"]}}]}

    assert tenant.refused("PATCH", "/actions/triggers/credentials-exchange/bindings", wanted)[0] == 400
    assert tenant.refused("GET", "/actions/triggers/at-night/bindings")[:2] == (400, "invalid_uri")


def test_pages_are_twenty_long_and_zeros_are_left_out(tenant: Tenant) -> None:
    """`include_totals` is not known here; `total` is."""
    made = tenant.action()
    tenant("PATCH", LOGIN, {"bindings": [{"ref": {"type": "action_id", "value": made["id"]}}] * 20})

    first, empty = tenant("GET", LOGIN), tenant("GET", LOGIN, page="1")
    assert {name: first[name] for name in first if name != "bindings"} == {"total": 20, "per_page": 20}
    assert empty == {"bindings": [], "page": 1, "per_page": 20}
    assert tenant("GET", "/actions/modules") == {"modules": [], "per_page": 20}
    assert tenant.refused("GET", "/actions/actions", include_totals="true")[:2] == (400, "invalid_query_string")


def test_a_bound_action_is_deleted_by_force_only(tenant: Tenant) -> None:
    """Otherwise it is a conflict; by force it leaves the flow."""
    made = tenant.action()
    tenant.bind(made)
    home = f"/actions/actions/{made['id']}"
    assert tenant.refused("DELETE", home) == (409, None, "Unable to delete an action bound to a trigger.")

    tenant("DELETE", home, force="true")
    assert tenant("GET", LOGIN)["bindings"] == []
    assert tenant.refused("DELETE", home) == (404, None, "That action does not exist.")


def test_actions_by_name_trigger_and_deployment(tenant: Tenant) -> None:
    """The list's filters."""
    tenant.action("One")
    tenant.action("Two", deployed=False)

    def names(**query: str) -> list[str]:
        return [each["name"] for each in tenant("GET", "/actions/actions", **query)["actions"]]

    assert names(actionName="Two") == ["Two"]
    assert names(deployed="true") == ["One"]
    assert names(triggerId="post-login") == ["One", "Two"]
    assert names(installed="true") == []
