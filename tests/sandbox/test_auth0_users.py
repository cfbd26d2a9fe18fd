"""Rules of Auth0 users, and of searching them, that no recording shows."""

from typing import Any
from urllib.parse import quote

import pytest

from provisioner.sandbox import SandboxSettings
from provisioner.sandbox.auth0 import connections
from tests.sandbox.auth0_tenant import PASSWORD, Json, Tenant


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def person(**more: Any) -> Json:
    return {"connection": connections.DATABASE, "email": "ana@acme.example", "password": PASSWORD} | more


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"connection": "none"}, "inexistent_connection", "The connection does not exist."),
        ({"connection": "google-oauth2"}, "invalid_operation", "Users can only be created in database connections."),
        ({"roles": ["admin"]}, "invalid_body", "Additional properties not allowed: roles"),
        ({"email": "ana"}, "invalid_body", "Object didn't pass validation for format email: ana"),
        ({"user_id": "a b"}, "invalid_body", "String does not match pattern"),
        ({"password": "short1!"}, None, "PasswordStrengthError: Password is too weak"),
        ({"password": "onlyletters"}, None, "PasswordStrengthError: Password is too weak"),
        ({"username": "ana"}, "invalid_body", "Cannot set username for connection without requires_username"),
        ({"app_metadata": {"email": "x"}}, "invalid_body", "cannot be set in app_metadata: email"),
        ({"user_metadata": {"a.b": 1}}, "invalid_body", "must not contain '.' or '$': a.b"),
        ({"app_metadata": None}, "invalid_body", "Expected type object but found type null"),
    ],
)
def test_a_wrong_user_is_refused(tenant: Tenant, change: Json, code: str | None, message: str) -> None:
    """Unknown fields, wrong connections, weak passwords and reserved metadata."""
    status, said_code, said = tenant.refused("POST", "/users", person(**change))

    assert (status, said_code) == (400, code)
    assert message in said


@pytest.mark.parametrize("name", ["email", "password", "connection"])
def test_what_a_database_user_needs(tenant: Tenant, name: str) -> None:
    """The missing field is named."""
    body = {key: value for key, value in person().items() if key != name}

    status, code, message = tenant.refused("POST", "/users", body)
    assert (status, code) == (400, "invalid_body")
    assert f"Missing required property: {name}" in message


def test_usernames_where_the_connection_wants_them(tenant: Tenant) -> None:
    """Then they are needed, and unique."""
    options = tenant("GET", f"/connections/{tenant.database}")["options"]
    tenant("PATCH", f"/connections/{tenant.database}", {"options": options | {"requires_username": True}})
    assert tenant.refused("POST", "/users", person())[0] == 400

    tenant("POST", "/users", person(username="ana"))
    assert tenant.refused("POST", "/users", person(username="ana", email="bo@acme.example"))[0] == 409


def test_addresses_are_kept_in_lower_case_and_unique(tenant: Tenant) -> None:
    """A second user of the address is a conflict, in the vendor's words."""
    assert tenant.user("Ana@Acme.example")["email"] == "ana@acme.example"

    answer = tenant.call("POST", "/api/v2/users", person())
    assert answer.json() == {
        "statusCode": 409,
        "error": "Conflict",
        "message": "The user already exists.",
        "errorCode": "auth0_idp_error",
    }


@pytest.mark.parametrize(
    ("more", "mails"),
    [
        ({}, 1),
        ({"email_verified": True}, 0),
        ({"verify_email": False}, 0),
        ({"email_verified": True, "verify_email": True}, 1),
    ],
)
def test_who_gets_an_e_mail(tenant: Tenant, more: Json, mails: int) -> None:
    """An unverified address is asked for verification, unless the request says otherwise."""
    tenant.user(**more)

    assert len(tenant.call("GET", "/_sandbox/state").json()["auth0"]["mails"]) == mails


