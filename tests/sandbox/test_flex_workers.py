"""What Flex makes of a login: the request that begins it, and the worker that it ends with."""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

import pytest
from lxml import etree

from tests.saml import idp
from tests.sandbox.flex_account import CALLBACK, FORM, Account

ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"


@pytest.fixture
def account() -> Account:
    return Account()


def enter(account: Account, name_id: str = "ana@acme.example", /, **attributes: Any) -> dict[str, Any]:
    """The worker after a login with these attributes beside, or in place of, the needed ones."""
    login = account.login(name_id=name_id, attributes={**idp.ATTRIBUTES, **attributes})
    assert account.take(idp.good(login, idp.idp())).status_code == 303
    worker: dict[str, Any] = account.visit.documents.get("worker", name_id) or {}
    return worker


def document(query: dict[str, str]) -> etree._Element:
    return etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15))


def test_an_enhanced_login_asks_as_auth0_does(account: Account) -> None:
    """Real addresses, no demands; the SSO URL keeps its own query and the request stays unsigned."""
    query = account.asks()
    request = document(query)

    assert sorted(query) == ["RelayState", "SAMLRequest", "connection"]
    assert request.get("AssertionConsumerServiceURL") == idp.ACS
    assert request.get("Destination") == FORM["sso_url"]
    assert [etree.QName(child).localname for child in request] == ["Issuer"]
    assert request[0].text == idp.AUDIENCE


def test_a_legacy_login_asks_as_java_saml_does() -> None:
    """It wants an e-mail address as NameID and insists on a password."""
    request = document(Account(connection_sid=ACCOUNT_SID).asks())

    assert str(request.get("ID")).startswith("ONELOGIN_")
    assert [etree.QName(child).localname for child in request] == ["Issuer", "NameIDPolicy", "RequestedAuthnContext"]
    assert str(request[1].get("Format")).endswith("emailAddress")


def test_another_connection_cannot_be_asked_for(account: Account) -> None:
    """Nor may anyone log in before the form is filled in."""
    assert account.get(f"/flex/login?connection=JQ{'f' * 32}").status_code == 403
    account.sandbox.reset("localhost")
    assert "70251" in account.get("/flex/login").text


@pytest.mark.parametrize(
    ("roles", "known", "ignored"),
    [
        (["agent"], ["agent"], []),
        (["agent,supervisor"], ["agent", "supervisor"], []),
        (["agent, admin"], ["agent", "admin"], []),
        (["agent", "supervisor"], ["agent", "supervisor"], []),
        (["admin,wfo.data_analyst"], ["admin", "wfo.data_analyst"], []),
        (["agent,Admin,lead"], ["agent"], ["Admin", "lead"]),
        (["agent,agent"], ["agent"], []),
    ],
)
def test_roles_come_as_a_list_or_as_several_values(
    account: Account, roles: list[str], known: list[str], ignored: list[str]
) -> None:
    """A blank behind a comma is fine; roles that Flex does not know count for nothing beside one that it knows."""
    worker = enter(account, roles=roles)

    assert (worker["roles"], worker["ignored_roles"]) == (known, ignored)
    assert worker["attributes"]["roles"] == known


def test_types_stand_at_the_end_of_names(account: Account) -> None:
    """Whatever has none is a string, channels have types by their names; what is in a namespace does not arrive."""
    typed = {
        "level.int": ["7"],
        "senior.boolean": ["true"],
        "skills.stringarray": ["chat,voice"],
        "levels.intarray": ["1", "2"],
        "flags.booleanarray": ["true,false"],
        "note.string": ["1"],
        "team": ["7"],
        "channel.voice.capacity": ["2"],
        "channel.voice.availability": ["false"],
        "http://schemas.example/dept": ["Sales"],
    }
    attributes = enter(account, **typed)["attributes"]

    assert {name: attributes[name] for name in ("level", "senior", "skills", "levels", "flags", "note", "team")} == {
        "level": 7,
        "senior": True,
        "skills": ["chat", "voice"],
        "levels": [1, 2],
        "flags": [True, False],
        "note": "1",
        "team": "7",
    }
    assert (attributes["channel.voice.capacity"], attributes["channel.voice.availability"]) == (2, False)
    assert not [name for name in attributes if "dept" in name]


