"""The SAML responses of an Auth0 tenant: what the add-on's settings make of them, and who accepts them."""

import base64
from typing import Any

import pytest
from cryptography import x509
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from provisioner.sandbox.auth0 import keys
from tests.sandbox.auth0_login import (
    ACS,
    AUDIENCE,
    FLEX,
    NAMES,
    Browser,
    attributes,
    encoded,
    error,
    flex_client,
    login_query,
    text,
)
from tests.sandbox.auth0_tenant import Tenant
from tests.sandbox.conftest import NOON

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
OWN = "http://schemas.auth0.com"
ISSUER = "urn:localhost:8400"
UNWRITTEN = "invalid_request: the SAML response cannot be written: "
UNNAMED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


@pytest.fixture
def browser() -> Browser:
    tenant = Tenant()
    tenant.user(app_metadata={"department": "Sales"}, user_metadata={"colour": "blue"}, given_name="Ana")
    return Browser(tenant)


def certificate(tenant: Tenant) -> x509.Certificate:
    return keys.certificate(keys.current(tenant.visit))


def signed_part(root: etree._Element, tenant: Tenant, sha: str) -> str:
    """The name of the element that the one signature covers, once it was found good."""
    config = SignatureConfiguration(
        signature_methods=frozenset({SignatureMethod[f"RSA_{sha}"]}),
        digest_algorithms=frozenset({DigestAlgorithm[sha]}),
        expect_references=1,
        verification_time=certificate(tenant).not_valid_before_utc,
    )
    found = XMLVerifier().verify(root, x509_cert=certificate(tenant), id_attribute="ID", expect_config=config)
    assert not isinstance(found, list)
    assert found.signed_xml is not None
    return etree.QName(found.signed_xml).localname


def test_an_empty_add_on_means_the_documented_defaults(browser: Browser) -> None:
    """SHA-1 over the assertion alone, the user's id as NameID, the request's issuer as audience, for an hour."""
    root = browser.sign_in(flex_client(browser.tenant), **login_query())

    assert signed_part(root, browser.tenant, "SHA1") == "Assertion"
    assert text(root, ".//a:NameID").startswith("auth0|")
    assert text(root, ".//a:NameID/@Format") == UNNAMED
    assert text(root, ".//a:Audience") == AUDIENCE
    assert text(root, ".//a:SubjectConfirmationData/@Recipient") == root.get("Destination") == ACS
    assert text(root, ".//a:Conditions/@NotOnOrAfter") == "2027-01-15T09:00:00.000Z"
    assert text(root, ".//a:AuthnContextClassRef").endswith(":ac:classes:unspecified")


def test_an_empty_add_on_says_the_whole_profile(browser: Browser) -> None:
    """All but the user's own metadata, typed, in the order of public responses."""
    client = flex_client(browser.tenant)

    said = attributes(browser.sign_in(client))

    assert list(said) == [
        *(f"{CLAIMS}/{name}" for name in ("nameidentifier", "emailaddress", "name", "givenname", "upn")),
        *(f"{OWN}/identities/default/{name}" for name in ("connection", "provider", "isSocial")),
        *(f"{OWN}/{name}" for name in ("clientID", "created_at", "department", "email_verified", "nickname")),
        *(f"{OWN}/{name}" for name in ("picture", "updated_at")),
    ]
    assert said[f"{CLAIMS}/upn"] == [("ana@acme.example", "xs:string")]
    assert said[f"{OWN}/clientID"] == [(client["client_id"], "xs:string")]
    assert said[f"{OWN}/email_verified"] == [("false", "xs:boolean")]
    date = "Fri Jan 15 2027 08:00:00 GMT+0000 (Coordinated Universal Time)"
    assert said[f"{OWN}/created_at"] == [(date, "xs:anyType")]


def test_the_profile_can_be_kept_back(browser: Browser) -> None:
    """What an Action sets is said all the same, with name formats and types as their values have them."""
    code = """exports.onExecutePostLogin = async (event, api) => {
      for (const [name, value] of [["roles", "agent"], ["channel.voice.capacity", 2], ["on call", true], ["none", []]])
        api.samlResponse.setAttribute(name, value);
    };"""
    browser.tenant.bind(browser.tenant.action(code=code))
    shut = dict.fromkeys(("createUpnClaim", "mapIdentities", "passthroughClaimsWithNoMapping"), False)

    root = browser.sign_in(flex_client(browser.tenant, **shut))

    said = attributes(root)
    assert list(said)[:4] == [f"{CLAIMS}/{name}" for name in ("nameidentifier", "emailaddress", "name", "givenname")]
    assert {name: said[name] for name in list(said)[4:]} == {
        "roles": [("agent", "xs:string")],
        "channel.voice.capacity": [("2", "xs:double")],
        "on call": [("true", "xs:boolean")],
    }
    assert text(root, ".//a:Attribute[@Name='roles']/@NameFormat").endswith(":basic")
    assert text(root, ".//a:Attribute[@Name='on call']/@NameFormat").endswith(":unspecified")