def test_metadata_merges_at_the_first_level_only(tenant: Tenant) -> None:
    """Siblings inside of `flex` are lost."""
    home = f"/users/{tenant.user(app_metadata={'flex': {'roles': ['admin'], 'team': 'a'}, 'plan': 'x'})['user_id']}"
    changed = tenant("PATCH", home, {"app_metadata": {"flex": {"roles": ["agent"]}}})

    assert changed["app_metadata"] == {"flex": {"roles": ["agent"]}, "plan": "x"}


def test_updates_replace_and_null_clears(tenant: Tenant) -> None:
    """Profile fields; a password only shows that it was changed; unknown fields are refused."""
    home = f"/users/{tenant.user(given_name='Ana', blocked=True)['user_id']}"
    tenant.clock.advance(5)
    changed = tenant("PATCH", home, {"given_name": None, "name": "Ana Diaz", "password": "Another horse 2"})
    assert "given_name" not in changed
    assert changed["name"] == "Ana Diaz"
    assert changed["last_password_reset"] == changed["updated_at"] > changed["created_at"]

    assert tenant.refused("PATCH", home, {"wrong": 1})[:2] == (400, "invalid_body")
    assert tenant.refused("PATCH", home, {"password": "weak"})[0] == 400
    assert tenant.refused("PATCH", home, {"connection": "other"})[0] == 400
    assert tenant.refused("PATCH", "/users/auth0|x", {"name": "x"})[:2] == (404, "inexistent_user")


def test_a_taken_address_is_refused_on_update(tenant: Tenant) -> None:
    """The address belongs to one user of the connection."""
    tenant.user("bo@acme.example")
    home = f"/users/{tenant.user()['user_id']}"

    assert tenant.refused("PATCH", home, {"email": "Bo@acme.example"})[:2] == (400, "auth0_idp_error")
    assert tenant("PATCH", home, {"email": "cy@acme.example"})["email"] == "cy@acme.example"
    assert tenant("GET", "/users-by-email", email="ana@acme.example") == []


