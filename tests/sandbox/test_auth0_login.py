"""Logins at an Auth0 tenant: who may begin one, what the bound Actions make of it, and what refuses it."""

import base64
import zlib

import pytest

from provisioner.sandbox.auth0 import connections
from tests.sandbox.auth0_login import (
    ACS,
    FLEX,
    Browser,
    attributes,
    error,
    flex_client,
    login_query,
    posted,
    request,
    text,
)
from tests.sandbox.auth0_tenant import PASSWORD, Tenant

STATUS = "p:Status/p:StatusCode/@Value"
WORDS = "p:Status/p:StatusMessage"


def action(statements: str) -> str:
    return f"exports.onExecutePostLogin = async (event, api) => {{ {statements} }};"


@pytest.fixture
def tenant() -> Tenant:
    tenant = Tenant()
    tenant.user(app_metadata={"flex": {"roles": ["agent", "admin"]}}, name="Ana Soto")
    return tenant


@pytest.fixture
def browser(tenant: Tenant) -> Browser:
    return Browser(tenant)


def test_a_request_is_answered_after_the_login_page(browser: Browser) -> None:
    """The answer names the request, gives the relay state back, and reaches the sandbox's own Flex."""
    page = browser.open(flex_client(browser.tenant, **FLEX), **login_query())
    assert "continue to Twilio Flex" in page.text

    answer = browser.enter()

    root = posted(answer)
    assert root.get("InResponseTo") == "_request"
    assert 'name="RelayState" value="where they were"' in answer.text
    assert f'action="http://localhost:8400/flex{ACS.removeprefix("https://login.flex.us1.twilio.com")}"' in answer.text


def test_the_post_binding_is_read_too(browser: Browser) -> None:
    """Form fields instead of a query, and base64 without deflation."""
    client = flex_client(browser.tenant)
    plain = zlib.decompress(base64.b64decode(request()), -zlib.MAX_WBITS)
    fields = {"SAMLRequest": base64.b64encode(plain).decode(), "RelayState": "there"}
    browser.login_page = browser("POST", f"/samlp/{client['client_id']}", data=fields).headers["location"]

    assert posted(browser.enter()).get("InResponseTo") == "_request"


def test_without_a_request_the_login_begins_at_auth0(browser: Browser) -> None:
    """Nothing is answered, so nothing is named, and the first callback gets the response."""
    root = browser.sign_in(flex_client(browser.tenant), RelayState="deep link")

    assert root.get("InResponseTo") is None
    assert root.get("Destination") == ACS


def test_a_wrong_password_is_told_in_the_vendors_words(browser: Browser) -> None:
    """The same words where nobody has the address."""
    browser.open(flex_client(browser.tenant))

    for email in ("ana@acme.example", "nobody@acme.example"):
        page = browser.enter(email, "wrong")
        assert page.status_code == 400
        assert "Wrong email or password" in page.text


def test_bound_actions_run_in_order_and_the_later_wins(browser: Browser) -> None:
    """Arrays become several values, null removes a claim, and settings override the add-on's."""
    first = 'api.samlResponse.setAttribute("roles", event.user.app_metadata.flex.roles).samlResponse'
    first += '.setAttribute("email", event.user.email);'
    second = 'api.samlResponse.setAttribute("email", "later@acme.example"); api.samlResponse.setAudience("urn:later");'
    second += ' api.samlResponse.setAttribute("http://schemas.auth0.com/nickname", null);'
    tenant = browser.tenant
    tenant.bind(tenant.action("One", code=action(first)), tenant.action("Two", code=action(second)))

    root = browser.sign_in(flex_client(tenant, audience="urn:first"))

    said = attributes(root)
    assert said["roles"] == [("agent", "xs:string"), ("admin", "xs:string")]
    assert said["email"] == [("later@acme.example", "xs:string")]
    assert "http://schemas.auth0.com/nickname" not in said
    assert text(root, ".//a:Audience") == "urn:later"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('api.access.deny("You have no role in Flex.");', "You have no role in Flex."),
        ('throw new Error("Cannot work like this");', "Cannot work like this"),
    ],
)
def test_the_application_is_told_why_an_action_refused(browser: Browser, code: str, words: str) -> None:
    """A signed response without an assertion; the login counts, and the person stays signed in (community 126583)."""
    tenant = browser.tenant
    tenant.bind(tenant.action(code=action(code)))

    root = browser.sign_in(flex_client(tenant, **FLEX), **login_query())

    assert text(root, STATUS).endswith(":status:Responder")
    assert text(root, WORDS) == words
    assert root.find("{*}Assertion") is None
    assert root.find("{*}Signature") is not None
    assert tenant("GET", "/users-by-email", email="ana@acme.example")[0]["logins_count"] == 1
    assert text(posted(browser.open(flex_client(tenant))), WORDS) == words


def test_a_blocked_user_is_refused(browser: Browser) -> None:
    """Even with the right password; the words are the vendor's."""
    tenant = browser.tenant
    tenant.user("bo@acme.example", blocked=True)
    browser.open(flex_client(tenant))

    assert text(posted(browser.enter("bo@acme.example")), WORDS) == "user is blocked"


