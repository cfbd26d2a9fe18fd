"""What people capture, and what attackers would like them to: found, or refused in words."""

from __future__ import annotations

import base64
import json
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from provisioner.adapters.auth0 import action_code
from provisioner.errors import ProvisionerError
from provisioner.flex.response.capture import Capture, find
from provisioner.flex.response.document import parse
from provisioner.flex.response.redact import cover_of, redacted
from tests.saml.idp import ACS, ATTRIBUTES, SAMLP, Login, add, form_value, good, idp, response, sign, xml
from tests.saml.idp import find as element

# A question mark and an umlaut among it, so that there are plus signs and slashes in the base64.
DOCUMENT = good(Login(1_800_000_000.0, name_id="ana>>>???üü@acme.example"), idp())
BASE64 = form_value(DOCUMENT)
POSTED = "2027-01-15T09:00:01.250+01:00"


# Of the largest memory use: bytes on one system, kilobytes on the others.
UNIT = 1024 if sys.platform == "darwin" else 1


def deflated(document: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(document) + packer.flush()).decode()


def har(*posts: dict[str, Any]) -> str:
    """As browsers save it: entries with and without a body."""
    pages = [{"startedDateTime": POSTED, "request": {"method": "GET", "url": "https://acme.example/"}}]
    logins = [{"startedDateTime": POSTED, "request": {"method": "POST", "url": ACS, "postData": p}} for p in posts]
    return json.dumps({"log": {"version": "1.2", "entries": [*pages, *logins]}})


def tracer(value: str) -> str:
    """As SAML-tracer exports it; it can be told to mask what was posted."""
    request = {"method": "POST", "url": ACS, "post": [["RelayState", ""], ["SAMLResponse", value]]}
    return json.dumps({"requests": [request | {"saml": DOCUMENT.decode()}], "timestamp": "2027-01-15T08:00:05Z"})


CAPTURES = {
    "base64": BASE64,
    "base64 in lines": "\n".join(BASE64[at : at + 76] for at in range(0, len(BASE64), 76)),
    "base64, URL-encoded": quote(BASE64, safe=""),
    "a form body": urlencode({"RelayState": "x", "SAMLResponse": BASE64}),
    "a form body with bare plus signs": f"SAMLResponse={BASE64}&RelayState=",
    "a copied command": f"curl '{ACS}' --data-raw 'SAMLResponse={quote(BASE64, safe='')}&RelayState=x'",
    "an address": f"{ACS}&SAMLResponse={quote(deflated(DOCUMENT), safe='')}&RelayState=x",
    "XML": DOCUMENT.decode(),
    "XML of another encoding": f'<?xml version="1.0" encoding="UTF-16"?>\n{DOCUMENT.decode()}',
    "XML after a mark": "\ufeff" + DOCUMENT.decode(),
    "a HAR with text": har({"text": urlencode({"SAMLResponse": BASE64})}),
    "a HAR with parameters": har({"params": [{"name": "SAMLResponse", "value": quote(BASE64, safe="")}]}),
    "a HAR with several": har({"text": "SAMLResponse=PGE+"}, {"params": [{"name": "SAMLResponse", "value": BASE64}]}),
    "SAML-tracer": tracer(BASE64),
    "SAML-tracer, masked": tracer("*****"),
    "blanks for plus signs": BASE64.replace("+", " "),
    "base64 for addresses": base64.urlsafe_b64encode(DOCUMENT).decode().rstrip("="),
    "JSON with the field": json.dumps({"SAMLResponse": BASE64}),
    "a page with the form": f'<form><input type="hidden" name="SAMLResponse" value="{BASE64.replace("+", "&#x2b;")}"/>',
    "a page with the form, the other way round": f"<html><INPUT value='{BASE64}' name=SAMLResponse>",
}


@pytest.mark.parametrize("text", CAPTURES.values(), ids=CAPTURES)
def test_every_form_of_capture_is_read(text: str) -> None:
    """The same document comes out, byte for byte: a signature takes no less."""
    assert find(text.encode()).xml == DOCUMENT


