"""Users in the Okta sandbox: what a profile may be, and the way from creation to deletion."""

from typing import Any

import pytest

from provisioner.sandbox.okta import user_credentials
from tests.sandbox.okta_org import Org

PASSWORD = {"credentials": {"password": {"value": "Abcd1234"}}}


@pytest.fixture
def org() -> Org:
    return Org()


def mails(org: Org) -> list[str]:
    return [mail["to"] for mail in org.call("GET", "/_sandbox/state").json()["okta"]["mails"]]


@pytest.mark.parametrize(
    ("body", "query", "status", "mailed"),
    [
        ({}, {}, "PROVISIONED", True),
        ({}, {"activate": "false"}, "STAGED", False),
        (PASSWORD, {}, "ACTIVE", False),
        (PASSWORD, {"activate": "false"}, "STAGED", False),
        (PASSWORD, {"nextLogin": "changePassword"}, "PASSWORD_EXPIRED", False),
    ],
)
def test_a_new_user_is_as_far_as_the_request_says(
    org: Org, body: dict[str, Any], query: dict[str, str], status: str, mailed: bool
) -> None:
    """Status and activation e-mail follow from password and `activate`."""
    assert org.user(body=body, **query)["status"] == status
    assert mails(org) == (["ana@acme.example"] if mailed else [])


@pytest.mark.parametrize(
    ("query", "code"), [({"nextLogin": "changePassword"}, "E0000124"), ({"nextLogin": "never"}, "E0000001")]
)
def test_a_password_can_only_expire_where_there_is_one(org: Org, query: dict[str, str], code: str) -> None:
    """`nextLogin` needs a password, and a value that it has."""
    profile = {"login": "a@b.co", "email": "a@b.co", "firstName": "A", "lastName": "B"}

    assert org.refused("POST", "/users", {"profile": profile}, **query)[:2] == (400, code)


def test_every_blank_required_attribute_is_named(org: Org) -> None:
    """One refusal lists all required attributes, in the schema's order, and the login's form."""
    assert org.refused("POST", "/users", {"profile": {"crap": "bad"}}) == (
        400,
        "E0000001",
        [
            "login: The field cannot be left blank",
            "firstName: The field cannot be left blank",
            "lastName: The field cannot be left blank",
            "email: The field cannot be left blank",
            "login: Username must be in the form of an email address",
        ],
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "nowhere"),
        ("login", "nobody"),
        ("firstName", "x" * 51),
        ("profileUrl", "not a link"),
        ("countryCode", "Utopia"),
        ("timezone", "Mars/Olympus"),
        ("title", 7),
    ],
)
def test_an_attribute_keeps_to_its_schema(org: Org, name: str, value: Any) -> None:
    """Length, format and type are checked."""
    profile = {"login": "a@b.co", "email": "a@b.co", "firstName": "A", "lastName": "B", name: value}
    status, code, causes = org.refused("POST", "/users", {"profile": profile})

    assert (status, code) == (400, "E0000001")
    assert causes[0].startswith(f"{name}: ")


@pytest.mark.parametrize("body", [{"login": "a@b.co"}, {"profile": []}, {"profile": {}, "groupIds": "x"}, [], "text"])
def test_a_body_of_another_form_is_malformed(org: Org, body: Any) -> None:
    """Unknown fields and wrong types are one and the same refusal."""
    assert org.refused("POST", "/users", body) == (400, "E0000003", [])


@pytest.mark.parametrize("login", ["ana@acme.example", "ANA@acme.example", "aná@acme.example"])
def test_a_login_is_unique_without_case_and_diacritics(org: Org, login: str) -> None:
    """Two people cannot have the same login, however it is written."""
    org.user()
    profile = {"login": login, "email": "other@acme.example", "firstName": "A", "lastName": "B"}

    assert org.refused("POST", "/users", {"profile": profile}) == (
        400,
        "E0000001",
        ["login: An object with this field already exists in the current organization"],
    )


@pytest.mark.parametrize("password", ["short1A", "alllowercase1", "ALLUPPER1", "NoDigitsHere", "Xana-acme1"])
def test_a_weak_password_is_refused(org: Org, password: str) -> None:
    """The default policy: eight characters, three kinds, no part of the login."""
    profile = {"login": "xana@acme.example", "email": "a@b.co", "firstName": "A", "lastName": "B"}
    body = {"profile": profile, "credentials": {"password": {"value": password}}}

    assert org.refused("POST", "/users", body)[:2] == (400, "E0000001")


def test_passwords_are_never_shown_and_can_be_checked(org: Org) -> None:
    """No answer and no state holds a password, and yet it can be told right from wrong."""
    made = org.user(body=PASSWORD)
    stored = org.visit.documents.get("user", made["id"]) or {}

    assert "Abcd1234" not in f"{made}{stored}{org.call('GET', '/_sandbox/state').text}"
    assert user_credentials.matches(stored, "Abcd1234")
    assert not user_credentials.matches(stored, "abcd1234")


@pytest.mark.parametrize("key", ["id", "ana@acme.example", "ANA@acme.example", "ana"])
def test_a_user_is_found_by_id_login_and_short_login(org: Org, key: str) -> None:
    """All names of a user lead to the same user."""
    made = org.user()

    assert org("GET", f"/users/{made.get(key, key)}")["id"] == made["id"]


def test_me_is_the_owner_of_the_token(org: Org) -> None:
    """The API token belongs to the seeded administrator."""
    assert org("GET", "/users/me")["profile"]["login"] == "admin@sandbox.example"


