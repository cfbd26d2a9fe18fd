"""From the Flex values to an agent who is signed in, and every page on which that may end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import ANA, OKTA, PASSWORD, PICTURE, Desk, refusal, worker
from tests.saml.idp import idp

OTHER_SID = f"JQ{'f' * 32}"
NO_ROLE = "You have no role in Twilio Flex"
CHOSEN = "Correct-Horse-7"
REDIRECT = "https://flex.twilio.com/acme"

LAYOUT = """() => ({
  width: document.documentElement.scrollWidth,
  headings: document.querySelectorAll("h1").length,
  nameless: [...document.querySelectorAll("input:not([type=hidden]), textarea")].filter((f) => !f.labels.length).length,
})"""


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize("sso", ["enhanced", "legacy"])
def test_values_loaded_with_one_click_bring_ana_in(desk: Desk) -> None:
    """Flex shows her name, e-mail, role and where her picture is, unfetched; once signed out it asks again."""
    desk.load()
    desk.log_in()

    shown = worker(desk.page)
    expect(title(desk.page)).to_have_text("Signed in: Ana Diaz")
    assert (shown["email"], shown["full_name"], shown["roles"]) == (ANA, "Ana Diaz", '["admin"]')
    assert shown["image_url"] == PICTURE
    expect(desk.page.get_by_role("link", name="Show the picture")).to_have_attribute("href", PICTURE)
    expect(desk.page.get_by_role("img")).to_have_count(0)
    desk.page.get_by_role("button", name="Sign out of Flex").click()
    expect(desk.page.get_by_role("link", name="Login with SSO")).to_be_visible()


def test_values_pasted_by_hand_do_the_same_in_a_popup_or_without(desk: Desk) -> None:
    """The window that was opened closes, and the one that opened it shows the worker."""
    desk.paste(login_popup=not desk.vendor.popup)
    where = desk.log_in()

    assert worker(desk.page)["email"] == ANA
    assert where.is_closed() == desk.popup


def test_whoever_is_taken_out_of_the_plan_is_told_why(desk: Desk) -> None:
    """Okta lets only those on who are assigned; at Auth0 everybody may sign in, but the Action asks for roles."""
    desk.load()
    desk.log_in()
    desk.page.get_by_role("button", name="Sign out of Flex").click()
    desk.edit("ana@", "cy@")
    desk.run("apply", "plan.yaml")

    where = desk.begin()

    if desk.vendor is OKTA:
        expect(title(where)).to_have_text("App Not Assigned")
        expect(where.get_by_role("main")).to_contain_text("you can't access Twilio Flex because you are not assigned")
    else:
        expect(refusal(where, "70004")).to_contain_text(NO_ROLE)


def test_somebody_made_by_hand_is_not_let_in(desk: Desk) -> None:
    """Who has an account at the identity provider has none in Flex yet."""
    _make_bob(desk)
    desk.load()

    where = desk.log_in("bob@acme.example", CHOSEN)

    if desk.vendor is OKTA:
        expect(title(where)).to_have_text("App Not Assigned")
    else:
        expect(refusal(where, "70004")).to_contain_text(NO_ROLE)


def test_roles_emptied_by_hand(desk: Desk) -> None:
    """Okta signs whatever is there, and it is Flex that misses the roles; Auth0's Action says no before."""
    ana = next(each for each in desk.state()["users"] if ANA in str(each))
    if desk.vendor is OKTA:
        desk.api("POST", f"/api/v1/users/{ana['id']}", {"profile": {"userType": ""}})
    else:
        desk.api("PATCH", f"/api/v2/users/{ana['user_id']}", {"app_metadata": {"flex": {"roles": []}}})
    desk.load()

    where = desk.log_in()

    code, words = ("45050", "roles") if desk.vendor is OKTA else ("70004", NO_ROLE)
    expect(refusal(where, code)).to_contain_text(words)


def test_another_certificate_was_pasted(desk: Desk) -> None:
    """It is well-formed, so that only a login shows the mistake; the page names both certificates."""
    desk.paste(certificate_pem=idp().pem)

    reason = refusal(desk.log_in(), "70004")

    expect(reason).to_contain_text("does not fit the pasted certificate")
    expect(reason).to_contain_text(desk.values()["certificate_sha256"])


def test_the_certificate_changes_after_pasting(desk: Desk) -> None:
    """Nobody gets in until the new one is pasted."""
    desk.load()
    _rotate(desk)
    expect(refusal(desk.log_in(), "70004")).to_contain_text("Paste the certificate that the identity provider signs")

    desk.run("outputs", "plan.yaml")
    desk.load()
    desk.begin()

    assert worker(desk.page)["email"] == ANA


def test_the_connection_of_another_tenant(desk: Desk) -> None:
    """Auth0 does not know the address that Flex wants to be answered at; Okta answers where its app says."""
    desk.paste(sid=OTHER_SID)

    if desk.vendor is OKTA:
        expect(refusal(desk.log_in(), "70251")).to_contain_text(
            f"is {OTHER_SID}; the response came to the address of JQ0123"
        )
    else:
        expect(desk.begin().get_by_role("main")).to_contain_text(f"{OTHER_SID} is not in the list of allowed callback")


