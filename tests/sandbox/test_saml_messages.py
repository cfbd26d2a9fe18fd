"""SAML messages of the sandbox: requests as they are read, responses as they are signed and posted."""

import base64
import zlib

import pytest

from provisioner.sandbox.saml.authn_request import BadRequest, read, read_post
from provisioner.sandbox.saml.post_form import delivery

REQUEST = (
    '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2027-01-15T08:00:00Z"'
    ' AssertionConsumerServiceURL="https://sp.example/acs?connection=JQ1" ForceAuthn="true">'
    "<saml:Issuer>urn:<!-- not the end -->flex:JQ1</saml:Issuer>"
    '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/></samlp:AuthnRequest>'
)


def deflated(text: str) -> str:
    engine = zlib.compressobj(wbits=-15)
    return base64.b64encode(engine.compress(text.encode()) + engine.flush()).decode()


def names(count: int, prefix: str = "") -> str:
    """So many attributes, or declarations of namespaces."""
    return "".join(f' {prefix}a{number}="1"' for number in range(count))


def test_a_request_is_read_from_both_bindings() -> None:
    """Deflated in a redirect, plain in a form; a comment does not cut the issuer short."""
    request, relay_state = read({"SAMLRequest": deflated(REQUEST), "RelayState": "there"})
    posted, _ = read_post({"SAMLRequest": base64.b64encode(REQUEST.encode()).decode()})

    assert request == posted
    assert (request.id, request.issuer, relay_state) == ("_1", "urn:flex:JQ1", "there")
    assert request.acs_url == "https://sp.example/acs?connection=JQ1"
    assert (request.force_authn, request.is_passive, request.issued) == (True, False, 1_800_000_000.0)
    assert request.name_id_format == "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("not base64!", "base64"),
        (base64.b64encode(b"plain").decode(), "deflated"),
        (deflated(REQUEST)[:40], "deflated"),
        (deflated(" " * 2_000_000), "too long"),
        (deflated("<open>"), "well-formed"),
        (deflated('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "document type"),
        (deflated(REQUEST.replace("AuthnRequest", "LogoutRequest")), "no AuthnRequest"),
        (deflated(REQUEST.replace('Version="2.0"', 'Version="1.1"')), "version"),
        (deflated(REQUEST.replace('ID="_1"', 'ID="1"')), "ID"),
        (deflated(REQUEST.replace("2027-01-15T08:00:00Z", "today")), "IssueInstant"),
    ],
)
def test_what_is_no_request_is_refused_in_words(wrong: str, words: str) -> None:
    """Nothing is inflated or taken in without bound, no entity is resolved, and the message says what is wrong."""
    with pytest.raises(BadRequest, match=words):
        read({"SAMLRequest": wrong})


@pytest.mark.parametrize(
    "more",
    [
        f"<b{names(101)}/>",
        f"<b{names(51)}{names(50, 'xmlns:')}/>",
        f"<b{names(100)}/>" * 100,
        "<b/>" * 10_000,
    ],
    ids=["attributes", "namespaces", "in_all", "elements"],
)
def test_a_message_of_far_too_many_names_is_refused(more: str) -> None:
    """Libraries would take minutes over its signature."""
    with pytest.raises(BadRequest, match="too large"):
        read({"SAMLRequest": deflated(REQUEST.replace("<saml:Issuer>", f"{more}<saml:Issuer>"))})


@pytest.mark.parametrize(
    ("acs_url", "address"),
    [
        (
            f"https://login.flex.us1.twilio.com/login/callback?connection=JQ{'0a' * 16}",
            f"http://acme.localhost:8400/flex/login/callback?connection=JQ{'0a' * 16}",
        ),
        (
            f"https://iam.twilio.com/v1/Accounts/AC{'0a' * 16}/saml2",
            f"http://acme.localhost:8400/flex/v1/Accounts/AC{'0a' * 16}/saml2",
        ),
        ("https://login.flex.us1.twilio.com.evil.example/login/callback?connection=JQ1", None),
        ("https://sp.example/acs", None),
    ],
)
def test_only_twilios_addresses_are_played_by_the_sandbox(acs_url: str, address: str | None) -> None:
    """Every other service provider is posted to as it is."""
    assert delivery(acs_url, "http://acme.localhost:8400") == (address or acs_url)