def test_a_partial_update_keeps_and_a_full_one_clears(org: Org) -> None:
    """POST leaves what it does not name, PUT removes it."""
    made = org.user(profile={"userType": "agent", "title": "Ms"})
    assert org("POST", f"/users/{made['id']}", {"profile": {"userType": "admin"}})["profile"]["title"] == "Ms"

    profile = {name: made["profile"][name] for name in ("login", "email", "firstName", "lastName")}

    assert "userType" not in org("PUT", f"/users/{made['id']}", {"profile": profile})["profile"]


def test_an_update_for_another_state_is_refused(org: Org) -> None:
    """If-Match holds only as long as nobody else writes."""
    key = org.user()["id"]
    tag = org.call("GET", f"/api/v1/users/{key}").headers["etag"]
    body = {"profile": {"title": "Ms"}}
    answers = [org.call("POST", f"/api/v1/users/{key}", body, headers={"if-match": tag}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 412]
    assert answers[1].json()["errorCode"] == "E0000231"


def test_deletion_takes_two_steps(org: Org) -> None:
    """The first DELETE deactivates, the second removes; updates are refused in between."""
    key = org.user()["id"]
    org("DELETE", f"/users/{key}")
    assert org("GET", f"/users/{key}")["status"] == "DEPROVISIONED"
    assert org.refused("POST", f"/users/{key}", {"profile": {"title": "Ms"}})[:2] == (403, "E0000038")

    org("DELETE", f"/users/{key}")

    assert org.refused("GET", f"/users/{key}")[:2] == (404, "E0000007")


def test_the_lifecycle_allows_each_step_in_its_place_only(org: Org) -> None:
    """Suspend needs ACTIVE, unsuspend SUSPENDED, activate STAGED or DEPROVISIONED, reactivate PROVISIONED."""
    step = f"/users/{org.user(body=PASSWORD)['id']}/lifecycle"

    assert org.refused("POST", f"{step}/activate")[:2] == (403, "E0000016")
    assert org.refused("POST", f"{step}/unsuspend")[2] == ["Cannot unsuspend a user that is not suspended"]
    assert org.refused("POST", f"{step}/reactivate")[:2] == (403, "E0000038")
    assert org("POST", f"{step}/suspend") == {}
    assert org.refused("POST", f"{step}/suspend")[2] == ["Cannot suspend a user that is not active"]
    assert org("POST", f"{step}/unsuspend") == {}
    assert org("POST", f"{step}/deactivate") == {}
    assert set(org("POST", f"{step}/activate", sendEmail="false")) == {"activationUrl", "activationToken"}


def test_a_custom_attribute_comes_and_goes_with_the_schema(org: Org) -> None:
    """Once defined it is checked and kept; once removed it is gone from schema and profiles."""
    custom = {"flexRoles": {"title": "Roles", "type": "array", "items": {"type": "string"}}}
    org("POST", "/meta/schemas/user/default", {"definitions": {"custom": {"properties": custom}}})
    key = org.user(profile={"flexRoles": ["agent"]})["id"]
    assert org.refused("POST", f"/users/{key}", {"profile": {"flexRoles": "agent"}})[:2] == (400, "E0000001")

    org("POST", "/meta/schemas/user/default", {"definitions": {"custom": {"properties": {"flexRoles": None}}}})

    assert "flexRoles" not in org("GET", f"/users/{key}")["profile"]
    assert org.refused("POST", f"/users/{key}", {"profile": {"flexRoles": ["agent"]}})[2] == [
        "Property name 'flexRoles' is not defined in profile"
    ]


def test_an_enum_and_its_titles_must_agree(org: Org) -> None:
    """E0000123 where `enum` and `oneOf` differ; a value outside of the enum is refused."""
    given = {"title": "Tier", "type": "string", "enum": ["a", "b"], "oneOf": [{"const": "a", "title": "A"}]}
    body = {"definitions": {"custom": {"properties": {"tier": given}}}}
    assert org.refused("POST", "/meta/schemas/user/default", body)[:2] == (400, "E0000123")

    given["oneOf"] = [{"const": name, "title": name} for name in ("a", "b")]
    org("POST", "/meta/schemas/user/default", body)

    assert org.user(profile={"tier": "a"})["profile"]["tier"] == "a"
    assert org.refused("POST", "/users/ana", {"profile": {"tier": "c"}})[:2] == (400, "E0000001")


def test_a_base_attribute_cannot_be_removed(org: Org) -> None:
    """Of the base attributes little can be changed."""
    body = {"definitions": {"base": {"properties": {"email": None}}}}

    assert org.refused("POST", "/meta/schemas/user/default", body)[:2] == (400, "E0000001")


def test_a_user_type_has_a_schema_of_its_own(org: Org) -> None:
    """A new type's users follow its schema; a type in use, or the default one, cannot be deleted."""
    made = org("POST", "/meta/types/user", {"name": "contractor", "displayName": "Contractor"})
    schema = made["_links"]["schema"]["href"].rpartition("/")[2]
    custom = {"agency": {"title": "Agency", "type": "string"}}
    org("POST", f"/meta/schemas/user/{schema}", {"definitions": {"custom": {"properties": custom}}})
    org.user(profile={"agency": "X"}, body={"type": {"id": made["id"]}})

    assert org.refused("POST", "/users/me", {"profile": {"agency": "X"}})[:2] == (400, "E0000001")
    assert org.refused("DELETE", f"/meta/types/user/{made['id']}")[:2] == (403, "E0000142")
    assert org.refused("DELETE", "/meta/types/user/default")[:2] == (403, "E0000142")
