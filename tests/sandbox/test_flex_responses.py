"""Which SAML responses Flex takes, and with which code it refuses the others."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import replace
from typing import Any

import httpx
import pytest

from provisioner.sandbox import EmbeddedTransport
from provisioner.sandbox.flex import acs
from provisioner.sandbox.flex.refusal import NOT_VALID, RefusedError
from tests.saml import idp
from tests.saml.bad import BAD
from tests.saml.goods import goods
from tests.sandbox.flex_account import CALLBACK, Account, told
from tests.sandbox.noon import ORIGIN

ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
LEGACY = f"/flex/v1/Accounts/{ACCOUNT_SID}/saml2"


@pytest.fixture(scope="module")
def shared() -> Account:
    """An account that refuses, and so stays as it is."""
    return Account()


@pytest.mark.parametrize("make", [idp.good, idp.good_message_signed])
def test_a_good_response_gets_in(make: idp.Maker) -> None:
    """Signed as a whole, with or without a signature within."""
    account = Account()

    assert account.take(make(account.login(), idp.idp())).headers["location"] == "/flex/worker"
    assert account.worker["friendly_name"] == "ana@acme.example"


@pytest.mark.parametrize("name", ["several_values", "odd_names"])
def test_whatever_people_are_called_gets_in(account: Account, name: str) -> None:
    """Letters of all languages, quotes and ampersands arrive as they were sent."""
    login, document = goods(account.clock.now(), idp.idp())[name]
    assert account.take(document).status_code == 303

    worker = account.worker
    assert (worker["friendly_name"], worker["attributes"]["full_name"]) == (
        login.name_id,
        login.attributes["full_name"][0],
    )


@pytest.mark.parametrize("name", BAD)
def test_a_bad_response_is_refused(shared: Account, name: str) -> None:
    """Each of the battery ends with its own code, and leaves no worker behind."""
    code, reason = shared.refuses(BAD[name].make(shared.login(), idp.idp()))

    assert (code, bool(reason)) == (BAD[name].code, True)
    assert shared.visit.documents.count("worker") == 0


def test_an_assertion_gets_in_once(account: Account) -> None:
    """The same response, sent again, is refused although all of it still holds."""
    document = idp.good(account.login(), idp.idp())
    account.take(document)

    assert account.refuses(document)[0] == "70004"


def test_a_request_is_answered_once(account: Account) -> None:
    """What Flex asked it takes with the RelayState it sent, and the next answer to it is refused."""
    message, relay_state = asked(account)
    login = account.login(in_response_to=message)
    assert account.refuses(idp.good(login, idp.idp()))[0] == "70004"
    assert account.take(idp.good(login, idp.idp()), relay_state).status_code == 303

    again = replace(login, assertion_id="_another")
    assert "answered already" in account.refuses(idp.good(again, idp.idp()), relay_state)[1]


def test_a_refused_answer_leaves_the_request_open(account: Account) -> None:
    """After a mistake is mended, the same login may go on."""
    message, relay_state = asked(account)
    login = account.login(in_response_to=message)
    account.refuses(idp.good(replace(login, attributes={}), idp.idp()), relay_state)

    assert account.take(idp.good(login, idp.idp()), relay_state).status_code == 303


def test_a_request_grows_old(account: Account) -> None:
    """An answer that takes longer than an hour is none."""
    message, relay_state = asked(account)
    account.clock.advance(3601)
    login = account.login(in_response_to=message)

    assert "60 minutes" in account.refuses(idp.good(login, idp.idp()), relay_state)[1]


def test_the_identity_provider_may_begin_only_where_flex_knows_the_way_on() -> None:
    """Without a Default redirect URL, or with a RelayState, such a login lands nowhere."""
    account = Account(default_redirect_url="")
    code, reason = account.refuses(idp.good(account.login(), idp.idp()))
    assert (code, "Default redirect URL" in reason) == ("70251", True)

    account = Account()
    assert "leave it blank" in account.refuses(idp.good(account.login(), idp.idp()), "somewhere")[1]


def test_legacy_sso_has_addresses_of_its_own() -> None:
    """The account's SID makes ACS URL and audience; a response for them gets in there and nowhere else."""
    account = Account(connection_sid=ACCOUNT_SID)
    acs = f"https://iam.twilio.com/v1/Accounts/{ACCOUNT_SID}/saml2"
    login = account.login(acs=acs, audience=f"{acs}/metadata")
    document = idp.good(login, idp.idp())

    assert account.refuses(document)[0] == "70251"
    assert account.take(document, callback=LEGACY).status_code == 303
    assert account.refuses(idp.good(account.login(), idp.idp()), callback=LEGACY)[0] == "70004"


def test_a_new_key_is_named() -> None:
    """The most common cause of a signature that does not hold is told apart from the rest."""
    account = Account()
    other = idp.idp("idp.other.example")

    assert "Paste the certificate" in account.refuses(idp.good(account.login(), other))[1]


@pytest.mark.parametrize(
    "transform", ["http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/1999/REC-xpath-19991116"]
)
def test_no_signature_makes_the_library_toil(shared: Account, transform: str) -> None:
    """Transforms without number, or one that computes, are refused before any of them is carried out."""
    document = idp.good(shared.login(), idp.idp()).decode()
    more = f'<ds:Transform Algorithm="{transform}"/></ds:Transforms>'

    assert "transforms" in shared.refuses(document.replace("</ds:Transforms>", more).encode())[1]


@pytest.mark.parametrize(("end", "words"), [("+00:00", "in UTC"), ("", "schema")])
def test_what_the_library_cannot_read_is_told_in_other_words(shared: Account, end: str, words: str) -> None:
    """Its own are Twilio's half of the page."""
    document = idp.good(shared.login(), idp.idp()).decode()
    time = re.findall('NotOnOrAfter="([^"]*)Z"', document)[0]
    changed = document.replace(f"{time}Z", f"{time}{end}" if end else f"{time[:16]}Z")

    assert words in shared.refuses(changed.encode())[1]


def test_others_are_answered_while_a_response_is_checked(shared: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """One response, however slow, holds nobody up."""
    answered = threading.Event()

    def slow(*_: Any) -> None:
        raise RefusedError(NOT_VALID, "slow" if answered.wait(5) else "nobody was answered meanwhile")

    async def both() -> str:
        transport = EmbeddedTransport(shared.sandbox)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            posting = asyncio.create_task(client.post(CALLBACK, data={"SAMLResponse": "x"}))
            await asyncio.sleep(0)
            await client.get("/flex/")
            answered.set()
            return told(await posting)[1]

    monkeypatch.setattr(acs, "accept", slow)
    assert asyncio.run(both()) == "slow"


@pytest.mark.parametrize(
    "form", [{}, {"SAMLResponse": "%%%"}, {"SAMLResponse": ""}, {f"f{number}": "" for number in range(100)}]
)
def test_what_is_no_form_with_a_response_is_refused(shared: Account, form: dict[str, str]) -> None:
    """No field, no base64, nothing in it, far too many fields."""
    answer = shared.post("/flex/login/callback?connection=" + idp.JQ, form)

    assert (answer.status_code, 'data-code="70252"' in answer.text) == (400, True)


@pytest.fixture
def account() -> Account:
    return Account()


def asked(account: Account) -> tuple[str, str]:
    """Id and RelayState of a request that Flex sends now."""
    relay_state = account.asks()["RelayState"]
    (request,) = account.visit.documents.find("request")
    return str(request["id"]), relay_state