def test_a_file_in_utf_16_is_read() -> None:
    """Some shells write so what is piped into a file."""
    assert find(BASE64.encode("utf-16")).xml == DOCUMENT


def test_of_several_responses_the_last_is_taken() -> None:
    """It says which one, where it went and when: what was captured with a login of another kind may lie before it."""
    found = find(CAPTURES["a HAR with several"].encode())
    posted = datetime(2027, 1, 15, 8, 0, 1, 250_000, tzinfo=UTC)
    assert found == Capture(DOCUMENT, ACS, posted, 1)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ana:secret@acme.example/acs?token=secret#secret", "https://acme.example/acs"),
        ("http://[::1]:8400/acs?token=secret&connection=JQ1", "http://[::1]:8400/acs?connection=JQ1"),
        ("https://acme.example:port/", ""),
        ("https://[acme/", ""),
        (None, ""),
    ],
)
def test_an_address_is_shown_without_secrets(url: object, shown: str) -> None:
    """Whatever a HAR has in it."""
    entry = {"request": {"url": url, "postData": {"text": f"SAMLResponse={quote(BASE64)}"}}}
    assert find(json.dumps({"log": {"entries": [entry]}}).encode()).posted_to == shown


USELESS = {
    "nothing": (b"  \n", "it is empty"),
    "words": (b"sorry, try again", "neither XML nor base64"),
    "base64 of words": (base64.b64encode(b"sorry, try again"), "holds no XML"),
    "bytes": (bytes(range(256)), "it is not text"),
    "half a JSON": (b'{"log": ', "begins like JSON"),
    "JSON of another kind": (b'{"log": {"entries": {}}, "requests": [1, {"post": [["a"]]}]}', "no SAMLResponse"),
    "a HAR without login": (har().encode(), "no SAMLResponse in it. start the capture before"),
    "a HAR without what was posted": (
        json.dumps({"log": {"entries": [{"request": {"method": "POST", "url": ACS}}]}}).encode(),
        "no SAMLResponse in it. the browser left out what was posted",
    ),
    "a web page": (b"<!DOCTYPE html><html></html>", "it is a web page"),
    "a page without type": (b"<HTML></HTML>", "it is a web page"),
}


@pytest.mark.parametrize(("content", "words"), USELESS.values(), ids=USELESS)
def test_what_holds_no_response_is_refused_in_words(content: bytes, words: str) -> None:
    """People capture the wrong thing; they are told what it is, and what it should be."""
    with pytest.raises(ProvisionerError) as caught:
        find(content)
    assert words in f"{caught.value.message}. {caught.value.hint}"
    assert caught.value.hint