def test_each_login_overwrites_what_it_names(account: Account) -> None:
    """An attribute that is left out stays, one that comes empty is cleared, another NameID is another worker."""
    enter(account, **{"team": ["7"], "location": ["Rome"], "level.int": ["7"], "channel.voice.capacity": ["2"]})
    cleared = {"team": [""], "level.int": [""], "channel.voice.capacity": [""]}
    worker = enter(account, **cleared, full_name=["Ana Other"])

    assert worker["attributes"]["full_name"] == "Ana Other"
    assert worker["attributes"]["location"] == "Rome"
    assert not {"team", "level", "channel.voice.capacity"} & set(worker["attributes"])
    enter(account, "auth0|ana")
    assert account.visit.documents.count("worker") == 2


def test_the_identity_escapes_all_but_letters_and_digits(account: Account) -> None:
    """As seen in Twilio's samples, where `@` is _40 and `.` is _2E."""
    worker = enter(account, "ana.diaz@acme.example")

    assert worker["identity"] == "ana_2Ediaz_40acme_2Eexample"
    assert worker["attributes"]["contact_uri"] == "client:ana_2Ediaz_40acme_2Eexample"


def test_the_worker_page_is_for_who_is_signed_in(account: Account) -> None:
    """The cookie is out of scripts' reach, and of no use after signing out."""
    answer = account.take(idp.good(account.login(), idp.idp()))
    cookie = answer.headers["set-cookie"]
    headers = {"cookie": cookie.split(";")[0]}
    page = account.get("/flex/worker", headers=headers).text

    assert {"HttpOnly", "SameSite=lax", "Path=/flex"} <= set(cookie.split("; "))
    assert all(each in page for each in ("Ana Diaz", "ana@acme.example", "agent, supervisor", "ana_40acme_2Eexample"))
    assert account.get("/flex/worker").headers["location"] == "/flex/"
    account._client("POST", "/flex/sign-out", headers=headers)
    assert account.get("/flex/worker", headers=headers).headers["location"] == "/flex/"


@pytest.mark.parametrize(
    ("url", "tag"),
    [("data:image/png;base64,AA==", "img src"), ("https://a.example/p.png", "a href"), ("javascript:alert(1)", None)],
)
def test_a_picture_from_elsewhere_waits_for_a_click(account: Account, url: str, tag: str | None) -> None:
    """No stranger is told of a login; the address is text of the identity provider's, as everything else there is."""
    login = account.login(attributes={**idp.ATTRIBUTES, "image_url": [url], "full_name": ["<b>Ana"]})
    cookie = account.take(idp.good(login, idp.idp())).headers["set-cookie"].split(";")[0]
    page = account.get("/flex/worker", headers={"cookie": cookie})

    assert re.findall(f'<([^<>]*)="{re.escape(url)}"', page.text) == ([tag] if tag else [])
    assert "<b>Ana" not in page.text
    assert "img-src data:;" in page.headers["content-security-policy"]


def test_all_workers_are_listed_and_stand_in_the_state(account: Account) -> None:
    """A tenant's reset forgets them."""
    enter(account)
    assert "Ana Diaz" in account.get("/flex/workers").text
    state = account.get("/_sandbox/state").json()["flex"]
    assert [worker["friendly_name"] for worker in state["workers"]] == ["ana@acme.example"]

    account.sandbox.reset("localhost")
    assert "Nobody" in account.get("/flex/workers").text


def test_a_popup_is_opened_only_where_the_form_says_so(account: Account) -> None:
    """The button is a link all the same, which works without a script."""
    assert "window.open" not in account.get("/flex/").text
    account.post("/flex/console", FORM | {"login_popup": "on"})
    page = account.get("/flex/").text

    assert "window.open" in page
    assert f'href="/flex/login?connection={idp.JQ}"' in page


def test_a_response_is_posted_and_not_fetched(account: Account) -> None:
    """Whoever opens the address is told so."""
    assert "HTTP-POST" in account.get(CALLBACK).text
