"""Login through the Okta sandbox: from a service provider's request, or from the dashboard, to a response."""

import base64
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from provisioner.sandbox.okta.certificates import Certified, certify
from provisioner.sandbox.saml.signature import Signer, placeholder
from tests.sandbox.okta_login import ACS, Browser, Login, Response, deflated
from tests.sandbox.okta_org import Json, saml

BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
EMAIL = {"type": "EXPRESSION", "name": "email", "namespace": BASIC, "values": ["user.email"]}


@pytest.fixture
def org() -> Login:
    return Login(attributeStatements=[EMAIL])


def test_a_good_login_satisfies_a_strict_service_provider(org: Login) -> None:
    """Signatures, issuer, audience, addresses, times and the id of the request, as python3-saml checks them."""
    response = org.log_in()

    assert response.problem() == ""
    assert response.action == ACS
    assert response.get("string(//@Destination)") == response.get("string(//@Recipient)") == ACS
    assert response.get("string(//saml:NameID)") == "ana@acme.example"
    assert response.values("email") == ["ana@acme.example"]


def test_both_signatures_are_by_the_key_in_use(org: Login) -> None:
    """A generated key signs nothing until a replacement of the app names it."""
    generated = org("POST", f"/apps/{org.flex['id']}/credentials/keys/generate", validityYears=2)
    before = org.metadata
    response = org.log_in()
    org("PUT", f"/apps/{org.flex['id']}", org.flex | {"credentials": {"signing": {"kid": generated["kid"]}}})
    after = Response(org, org.browser("GET", org.address))

    certificate = x509.load_der_x509_certificate(base64.b64decode(generated["x5c"][0]))
    verify(after, certificate)
    assert response.problem() != ""
    assert etree.tostring(before) != etree.tostring(org.metadata)


def verify(response: Response, certificate: x509.Certificate) -> None:
    config = SignatureConfiguration(location="./", verification_time=certificate.not_valid_after_utc)
    for element in (response.root, response.get("//saml:Assertion")[0]):
        XMLVerifier().verify(element, x509_cert=certificate, id_attribute="ID", expect_config=config)


@pytest.mark.parametrize(
    ("sign_on", "problem"),
    [
        ({"responseSigned": False}, ""),
        ({"assertionSigned": False}, ""),
        ({"signatureAlgorithm": "RSA_SHA1", "digestAlgorithm": "SHA1"}, ""),
        ({"audience": "urn:flex:JQ2"}, "not a valid audience"),
        ({"recipient": "https://other.example/acs"}, "SubjectConfirmation"),
        ({"destination": "https://other.example/acs"}, "instead of"),
    ],
)
def test_the_response_is_what_the_settings_say(sign_on: Json, problem: str) -> None:
    """What is signed and how, and for whom it is; a wrong setting gives a response that is refused elsewhere."""
    told = Login(**sign_on).log_in().problem()
    assert told == problem if not problem else problem in told


def test_an_assertion_holds_for_five_minutes_to_both_sides(org: Login) -> None:
    """No service provider takes it later."""
    response = org.log_in()
    assert response.get("string(//saml:Conditions/@NotBefore)") == "2027-01-15T07:55:00.000Z"
    org.clock.advance(299)
    assert response.problem() == ""
    org.clock.advance(2)
    assert "SubjectConfirmation" in response.problem()


def test_a_session_answers_the_next_request_by_itself(org: Login) -> None:
    """Until it rests for two hours, or somebody signs out."""
    org.log_in()
    assert Response(org, org.ask(ID="_2")).problem("_2") == ""
    org.clock.advance(2 * 60 * 60 + 1)
    assert "Sign In" in org.ask().text
    org.log_in()
    org.browser("GET", "/login/signout")
    assert "Sign In" in org.ask().text


def test_force_authn_asks_again_where_the_app_honours_it(org: Login) -> None:
    """And the person has to sign in anew, not only come by."""
    org.log_in()
    page = org.ask(ForceAuthn="true")
    assert "Signed in as ana@acme.example" in page.text
    assert "Sign In" in org.ask(ForceAuthn="true").text
    assert Response(org, org.browser.sign_in(page, "ana@acme.example", "Abcd1234")).problem() == ""

    careless = Login(honorForceAuthn=False)
    careless.log_in()
    assert Response(careless, careless.ask(ForceAuthn="true")).problem() == ""


def test_a_login_may_begin_at_the_dashboard(org: Login) -> None:
    """Then it answers no request, and carries the app's default relay state."""
    org = Login(defaultRelayState="there")
    home = org.browser.sign_in(org.browser("GET", "/app/UserHome"), "ana@acme.example", "Abcd1234")
    link = org.flex["_links"]["appLinks"][0]["href"]

    assert link.removeprefix("http://localhost:8400") in home.text
    response = Response(org, org.browser("GET", link))
    assert response.problem(None) == ""
    assert response.get("//@InResponseTo") == []
    assert response.fields["RelayState"] == "there"


def test_the_relay_state_comes_back(org: Login) -> None:
    """As it was sent, also over a sign-in."""
    page = org.browser.sign_in(org.ask(relay_state='a"&<b'), "ana@acme.example", "Abcd1234")
    assert Response(org, page).fields["RelayState"] == 'a"&<b'


def test_a_request_may_be_posted(org: Login) -> None:
    """It waits while the person signs in, and is answered once."""
    page = org.browser("POST", org.address, SAMLRequest=base64.b64encode(org.request().encode()).decode())
    goal = page.text.partition('name="fromURI" value="')[2].partition('"')[0]
    assert Response(org, org.browser.sign_in(page, "ana@acme.example", "Abcd1234")).problem() == ""
    assert org.browser("GET", goal).status_code == 400


