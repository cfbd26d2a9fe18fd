"""The Console's form for single sign-on: what it saves, what it refuses, and how it is filled in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.sandbox.flex import PART
from tests.saml import idp
from tests.sandbox.flex_account import FORM, Account

VALUES: dict[str, Any] = {
    "certificate_pem": idp.idp().pem,
    "certificate_sha256": "00",
    "next_certificate_pem": None,
    "issuer": idp.ISSUER,
    "sso_url": "https://idp.acme.example/other",
    "acs_url": idp.ACS,
    "audience": idp.AUDIENCE,
    "friendly_name": "Acme values",
    "default_redirect_url": None,
    "trusted_urls": ["https://acme.example"],
    "login_popup": True,
}


@pytest.fixture
def account() -> Account:
    return Account()


def connection(account: Account) -> dict[str, Any]:
    (held,) = PART.state(account.visit)["connections"]
    return dict(held)


def test_the_form_is_kept_with_the_addresses_of_its_sid(account: Account) -> None:
    """ACS URL and audience are never typed."""
    held = connection(account)

    assert (held["acs_url"], held["audience"]) == (idp.ACS, idp.AUDIENCE)
    assert (held["login_popup"], held["trusted_urls"]) == (False, [])
    assert idp.ACS in account.get("/flex/console").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("connection_sid", "JQxxxx", "32 digits"),
        ("connection_sid", idp.JQ.upper(), "32 digits"),
        ("certificate_pem", "", "BEGIN"),
        ("certificate_pem", "MIIC", "BEGIN"),
        ("certificate_pem", idp.idp().pem * 2, "One certificate"),
        ("certificate_pem", idp.idp().pem.replace("M", "N", 9), "pasted whole"),
        ("certificate_pem", "-----BEGIN RSA PRIVATE KEY-----", "private key"),
        ("issuer", " ", "missing"),
        ("sso_url", "", "URL"),
        ("sso_url", "idp.acme.example/sso", "URL"),
        ("sso_url", "http://idp.acme.example/sso", "https"),
        ("sso_url", "https://idp.acme.example/app/exk1/sso/saml/metadata", "style information"),
        ("default_redirect_url", "flex.twilio.com", "URL"),
        ("trusted_urls", "https://*.acme.example", "wildcards"),
        ("trusted_urls", "https://a.example\nb.example", "URL"),
    ],
)
def test_a_bad_entry_is_refused_with_words(account: Account, field: str, value: str, words: str) -> None:
    """Nothing is saved, the page says what is wrong, and keeps what was typed."""
    before = connection(account)
    answer = account.post("/flex/console", FORM | {"friendly_name": "Changed", field: value})

    assert (answer.status_code, "70251" in answer.text, words in answer.text) == (400, True, True)
    assert 'value="Changed"' in answer.text
    assert connection(account) == before


@pytest.mark.parametrize("wrapped", [False, True])
def test_values_are_pasted_as_json(account: Account, wrapped: bool) -> None:
    """As `outputs` prints them, or within what `apply` prints; the SID is read from the ACS URL."""
    pasted = {"outputs": VALUES} if wrapped else VALUES
    assert account.post("/flex/console", {"values": json.dumps(pasted)}).status_code == 303

    held = connection(account)
    assert (held["sid"], held["login_popup"], held["default_redirect_url"]) == (idp.JQ, True, "")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("{", "no JSON"),
        ("[]", "no Flex values"),
        (json.dumps({**VALUES, "audience": "urn:flex:JQ1"}), "audience"),
        (json.dumps({**VALUES, "acs_url": idp.ACS + "&x=1"}), "acs_url"),
        (json.dumps({**VALUES, "trusted_urls": "https://a.example"}), "list"),
        (json.dumps({**VALUES, "issuer": 7}), "text"),
    ],
)
def test_json_that_holds_no_flex_values_is_refused(account: Account, values: str, words: str) -> None:
    """Addresses that do not belong to the SID would let nobody in, so they are not overlooked."""
    answer = account.post("/flex/console", {"values": values})

    assert (answer.status_code, words in answer.text) == (400, True)


def test_the_clipboard_fills_the_form_with_one_click(account: Account) -> None:
    """What a program left for this tenant has a button; a name that is not there has nothing to load."""
    item = {"name": "acme-okta", "values": VALUES}
    account._client("PUT", "/_sandbox/clipboard", json=item)

    assert 'name="load" value="acme-okta"' in account.get("/flex/console").text
    assert account.post("/flex/console", {"load": "acme-okta"}).status_code == 303
    assert connection(account)["friendly_name"] == "Acme values"
    assert account.post("/flex/console", {"load": "other"}).status_code == 400


def test_the_sandbox_s_home_leads_here(account: Account) -> None:
    """To the Console, to the login, and to the workers."""
    home = account.get("/").text

    assert all(f'href="{path}"' in home for path in ("/flex/console", "/flex/", "/flex/workers"))


def test_what_was_pasted_is_text(account: Account) -> None:
    """Every page that shows the connection escapes it."""
    account.post("/flex/console", FORM | {"friendly_name": "<script>x", "sso_url": "https://a.example/<script>"})

    for path in ("/flex/console", "/flex/", "/"):
        assert "<script>x" not in account.get(path).text
        assert "/<script>" not in account.get(path).text