def test_mappings_rename_and_unknown_claims_may_keep_their_names(browser: Browser) -> None:
    """One field may go to several claims; types and formats can be left out."""
    mappings = {"email": "email", "department": ["dept", "unit"]}
    plain = {"mapUnknownClaimsAsIs": True, "typedAttributes": False, "includeAttributeNameFormat": False}

    root = browser.sign_in(flex_client(browser.tenant, mappings=mappings, **plain))

    said = attributes(root)
    assert said["email"] == [("ana@acme.example", "xs:anyType")]
    assert said["dept"] == said["unit"] == [("Sales", "xs:anyType")]
    assert "nickname" in said
    assert f"{CLAIMS}/emailaddress" not in said
    assert root.find(".//a:Attribute[@NameFormat]", NAMES) is None


def test_every_setting_of_the_add_on_shows(browser: Browser) -> None:
    """Who, to whom, where and how long."""
    settings: dict[str, Any] = {
        "issuer": "urn:acme",
        "audience": "urn:flex",
        "recipient": "https://r.example",
        "destination": "https://d.example",
        "lifetimeInSeconds": 60,
        "nameIdentifierFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "nameIdentifierProbes": ["upn", f"{CLAIMS}/emailaddress"],
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    }
    root = browser.sign_in(flex_client(browser.tenant, **settings))

    shown = {
        "issuer": text(root, "a:Issuer"),
        "audience": text(root, ".//a:Audience"),
        "recipient": text(root, ".//a:SubjectConfirmationData/@Recipient"),
        "destination": root.get("Destination"),
        "nameIdentifierFormat": text(root, ".//a:NameID/@Format"),
        "authnContextClassRef": text(root, ".//a:AuthnContextClassRef"),
    }
    assert shown == {name: settings[name] for name in shown}
    assert text(root, ".//a:NameID") == "ana@acme.example"
    assert text(root, ".//a:Conditions/@NotOnOrAfter") == "2027-01-15T08:01:00.000Z"


@pytest.mark.parametrize(
    ("addon", "words"),
    [
        (
            {"nameIdentifierProbes": ["employee"]},
            "invalid_subject: No attribute was found to generate the nameIdentifier. We tried with: employee",
        ),
        (
            {"signatureAlgorithm": "rsa-sha512"},
            "invalid_request: signatureAlgorithm is 'rsa-sha512', which is none of rsa-sha1 and rsa-sha256",
        ),
        ({"typedAttributes": "yes"}, "invalid_request: typedAttributes is 'yes'"),
        ({"mappings": {"email": 5}}, "invalid_request: mappings and nameIdentifierProbes must name claims"),
        ({"recipient": "a\x00"}, f"{UNWRITTEN}Recipient would hold the character U+0000, for which XML has no place."),
        ({"lifetimeInSeconds": 10**20}, f"{UNWRITTEN}It would hold beyond the year 9999."),
        ({"encryptionCert": "x"}, "not_played: this sandbox does not encrypt assertions"),
    ],
)
def test_settings_that_cannot_be_carried_out_end_the_login(browser: Browser, addon: dict[str, Any], words: str) -> None:
    """The API takes them; the login shows an error page."""
    browser.open(flex_client(browser.tenant, **addon))

    assert error(browser.enter()) == words


def test_sign_response_signs_the_response_instead_and_python3_saml_accepts_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flex wants messages signed; the metadata's certificate is the one that signs."""
    tenant = browser.tenant
    client = flex_client(tenant, audience=AUDIENCE, **FLEX)
    browser.open(client, **login_query())
    answer = encoded(browser.enter())
    assert signed_part(etree.fromstring(base64.b64decode(answer)), tenant, "SHA256") == "Response"

    metadata = etree.fromstring(tenant.bare("GET", f"/samlp/metadata/{client['client_id']}").content)
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": AUDIENCE, "assertionConsumerService": {"url": ACS}},
            "idp": {
                "entityId": metadata.get("entityID"),
                "singleSignOnService": {"url": "https://idp.example"},
                "x509cert": text(metadata, ".//ds:X509Certificate"),
            },
            "security": {"wantMessagesSigned": True, "rejectDeprecatedAlgorithm": True},
        }
    )
    monkeypatch.setattr(OneLogin_Saml2_Utils, "now", lambda: int(NOON))
    received = OneLogin_Saml2_Response(settings, answer)
    request = {
        "https": "on",
        "http_host": "login.flex.us1.twilio.com",
        "script_name": "/login/callback",
        "get_data": {},
        "post_data": {"SAMLResponse": answer},
    }
    assert received.is_valid(request, request_id="_request"), received.get_error()
    assert received.get_issuers() == [ISSUER]


def test_an_action_may_sign_with_a_key_of_its_own(browser: Browser) -> None:
    """Certificate and key must come together."""
    tenant = browser.tenant
    other = next(key for key in keys.of(tenant.visit) if key.get("next"))
    secrets = [{"name": "CERT", "value": other["cert"]}, {"name": "KEY", "value": other["private"]}]
    code = """exports.onExecutePostLogin = async (event, api) => {
      if (event.client.name !== "Half") api.samlResponse.setCert(event.secrets.CERT);
      api.samlResponse.setKey(event.secrets.KEY);
    };"""
    tenant.bind(tenant.action(code=code, secrets=secrets))

    root = browser.sign_in(flex_client(tenant))

    assert "".join(text(root, ".//ds:X509Certificate").split()) in "".join(other["cert"].split())
    half = tenant.client(name="Half", callbacks=[ACS], addons={"samlp": {}})
    assert "must both be specified" in error(browser.open(half))