def test_a_wrong_password_and_then_the_right_one(desk: Desk) -> None:
    """The identity provider keeps the name and the login that was begun, and puts the cursor where it is needed."""
    desk.load()
    where = desk.begin()

    desk.sign_in(where, password="guess")
    expect(where.get_by_role("alert")).to_have_text(desk.vendor.wrong)
    expect(where.get_by_label(desk.vendor.who)).to_have_value(ANA)
    expect(where.get_by_label("Password")).to_be_focused()
    where.keyboard.type(PASSWORD)
    where.keyboard.press("Enter")

    assert worker(desk.page)["email"] == ANA


def test_a_login_that_begins_at_the_identity_provider(desk: Desk) -> None:
    """Flex takes it only where it was told to which page people are to go on."""
    desk.paste()
    _start_there(desk)
    expect(refusal(desk.page, "70251")).to_contain_text("needs a Default redirect URL")

    desk.paste(default_redirect_url=REDIRECT)
    _start_there(desk)

    assert worker(desk.page)["email"] == ANA
    expect(desk.page.get_by_role("main")).to_contain_text(f"Twilio would go on to {REDIRECT}")


def test_the_keyboard_alone(desk: Desk) -> None:
    """From the sandbox's first page to the worker with Tab and Enter; the login page's cursor is in place."""
    page = desk.page
    page.goto("http://localhost:8400/")
    _enter(page, page.get_by_role("link", name="Flex"))
    _enter(page, page.get_by_role("link", name="Set it up"))
    _enter(page, page.get_by_role("button", name="Load the values of acme"))
    _enter(page, page.get_by_role("link", name="Go to Flex and log in"))
    with page.context.expect_page() if desk.popup else page.expect_navigation():
        _enter(page, page.get_by_role("link", name="Login with SSO"))
    where = page.context.pages[-1]
    expect(where.get_by_label(desk.vendor.who)).to_be_focused()
    where.keyboard.type(ANA)
    where.keyboard.press("Tab")
    where.keyboard.type(PASSWORD)
    where.keyboard.press("Enter")

    assert worker(page)["email"] == ANA


@pytest.mark.parametrize("scripts", [False])
def test_no_script_runs(desk: Desk) -> None:
    """There are no popups then, and a button takes the response to Flex."""
    desk.load()
    desk.popup = False
    where = desk.log_in()
    where.get_by_role("button", name="Continue").click()

    assert worker(desk.page)["email"] == ANA


def test_every_page_fits_a_phone_and_names_its_fields(desk: Desk) -> None:
    """No page is left sideways, each has one main heading, and each field a label."""
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 700})
    desk.paste(login_popup=False)
    pages = [page.evaluate(LAYOUT)]
    desk.begin()
    pages.append(page.evaluate(LAYOUT))
    desk.sign_in(page)
    worker(page)
    pages.append(page.evaluate(LAYOUT))
    for address in ("", "flex/", "flex/workers", "flex/login?connection=other", "app/UserHome"):
        page.goto(f"http://localhost:8400/{address}")
        pages.append(page.evaluate(LAYOUT))

    assert pages == [{"width": 360, "headings": 1, "nameless": 0}] * len(pages)


def _make_bob(desk: Desk) -> None:
    name = {"email": "bob@acme.example"}
    if desk.vendor is OKTA:
        profile = {**name, "login": "bob@acme.example", "firstName": "Bob", "lastName": "Ray"}
        credentials = {"password": {"value": CHOSEN}}
        desk.api("POST", "/api/v1/users", {"profile": profile, "credentials": credentials})
    else:
        connection = "Username-Password-Authentication"
        desk.api("POST", "/api/v2/users", {**name, "connection": connection, "password": CHOSEN})


def _rotate(desk: Desk) -> None:
    if desk.vendor is OKTA:
        app = next(each for each in desk.api("GET", "/api/v1/apps") if each["label"] == "Twilio Flex")
        path = f"/api/v1/apps/{app['id']}"
        app["credentials"]["signing"]["kid"] = desk.api("POST", f"{path}/credentials/keys/generate?validityYears=2")[
            "kid"
        ]
        desk.api("PUT", path, app)
    else:
        desk.api("POST", "/api/v2/keys/signing/rotate")


def _start_there(desk: Desk) -> None:
    """At Okta from the tile of somebody's dashboard, at Auth0 from the address itself."""
    desk.page.goto("http://localhost:8400/app/UserHome" if desk.vendor is OKTA else desk.values()["sso_url"])
    if desk.page.get_by_label("Password").count():
        desk.sign_in(desk.page)
    if desk.vendor is OKTA:
        desk.page.get_by_role("link", name="Twilio Flex").click()


def _enter(page: Page, what: Locator) -> None:
    """Tab until it has the focus, then Enter."""
    expect(what.first).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if what.first.evaluate("each => each === document.activeElement"):
            break
    expect(what.first).to_be_focused()
    page.keyboard.press("Enter")