def test_only_configured_addresses_get_a_response() -> None:
    """One that the app lists may be asked for by URL or index; any other is passed over."""
    other = "https://other.example/acs"
    org = Login(allowMultipleAcsEndpoints=True, acsEndpoints=[{"url": other, "index": 7}])
    org.log_in()

    assert Response(org, org.ask(AssertionConsumerServiceURL="https://evil.example/acs")).action == ACS
    assert Response(org, org.ask(AssertionConsumerServiceURL=other)).action == other
    asked = Response(org, org.ask(AssertionConsumerServiceIndex="7"))
    assert asked.get("string(//@Recipient)") == asked.get("string(//@Destination)") == other


def test_what_is_no_request_is_refused(org: Login) -> None:
    """With a page that says why."""
    page = org.browser("GET", f"{org.address}?SAMLRequest=nonsense")
    assert (page.status_code, "not deflated" in page.text) == (400, True)


def test_an_app_may_ask_for_signed_redirects() -> None:
    """Then an unsigned or forged one is refused."""
    made = certify("sp", 1_700_000_000, 1_900_000_000)
    org = Login(samlSignedRequestEnabled=True, spCertificate={"x5c": [base64.b64encode(made.certificate).decode()]})
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    query = str(httpx.QueryParams(SAMLRequest=deflated(org.request()), SigAlg=method))
    key: Any = serialization.load_pem_private_key(made.private_key.encode(), None)
    signed = base64.b64encode(key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    good = f"{org.address}?{query}&{httpx.QueryParams(Signature=signed)}"

    assert "Sign In" in org.browser("GET", good).text
    assert org.browser("GET", good.replace("SAMLRequest=", "SAMLRequest=%20")).status_code == 400
    assert org.ask().status_code == 400


def test_an_app_may_ask_for_signed_posts() -> None:
    """The signature must hold, cover the whole request, and be of the certificate that the app has."""
    made, other = certify("sp", 1_700_000_000, 1_900_000_000), certify("other", 1_700_000_000, 1_900_000_000)
    org = Login(samlSignedRequestEnabled=True, spCertificate={"x5c": [base64.b64encode(made.certificate).decode()]})
    request = etree.fromstring(org.request(ProviderName="Twilio"))
    request.insert(1, placeholder())

    def status(signer: Certified, *, tampered: bool = False) -> int:
        signed = etree.tostring(Signer(signer.private_key, signer.certificate).sign(request))
        sent = signed.replace(b"Twilio", b"Evil") if tampered else signed
        return org.browser("POST", org.address, SAMLRequest=base64.b64encode(sent).decode()).status_code

    assert [status(made), status(made, tampered=True), status(other)] == [200, 400, 400]
    unsigned = base64.b64encode(org.request().encode()).decode()
    assert org.browser("POST", org.address, SAMLRequest=unsigned).status_code == 400


def test_whoever_is_not_assigned_is_told_so(org: Login) -> None:
    """Directly or through a group makes no difference."""
    org.user("bo@acme.example", body={"credentials": {"password": {"value": "Abcd1234"}}})
    page = org.browser.sign_in(org.ask(), "bo@acme.example", "Abcd1234")
    assert page.status_code == 403
    assert "access Twilio Flex because you are not assigned this app in Okta" in page.text

    group, bo = org.group(), org("GET", "/users/bo@acme.example")
    org("PUT", f"/groups/{group['id']}/users/{bo['id']}")
    org("PUT", f"/apps/{org.flex['id']}/groups/{group['id']}")
    assert Response(org, org.ask()).get("string(//saml:NameID)") == "bo@acme.example"


def test_an_app_may_send_the_unassigned_to_a_page_of_its_own(org: Login) -> None:
    """In place of the org's."""
    org("PUT", f"/apps/{org.flex['id']}", org.flex | {"accessibility": {"errorRedirectUrl": "https://acme.example/no"}})
    org.user("bo@acme.example", body={"credentials": {"password": {"value": "Abcd1234"}}})
    org.browser.sign_in(org.browser("GET", "/app/UserHome"), "bo@acme.example", "Abcd1234")
    assert org.browse("GET", org.address, {}, org.browser.cookies).headers["location"] == "https://acme.example/no"


@pytest.mark.parametrize("address", ["/app/x/exk1/sso/saml", "/app/nothing", "/home/x/0oa1/aln1", "/welcome/"])
def test_an_address_that_leads_nowhere_has_a_page(org: Login, address: str) -> None:
    """404 in HTML, not the error of the API."""
    page = org.browser("GET", address)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_an_inactive_app_signs_nobody_on(org: Login) -> None:
    """Its address stays, and says what is wrong."""
    address = org.address
    org("POST", f"/apps/{org.flex['id']}/lifecycle/deactivate")
    assert "inactive" in org.browser("GET", address).text


def test_the_page_escapes_what_others_wrote(org: Login) -> None:
    """A label, a relay state or a goal with markup in it stays text; and nobody is sent elsewhere."""
    org = Login()
    org("PUT", f"/apps/{org.flex['id']}", saml(ssoAcsUrl=ACS) | {"label": "<b>Flex</b>"})
    org.log_in()
    assert "<b>Flex" not in org.browser("GET", "/app/UserHome").text
    page = Browser(org)("GET", '/login/login.htm?fromURI=//evil.example/"><b>')
    assert "evil.example" not in page.text


def test_a_session_is_limited_where_the_app_says_so() -> None:
    """SessionNotOnOrAfter follows the app's session lifetime, and is not sent otherwise."""
    path = "string(//@SessionNotOnOrAfter)"
    assert Login().log_in().get(path) == ""
    assert Login(samlAssertionLifetimeSeconds=3600).log_in().get(path) == "2027-01-15T09:00:00.000Z"