def test_ids_stand_encoded_in_paths(tenant: Tenant) -> None:
    """`auth0|abc` as `auth0%7Cabc`; a deletion may be repeated."""
    path = f"/api/v2/users/{quote(tenant.user(user_id='abc')['user_id'], safe='')}"
    assert tenant.call("GET", path).json()["user_id"] == "auth0|abc"

    assert [tenant.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert tenant.call("GET", path).status_code == 404


def test_no_answer_and_no_state_holds_a_password(tenant: Tenant) -> None:
    """Nor its digest."""
    made = tenant.user()

    for text in (str(made), tenant.call("GET", "/_sandbox/state").text):
        assert PASSWORD not in text
        assert "digest" not in text


def test_a_ticket_for_a_password(tenant: Tenant) -> None:
    """By id, or by address and connection; no e-mail goes out."""
    user = tenant.user(verify_email=False)
    by_address = {"email": user["email"], "connection_id": tenant.database}
    for body in ({"user_id": user["user_id"], "ttl_sec": 60}, by_address):
        assert tenant("POST", "/tickets/password-change", body)["ticket"].startswith("http://localhost:8400/lo/reset?")

    assert tenant.refused("POST", "/tickets/password-change", {"user_id": "auth0|x"})[0] == 404
    assert tenant.refused("POST", "/tickets/password-change", {"email": "a@b.example"})[0] == 400
    assert tenant.call("GET", "/_sandbox/state").json()["auth0"]["mails"] == []


def test_searches_lag_behind_and_the_rest_does_not(tenant: Tenant) -> None:
    """Lists and searches see a write later than reads by id or address do."""
    user = tenant.user()
    assert tenant("GET", "/users-by-email", email=user["email"])[0]["user_id"] == user["user_id"]
    assert tenant("GET", "/users") == []

    tenant.clock.advance(1)
    tenant("PATCH", f"/users/{user['user_id']}", {"name": "Ana Diaz"})
    assert [each["name"] for each in tenant("GET", "/users")] == ["ana@acme.example"]
    tenant.clock.advance(1)
    assert [each["name"] for each in tenant("GET", "/users")] == ["Ana Diaz"]


@pytest.fixture
def people() -> Tenant:
    """Three users that are in the index."""
    tenant = Tenant(SandboxSettings(rate_limits=False, search_lag=0))
    tenant.user("ana@acme.example", app_metadata={"flex": {"roles": ["admin", "agent"]}}, user_id="1")
    tenant.clock.advance(86_400)
    tenant.user("bo@acme.example", app_metadata={"flex": {"roles": ["agent"]}}, name="Bo Li", user_id="2")
    tenant.user("cy@other.example", blocked=True, user_id="3")
    return tenant


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email:ana@acme.example", "1"),
        ('email:"ANA@acme.example"', "1"),
        ("email:*@acme.example", "12"),
        ('name:"Bo Li"', "2"),
        ("app_metadata.flex.roles:agent", "12"),
        ("app_metadata.flex.roles:(admin OR supervisor)", "1"),
        ("_exists_:app_metadata.flex", "12"),
        ("NOT _exists_:app_metadata.flex", "3"),
        ("-app_metadata.flex.roles:admin AND email:*acme*", "2"),
        ("blocked:true", "3"),
        ('user_id:"auth0|2" OR user_id:"auth0|3"', "23"),
        ('identities.connection:"Username-Password-Authentication"', "123"),
        ("updated_at:[2027-01-16 TO *]", "23"),
        ("updated_at:[* TO 2027-01-15]", "1"),
        ("created_at:{2027-01-16T09:00:00 TO *}", ""),
        ("(email:ana* OR email:bo*) AND NOT name:Bo*", "1"),
    ],
)
def test_what_queries_find(people: Tenant, query: str, found: str) -> None:
    """The part of Lucene's language that is understood."""
    users = people("GET", "/users", q=query)

    assert "".join(user["user_id"][-1] for user in users) == found


@pytest.mark.parametrize("query", ["ana", "email:", "email:a b:c", "(email:a", "email:a)", "email:a &&"])
def test_a_query_that_is_not_understood_is_refused(people: Tenant, query: str) -> None:
    """Rather than answered by a guess."""
    assert people.refused("GET", "/users", q=query)[:2] == (400, "invalid_query_string")


def test_results_are_sorted_paged_and_counted(people: Tenant) -> None:
    """With totals, by a field in either direction, with the asked fields."""
    page = people("GET", "/users", include_totals="true", per_page="2", sort="email:-1", fields="email")

    assert page == {
        "start": 0,
        "limit": 2,
        "length": 2,
        "total": 3,
        "users": [{"email": "cy@other.example"}, {"email": "bo@acme.example"}],
    }
    assert people.refused("GET", "/users", sort="email")[0] == 400
    assert people.refused("GET", "/users", search_engine="v1")[0] == 400


def test_no_query_leads_behind_the_first_thousand(people: Tenant) -> None:
    """Page ten of a hundred is the first that is refused."""
    assert people("GET", "/users", page="9", per_page="100") == []

    status, code, message = people.refused("GET", "/users", page="10", per_page="100")
    assert (status, code) == (400, "invalid_paging")
    assert message.startswith("You can only page through the first 1000 records.")


def test_an_unfriendly_sandbox_gives_short_and_shuffled_pages() -> None:
    """Clients that go by totals still find everybody."""
    tenant = Tenant(SandboxSettings(rate_limits=False, search_lag=0, page_size_cap=2, shuffle=True))
    for number in range(5):
        tenant.user(f"u{number}@acme.example")
    pages = [tenant("GET", "/users", include_totals="true", page=str(number)) for number in range(3)]

    assert [page["limit"] for page in pages] == [2, 2, 2]
    assert len({user["email"] for page in pages for user in page["users"]}) == pages[0]["total"] == 5
