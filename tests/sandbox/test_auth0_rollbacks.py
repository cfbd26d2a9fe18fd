"""Versions of Auth0 Actions in the sandbox, and rolling back to one of them."""

import pytest

from tests.sandbox.auth0_tenant import CODE, Json, Tenant


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def changed_and_deployed(tenant: Tenant) -> tuple[str, str, Json]:
    """An Action whose second version runs: its path, the id of the first version, and the Action."""
    made = tenant.action()
    home = f"/actions/actions/{made['id']}"
    (first,) = tenant("GET", f"{home}/versions")["versions"]
    tenant("PATCH", home, {"code": "second", "secrets": [{"name": "key", "value": "x"}]})
    tenant.clock.advance(10)
    tenant("POST", f"{home}/deploy")
    tenant.clock.advance(1)
    return home, first["id"], tenant("GET", home)


@pytest.mark.parametrize("body", [None, {}, {"update_draft": False}])
def test_a_roll_back_deploys_a_copy_of_an_old_version(tenant: Tenant, body: Json | None) -> None:
    """With a number of its own; the draft stays as it is, and so is not what runs."""
    home, first, before = changed_and_deployed(tenant)
    made = tenant("POST", f"{home}/versions/{first}/deploy", body)
    assert (made["number"], made["deployed"], made["code"], made["secrets"]) == (3, False, CODE, [])
    assert made["id"] != first

    tenant.clock.advance(1)
    after = tenant("GET", home)
    assert (after["code"], after["all_changes_deployed"]) == ("second", False)
    assert (after["deployed_version"]["id"], after["deployed_version"]["code"]) == (made["id"], CODE)
    assert after["updated_at"] == before["updated_at"]
    assert [each["deployed"] for each in tenant("GET", f"{home}/versions")["versions"]] == [True, False, False]
    assert tenant("GET", f"{home}/versions/{first}")["deployed"] is False


def test_a_roll_back_may_take_the_draft_along(tenant: Tenant) -> None:
    """Then there is nothing left to deploy, and the draft can be deployed again at once."""
    home, first, before = changed_and_deployed(tenant)
    tenant("POST", f"{home}/versions/{first}/deploy", {"update_draft": True})
    tenant.clock.advance(1)
    after = tenant("GET", home)

    assert (after["code"], after["secrets"], after["status"]) == (CODE, [], "built")
    assert after["all_changes_deployed"] is True
    assert after["updated_at"] > before["updated_at"]
    assert tenant("POST", f"{home}/deploy")["number"] == 4


def test_a_roll_back_to_what_the_draft_is_leaves_nothing_to_deploy(tenant: Tenant) -> None:
    """As recorded, the version that runs may itself be deployed again."""
    made = tenant.action(
        dependencies=[{"name": "lodash", "version": "4.0.0", "registry_url": "https://registry.example"}]
    )
    home = f"/actions/actions/{made['id']}"
    (first,) = tenant("GET", f"{home}/versions")["versions"]
    tenant("POST", f"{home}/versions/{first['id']}/deploy")
    tenant.clock.advance(1)

    assert tenant("GET", home)["all_changes_deployed"] is True


def test_only_versions_of_the_action_are_rolled_back_to(tenant: Tenant) -> None:
    """Others are not there, and an unknown field is refused."""
    home, first, _ = changed_and_deployed(tenant)
    other = f"/actions/actions/{tenant.action('Other')['id']}"
    gone = (404, None, "The action version does not exist.")

    assert tenant.refused("POST", f"{other}/versions/{first}/deploy", {}) == gone
    assert tenant.refused("GET", f"{other}/versions/{first}") == gone
    assert tenant.refused("POST", f"/actions/actions/x/versions/{first}/deploy")[::2] == (
        404,
        "That action does not exist.",
    )
    assert tenant.refused("POST", f"{home}/versions/{first}/deploy", {"draft": True})[:2] == (400, "invalid_body")
