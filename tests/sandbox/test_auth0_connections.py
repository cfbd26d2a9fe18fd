"""Database connections of the Auth0 sandbox beside the seeded one, and people in them."""

from typing import Any

import pytest

from provisioner.sandbox.auth0 import tokens
from tests.sandbox.auth0_tenant import PASSWORD, Json, Tenant
from tests.sandbox.noon import ORIGIN


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def staff(tenant: Tenant, **more: Any) -> Json:
    made: Json = tenant("POST", "/connections", {"name": "staff", "strategy": "auth0"} | more)
    return made


def enable(tenant: Tenant, connection: Json, client: str = tokens.PLAIN) -> None:
    tenant("PATCH", f"/connections/{connection['id']}/clients", [{"client_id": client, "status": True}])


def test_a_new_database_has_the_vendors_options_and_no_client(tenant: Tenant) -> None:
    """As recorded, whatever the tenant's flag for new clients says; it can be read and listed like any other."""
    made = staff(tenant)

    assert made["options"]["passwordPolicy"] == "good"
    assert made["options"]["authentication_methods"]["passkey"] == {"enabled": False}
    assert (made["realms"], made["enabled_clients"], made["is_domain_connection"]) == (["staff"], [], False)
    assert tenant("GET", f"/connections/{made['id']}") == made
    assert tenant("GET", "/connections", name="staff") == [made]


def test_new_clients_get_the_new_database_too(tenant: Tenant) -> None:
    """Where the tenant's flag says so; those from before do not."""
    before = tenant.client()["client_id"]
    made = staff(tenant)
    after = tenant.client()["client_id"]

    assert tenant("GET", f"/connections/{made['id']}/clients") == {"clients": [{"client_id": after}]}
    assert before != after


def test_names_and_realms_are_taken_once(tenant: Tenant) -> None:
    """A name in the vendor's words (public issue auth0-deploy-cli 221)."""
    staff(tenant, realms=["acme.example"])

    assert tenant.refused("POST", "/connections", {"name": "staff", "strategy": "auth0"}) == (
        409,
        "connection_conflict",
        "A connection with the same name already exists",
    )
    other = {"name": "other", "strategy": "auth0", "realms": ["acme.example"]}
    assert tenant.refused("POST", "/connections", other)[0] == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "-staff"},
        {"name": "staff."},
        {"name": "x" * 129},
        {"unknown": 1},
        {"metadata": {"key": "x" * 256}},
        {"metadata": {str(number): "x" for number in range(11)}},
        {"options": {"password_options": {"complexity": {"min_length": 73}}}},
        {"options": {"password_options": {"rotation": {}}}},
        {"authentication": {}},
    ],
)
def test_a_wrong_database_is_refused(tenant: Tenant, wrong: Json) -> None:
    """The bounds are the document's."""
    body = {"name": "staff", "strategy": "auth0"} | wrong

    assert tenant.refused("POST", "/connections", body)[:2] == (400, "invalid_body")


def test_other_strategies_are_not_played(tenant: Tenant) -> None:
    """And say so, as no vendor would."""
    body = {"name": "azure", "strategy": "waad", "options": {"client_id": "x"}}

    assert tenant.refused("POST", "/connections", body)[:2] == (501, "not_played")


def test_the_same_address_is_another_person_in_another_database(tenant: Tenant) -> None:
    """Found together by address, apart by connection; removed with the connection."""
    made = staff(tenant)
    enable(tenant, made)
    first = tenant.user()
    second = tenant.user(connection="staff", app_metadata={"flex": {"roles": ["admin"]}})
    tenant.clock.advance(2)

    assert second["identities"][0]["connection"] == "staff"
    found = tenant("GET", "/users-by-email", email="ana@acme.example")
    assert [each["user_id"] for each in found] == [first["user_id"], second["user_id"]]
    assert tenant("GET", "/users", q='identities.connection:"staff"') == [second]
    assert (
        tenant.refused("POST", "/users", {"connection": "staff", "email": "ana@acme.example", "password": PASSWORD})[0]
        == 409
    )

    assert tenant.call("DELETE", f"/api/v2/connections/{made['id']}").status_code == 202
    assert tenant("GET", "/users-by-email", email="ana@acme.example") == [first]


