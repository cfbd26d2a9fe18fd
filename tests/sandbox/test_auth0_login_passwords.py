"""How people at an Auth0 tenant come by a password: links that are made for them or that they ask for."""

import re

import pytest

from provisioner.sandbox.auth0.tickets import CHOSEN
from tests.sandbox.auth0_login import Browser, flex_client, posted
from tests.sandbox.auth0_tenant import PASSWORD, Json, Tenant

WRONG = "Wrong email or password"


@pytest.fixture
def browser() -> Browser:
    """At the login page of a client."""
    tenant = Tenant()
    browser = Browser(tenant)
    tenant.user()
    browser.open(flex_client(tenant))
    return browser


def ana(browser: Browser) -> Json:
    found: list[Json] = browser.tenant("GET", "/users-by-email", email="ana@acme.example")
    return found[0]


def ticket(browser: Browser, **more: object) -> str:
    """The link of a new ticket, without its origin."""
    body = {"user_id": ana(browser)["user_id"]} | more
    made: str = browser.tenant("POST", "/tickets/password-change", body)["ticket"]
    return made.removeprefix("http://localhost:8400").removesuffix("#")


def choose(browser: Browser, link: str, password: str, again: str | None = None) -> tuple[int, str]:
    """Status and heading of what comes of a choice."""
    page = browser("POST", link, data={"password": password, "again": again or password})
    match = re.search("<h1>(.*)</h1>", page.text)
    assert match
    return page.status_code, match[1]


def test_who_was_sent_nothing_has_chosen_nothing(browser: Browser) -> None:
    """Only the password that was set signs in."""
    assert WRONG in browser.enter(password=CHOSEN).text
    posted(browser.enter(password=PASSWORD))


def test_who_was_made_a_ticket_has_used_it(browser: Browser) -> None:
    """The former password is gone, the link is used up, and the address is verified if the ticket says so."""
    link = ticket(browser, mark_email_as_verified=True)

    posted(browser.enter(password=CHOSEN))

    assert choose(browser, link, CHOSEN) == (400, "Invalid Link")
    assert ana(browser)["email_verified"]
    assert ana(browser)["last_password_reset"]
    browser("GET", "/v2/logout")
    browser.open(flex_client(browser.tenant))
    assert WRONG in browser.enter(password=PASSWORD).text
    posted(browser.enter(password=CHOSEN))


def test_a_link_leads_to_a_page_that_takes_a_good_password_once(browser: Browser) -> None:
    """Weak ones and slips are told; nothing is said of the address unless the ticket says so."""
    link = ticket(browser, result_url="https://acme.example/welcome")
    assert "New password" in browser("GET", link).text

    assert choose(browser, link, "short") == (400, "Change Your Password")
    assert choose(browser, link, "Battery staple 9", "Battery staple 8") == (400, "Change Your Password")
    assert choose(browser, link, "Battery staple 9") == (200, "Password Changed!")
    assert choose(browser, link, "Battery staple 9") == (400, "Invalid Link")

    posted(browser.enter(password="Battery staple 9"))
    assert not ana(browser)["email_verified"]


def test_a_late_ticket_is_of_no_use(browser: Browser) -> None:
    """Neither its link nor the password that everybody chooses."""
    link = ticket(browser, ttl_sec=60)
    browser.tenant.clock.advance(61)

    assert WRONG in browser.enter(password=CHOSEN).text
    assert choose(browser, link, CHOSEN) == (400, "Link Expired")
    assert choose(browser, "/lo/reset?ticket=none", CHOSEN) == (400, "Invalid Link")


def test_a_forgotten_password_is_chosen_by_mail(browser: Browser) -> None:
    """Strangers read the same words and get no mail; following the link verifies the address."""
    asking = browser.login_page.replace("/u/login", "/u/reset-password")
    assert "Forgot your password?" in browser("GET", asking).text
    pages = [browser("POST", asking, data={"email": f"{name}@acme.example"}).text for name in ("ana", "nobody")]
    assert pages[0].replace("ana@", "nobody@") == pages[1]

    (mail,) = [each for each in browser.tenant.visit.documents.find("mail") if each["kind"] == "reset_email"]
    link = mail["link"].removeprefix("http://localhost:8400")
    assert mail["to"] == "ana@acme.example"
    assert choose(browser, link, "Battery staple 9") == (200, "Password Changed!")
    assert ana(browser)["email_verified"]
    posted(browser.enter(password="Battery staple 9"))