@pytest.mark.parametrize("kept", [10, len(DOCUMENT) // 2, len(DOCUMENT) - 1])
@pytest.mark.parametrize("form", ["XML", "base64"])
def test_what_was_cut_off_is_told(kept: int, form: str) -> None:
    """It is no mistake of the identity provider's."""
    content = DOCUMENT[:kept] if form == "XML" else form_value(DOCUMENT)[: kept * 4 // 3].encode()
    with pytest.raises(ProvisionerError, match="it ends in the middle"):
        parse(find(content).xml)


def many_entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE r [<!ENTITY e0 "boom">{levels}]><r>&e11;</r>'.encode()


def within(hostile: bytes) -> bytes:
    """The response with this inside a claim."""
    return DOCUMENT.replace(b"</saml:AttributeValue>", hostile + b"</saml:AttributeValue>", 1)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "fifty megabytes": lambda: b"A" * 50_000_000,
    "a form of a million fields": lambda: b"SAMLResponse=&" * 1_000_000,
    "brackets without end": lambda: b"[" * 1_000_000,
    "a million lists": lambda: b"[" + b"[]," * 1_000_000 + b"[]]",
    "a hundred megabytes, deflated": lambda: deflated(b"<a>" + b"0" * 100_000_000).encode(),
    "entities that multiply": many_entities,
    "an entity that reads a file": lambda: b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><r>&f;</r>',
    "a document type elsewhere": lambda: b'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/r.dtd"><r/>',
    "elements within elements": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
    "elements without number": lambda: DOCUMENT.replace(b"<saml:Attribute ", b"<a/>" * 20_000 + b"<saml:Attribute ", 1),
    "attributes without number": lambda: within(b"<a " + b" ".join(b'a%d=""' % n for n in range(60_000)) + b"/>"),
    "attributes here and there": lambda: within(b'<a x="" y="" z="" xmlns:s="u"/>' * 9_000),
    "namespaces": lambda: within(b"<a " + b" ".join(b'xmlns:a%d="u"' % n for n in range(40_000)) + b"/>"),
    "listed prefixes": lambda: within(b'<a PrefixList="' + b"x " * 40 + b'"/>'),
    "claims without number": lambda: DOCUMENT.replace(
        b"<saml:Attribute ", b'<saml:Attribute Name="roles"/>' * 5_000 + b"<saml:Attribute ", 1
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_refused_at_once(make: Callable[[], bytes]) -> None:
    """It costs neither time nor memory, expands nothing and fetches nothing."""
    content = make()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(ProvisionerError, match="no SAML response can be read"):
        parse(find(content).xml)
    # A second where nothing else runs; what it keeps out took forty.
    assert time.process_time() - started < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000 * UNIT


def test_a_ticket_tells_nothing_of_the_person() -> None:
    """One value has one pseudonym; how the two sides are set up, and what was wrong, stays to be seen."""
    claims = ATTRIBUTES | {"manager": ["ana@acme.example"], "full_name": ["Ana Diaz"], "Roles": [" Admin"], "a": [""]}
    login = Login(1_800_000_000.0, name_id="auth0|65f0c0ffee", attributes=claims)
    told = redacted(good(login, idp()).replace(b"65f0", b"65<!-- Ana Diaz -->f0")).decode()
    for secret in ("Ana", "acme.example<", "65", "_s1", "c0ffee"):
        assert f">{secret}" not in told
    assert "Ana Diaz" not in told
    assert "ana@" not in told
    assert told.count("@example.invalid") == 2
    assert told.count("redacted-") >= 4
    assert ">agent,supervisor<" in told
    assert "> Admin<" in told
    assert "auth0|redacted-" in told
    assert f'Recipient="{ACS}"' in told
    assert parse(told.encode()).findtext(".//{*}SignatureValue") == "redacted"


NO_ROLE = "You have no role in Twilio Flex. Ask your administrator for one, then sign in again."


@pytest.mark.parametrize(("words", "told"), [(NO_ROLE, NO_ROLE), ("Ana Diaz is on leave", "redacted-1")])
def test_of_the_words_of_a_refusal_only_known_ones_stay_in_a_ticket(words: str, told: str) -> None:
    """Those of the Action that the plan deploys; others may tell whom they are about."""
    root = response(Login(1_800_000_000.0))
    add(element(root, "samlp:Status"), SAMLP, "StatusMessage", words)
    document = xml(sign(root, idp()))
    assert f">{told}</samlp:StatusMessage>".encode() in redacted(document)
    assert cover_of(document)(words) == told
    assert NO_ROLE in Path(action_code.__file__).read_text(encoding="utf-8")


def test_a_ticket_has_no_passwords_and_no_friendly_names() -> None:
    """Nothing hinders people from writing them."""
    login = Login(1_800_000_000.0, acs=ACS.replace("//", "//ana:secret@"))
    document = good(login, idp()).replace(b' Name="email"', b' FriendlyName="of Ana" Name="email"')
    told = redacted(document).decode()
    assert ("Ana" in told, "secret" in told, told.count("//redacted@")) == (False, False, 2)


def test_a_value_has_one_pseudonym_in_a_ticket_and_in_its_report() -> None:
    """So that the two can be read together; roles, white space and what stands for nothing stay in both."""
    cover = cover_of(DOCUMENT)
    assert cover("Ana Diaz").encode() in redacted(DOCUMENT)
    assert [cover(text) for text in ("agent, Admin", "null", "", " ", "true")] == [
        "agent, Admin",
        "null",
        "",
        " ",
        "true",
    ]
    assert re.fullmatch(r" redacted-\d+@example.invalid", cover(" ana@other.example"))