def test_users_are_made_by_a_client_that_has_the_connection(tenant: Tenant) -> None:
    """In the vendor's words (public issue terraform-provider-auth0 854); a database without any client takes nobody."""
    made = staff(tenant)
    form = {"grant_type": "client_credentials", "client_id": tokens.PLAIN, "client_secret": tokens.SECRET}
    token = tenant.call("POST", "/oauth/token", form | {"audience": f"{ORIGIN}/api/v2/"}).json()["access_token"]
    body = {"connection": "staff", "email": "ana@acme.example", "password": PASSWORD}

    def create() -> Any:
        return tenant.call("POST", "/api/v2/users", body, headers={"authorization": f"Bearer {token}"}).json()

    assert create()["message"] == "The connection is disabled."
    enable(tenant, made, tokens.SIGNING)
    assert create()["message"] == (
        "Connection must be enabled for this client to perform single user creation and signup operations"
        " (client_id: sandbox-auth0-client - connection: staff)"
    )
    enable(tenant, made)
    assert create()["identities"][0]["connection"] == "staff"


@pytest.mark.parametrize(
    ("complexity", "weak", "good"),
    [
        ({"min_length": 12}, "Abcdefg1!", "abcdefghijkl"),
        ({"min_length": 4, "character_types": ["number", "uppercase"]}, "abcd1", "Abcd1"),
        (
            {
                "min_length": 4,
                "character_types": ["lowercase", "uppercase", "number", "special"],
                "character_type_rule": "three_of_four",
            },
            "abcd1",
            "Abcd1",
        ),
    ],
)
def test_newer_password_options_decide(tenant: Tenant, complexity: Json, weak: str, good: str) -> None:
    """Length and kinds of characters; what is left out is the vendor's default."""
    made = staff(tenant, options={"password_options": {"complexity": complexity}})
    enable(tenant, made)
    person = {"connection": "staff", "email": "bo@acme.example"}

    assert "passwordPolicy" not in made["options"]
    assert made["options"]["password_options"]["history"] == {"active": False, "size": 3}
    assert tenant.refused("POST", "/users", person | {"password": weak})[0] == 400
    assert tenant("POST", "/users", person | {"password": good})["email"] == "bo@acme.example"


def test_an_update_replaces_the_options_but_for_ways_to_sign_in(tenant: Tenant) -> None:
    """As recorded; secrets of scripts are never shown."""
    made = staff(tenant, options={"requires_username": True, "configuration": {"key": "secret"}})
    assert "secret" not in str(made)
    updated = tenant("PATCH", f"/connections/{made['id']}", {"options": {"passwordPolicy": "low"}})

    assert updated["options"] == {
        "passwordPolicy": "low",
        "brute_force_protection": True,
        "passkey_options": made["options"]["passkey_options"],
        "authentication_methods": made["options"]["authentication_methods"],
    }


def test_what_does_not_go_together_is_refused(tenant: Tenant) -> None:
    """In the recorded words, when a connection is made and when it is changed."""
    email = {"identifier": {"active": True}, "signup": {"status": "required"}}
    home = f"/connections/{staff(tenant)['id']}"
    for options, message in (
        ({"requires_username": True, "attributes": {"email": email}}, "options.requires_username"),
        ({"attributes": {"email": email | {"identifier": {"active": False}}}}, "one active identifier"),
        ({"attributes": {"email": email | {"profile_required": True, "signup": {"status": "inactive"}}}}, "on signup"),
    ):
        body = {"name": "other", "strategy": "auth0", "options": options}
        assert message in tenant.refused("POST", "/connections", body)[2]
        assert message in tenant.refused("PATCH", home, {"options": options})[2]
    options = {"attributes": {"email": email | {"unique": False}}}
    assert tenant.refused("PATCH", home, {"options": options})[2] == "cannot add non-unique email attribute"