def test_a_pinned_connection_must_be_there_and_enabled(browser: Browser) -> None:
    """Otherwise there is no login page."""
    tenant = browser.tenant
    client = flex_client(tenant)
    assert error(browser.open(client, connection="Nowhere")) == "invalid_request: the connection was not found"

    switch = [{"client_id": client["client_id"], "status": False}]
    tenant("PATCH", f"/connections/{tenant.database}/clients", switch)

    page = browser.open(client, connection=connections.DATABASE)
    assert error(page) == "invalid_request: the connection was disabled"


def test_a_user_of_another_connection_is_nobody(browser: Browser) -> None:
    """Passwords count in the connections that the client has; a session of another one counts for nothing."""
    tenant = browser.tenant
    other = tenant.visit.documents.get("connection", tenant.database) or {}
    connections.save(tenant.visit, other | {"id": "con_0000000000000000", "name": "Partners"})
    client = flex_client(tenant)
    tenant("PATCH", "/connections/con_0000000000000000/clients", [{"client_id": client["client_id"], "status": True}])
    tenant.user("cy@partners.example", connection="Partners")

    browser.open(client, connection=connections.DATABASE)
    assert "Wrong email or password" in browser.enter("cy@partners.example", PASSWORD).text
    browser.open(client, connection="Partners")
    posted(browser.enter("cy@partners.example", PASSWORD))

    assert "Password" in browser.open(client, connection=connections.DATABASE).text


def test_what_is_no_saml_client_gets_the_vendors_error_page(browser: Browser) -> None:
    """Clients that are unknown, without the add-on, or without a callback; addresses that are not allowed."""
    tenant = browser.tenant
    assert error(browser.open({"client_id": "nobody"})) == "invalid_request: Unknown client: nobody"
    assert "not enabled" in error(browser.open(tenant.client(callbacks=[ACS])))
    assert "no allowed callback" in error(browser.open(tenant.client(addons={"samlp": {}})))

    page = browser.open(flex_client(tenant), SAMLRequest=request("https://evil.example/acs"))
    words = "https://evil.example/acs is not in the list of allowed callback URLs."
    assert error(page) == f"Callback URL mismatch: {words}"


def test_what_the_sandbox_does_not_play_is_said(browser: Browser) -> None:
    """Other identity providers, and SAML logout."""
    client = flex_client(browser.tenant)
    browser.open(client, connection="google-oauth2")

    assert error(browser("GET", browser.login_page)).startswith("not_played: this sandbox plays no other identity")
    assert error(browser("GET", f"/samlp/{client['client_id']}/logout")).startswith("not_played")


def test_requests_must_be_signed_where_the_add_on_has_a_certificate(browser: Browser) -> None:
    """An unsigned one is refused."""
    certificate = browser.tenant.bare("GET", "/pem").text

    page = browser.open(flex_client(browser.tenant, signingCert=certificate), **login_query())

    assert error(page) == "invalid_request: The AuthnRequest is not signed."


def test_a_session_saves_the_password_until_it_is_asked_for(browser: Browser) -> None:
    """ForceAuthn asks; so do signing out, a new password, and three idle days."""
    tenant = browser.tenant
    client = flex_client(tenant)
    browser.sign_in(client)
    posted(browser.open(client))
    assert "Sign out" in browser.open(client, SAMLRequest=request(more='ForceAuthn="true"')).text

    tenant.clock.advance(73 * 3_600)
    assert "Password" in browser.open(client).text
    posted(browser.enter())
    tenant.clock.advance(60)
    (user,) = tenant("GET", "/users-by-email", email="ana@acme.example")
    tenant("PATCH", f"/users/{user['user_id']}", {"password": "Another horse 2"})

    assert "Password" in browser.open(client).text


def test_signing_out_goes_where_the_client_allows(browser: Browser) -> None:
    """With nowhere to go it says OK."""
    tenant = browser.tenant
    client = tenant.client(callbacks=[ACS], addons={"samlp": {}}, allowed_logout_urls=["https://acme.example/bye"])
    browser.sign_in(client)
    query = {"client_id": client["client_id"]}

    assert "Allowed Logout URLs" in error(
        browser("GET", "/v2/logout", params=query | {"returnTo": "https://x.example"})
    )
    posted(browser.open(client))
    gone = browser("GET", "/v2/logout", params=query | {"returnTo": "https://acme.example/bye"})
    assert gone.headers["location"] == "https://acme.example/bye"
    assert "Password" in browser.open(client).text
    assert browser("GET", "/v2/logout").text == "OK"


def test_a_login_is_over_when_it_was_carried_out_or_took_too_long(browser: Browser) -> None:
    """Its page leads nowhere afterwards."""
    client = flex_client(browser.tenant)
    browser.sign_in(client)
    assert error(browser.enter()).startswith("invalid_state")

    browser("GET", "/v2/logout")
    browser.open(client)
    browser.tenant.clock.advance(3_601)

    assert error(browser.enter()).startswith("invalid_state")


def test_logins_are_counted_and_dated(browser: Browser) -> None:
    """A login by session counts as well."""
    tenant = browser.tenant
    client = flex_client(tenant)
    browser.sign_in(client)
    tenant.clock.advance(60)
    browser.open(client)

    (user,) = tenant("GET", "/users-by-email", email="ana@acme.example")
    assert (user["logins_count"], user["last_ip"]) == (2, "127.0.0.1")
    assert user["last_login"] == user["updated_at"] == "2027-01-15T08:01:00.000Z"
