"""Who may sign in to the Okta sandbox, and how people come by a password."""

import base64
import hashlib
from typing import Any

import pytest

from tests.sandbox.okta_login import Login
from tests.sandbox.okta_org import Json

BO = "bo@acme.example"


@pytest.fixture
def org() -> Login:
    return Login()


def digest(hashed: Any) -> str:
    return base64.b64encode(hashed.digest()).decode()


def sign_in(org: Login, password: str, name: str = BO) -> tuple[int, str]:
    page = org.browser.sign_in(org.browser("GET", "/app/UserHome"), name, password)
    return page.status_code, page.text


def signs_in(org: Login, password: str, name: str = BO) -> bool:
    status, text = sign_in(org, password, name)
    assert (status, "My Apps" in text, "Unable to sign in" in text) in ((200, True, False), (401, False, True))
    return status == 200


@pytest.mark.parametrize(
    ("body", "query", "password", "may"),
    [
        ({}, {}, "sandbox-password", True),
        ({}, {}, "another-password", False),
        ({}, {"activate": "false"}, "sandbox-password", False),
        ({"credentials": {"password": {"value": "Abcd1234"}}}, {}, "Abcd1234", True),
        ({"credentials": {"password": {"value": "Abcd1234"}}}, {}, "sandbox-password", False),
        ({"credentials": {"password": {"value": "Abcd1234"}}}, {"activate": "false"}, "Abcd1234", False),
        ({"credentials": {"provider": {"type": "FEDERATION"}}}, {}, "sandbox-password", False),
    ],
)
def test_who_was_given_or_mailed_a_password_signs_in(
    org: Login, body: Json, query: dict[str, Any], password: str, may: bool
) -> None:
    """A staged user never does; the vendor says no more than that it did not work."""
    org.user(BO, body=body, **query)
    assert signs_in(org, password) is may


@pytest.mark.parametrize(
    ("imported", "may"),
    [
        ({"algorithm": "SHA-256", "value": digest(hashlib.sha256(b"saltAbcd1234"))}, True),
        ({"algorithm": "SHA-1", "saltOrder": "POSTFIX", "value": digest(hashlib.sha1(b"Abcd1234salt"))}, True),
        ({"algorithm": "SHA-512", "value": digest(hashlib.sha512(b"Abcd1234salt"))}, False),
        ({"algorithm": "MD5", "value": "no base64"}, False),
        ({"algorithm": "PBKDF2", "digestAlgorithm": "SHA256_HMAC", "iterationCount": 4096, "keySize": 32}, False),
    ],
)
def test_an_imported_password_is_what_the_hash_was_made_of(org: Login, imported: Json, may: bool) -> None:
    """With the salt before or behind it."""
    hashed = {"salt": base64.b64encode(b"salt").decode(), "saltOrder": "PREFIX"} | imported
    org.user(BO, body={"credentials": {"password": {"hash": hashed}}})
    assert signs_in(org, "Abcd1234") is may


def test_a_hash_that_cannot_be_computed_is_told(org: Login) -> None:
    """It is not taken for a wrong password."""
    hashed = {
        "algorithm": "BCRYPT",
        "workFactor": 10,
        "salt": "rwh3vH166HCH/NT9XV5FYu",
        "value": "qaMqvAPULkbiQzkTCWo5",
    }
    org.user(BO, body={"credentials": {"password": {"hash": hashed}}})
    assert "BCRYPT" in sign_in(org, "Abcd1234")[1]


def test_entering_the_password_is_following_the_link(org: Login) -> None:
    """The person is active then, as after choosing it on the page of the link."""
    bo = org.user(BO)
    assert signs_in(org, "sandbox-password", "bo")
    assert org("GET", f"/users/{bo['id']}")["status"] == "ACTIVE"
    assert org("GET", f"/users/{bo['id']}")["lastLogin"] == "2027-01-15T08:00:00.000Z"


def test_a_link_leads_to_a_page_that_takes_a_password_once(org: Login) -> None:
    """The vendor's policy holds there; a used link is of no use."""
    bo = org.user(BO)
    link = org.call("GET", "/_sandbox/state").json()["okta"]["mails"][0]["link"]

    assert "bo@acme.example" in org.browser("GET", link).text
    assert "requirements were not met" in org.browser("POST", link, password="short").text
    assert "My Apps" in org.browser("POST", link, password="Better-pass-1").text
    assert org("GET", f"/users/{bo['id']}")["status"] == "ACTIVE"
    assert org.browser("GET", link).status_code == 403
    assert signs_in(org, "Better-pass-1")


def test_a_newer_link_ends_the_one_before(org: Login) -> None:
    """An administrator who asks for the link gets one that nobody was mailed."""
    bo = org.user(BO, activate="false")
    first = org("POST", f"/users/{bo['id']}/lifecycle/activate", sendEmail="false")["activationUrl"]
    second = org("POST", f"/users/{bo['id']}/lifecycle/reactivate")["activationUrl"]

    assert not signs_in(org, "sandbox-password")
    assert org.browser("GET", first).status_code == 403
    assert "My Apps" in org.browser("POST", second, password="sandbox-password").text


@pytest.mark.parametrize("step", ["suspend", "deactivate"])
def test_whoever_is_stopped_neither_signs_in_nor_stays(org: Login, step: str) -> None:
    """A session ends with the user's status."""
    bo = org.user(BO, body={"credentials": {"password": {"value": "Abcd1234"}}})
    assert signs_in(org, "Abcd1234")
    org("POST", f"/users/{bo['id']}/lifecycle/{step}")
    assert "Sign In" in org.browser("GET", "/app/UserHome").text
    assert not signs_in(org, "Abcd1234")


def test_a_reset_password_is_chosen_anew(org: Login) -> None:
    """The old one is of no use until then; the link comes by mail or in the answer."""
    bo = org.user(BO, body={"credentials": {"password": {"value": "Abcd1234"}}})
    link = org("POST", f"/users/{bo['id']}/lifecycle/reset_password", sendEmail="false")["resetPasswordUrl"]
    assert org("GET", f"/users/{bo['id']}")["status"] == "RECOVERY"
    assert not signs_in(org, "Abcd1234")
    assert not signs_in(org, "sandbox-password")
    assert "My Apps" in org.browser("POST", link, password="Better-pass-1").text

    org("POST", f"/users/{bo['id']}/lifecycle/reset_password", sendEmail="true")
    assert signs_in(org, "sandbox-password")


def test_an_expired_password_is_replaced_on_the_way_in(org: Login) -> None:
    """And the person goes on to where he wanted."""
    org.user(BO, body={"credentials": {"password": {"value": "Abcd1234"}}}, nextLogin="changePassword")
    page = org.browser.sign_in(org.browser("GET", "/app/UserHome"), BO, "Abcd1234")
    assert "Reset your password" in page.text

    assert "My Apps" in org.browser("POST", str(page.url), password="Better-pass-1").text


def test_the_dashboard_shows_what_is_assigned(org: Login) -> None:
    """And nothing that is inactive or hidden."""
    org.user(BO)
    assert "No app is assigned" in sign_in(org, "sandbox-password")[1]
    assert "Twilio Flex" in sign_in(org, "Abcd1234", "ana")[1]
    org("POST", f"/apps/{org.flex['id']}/lifecycle/deactivate")
    assert "Twilio Flex" not in org.browser("GET", "/app/UserHome").text
