"""The page of Flex values, opened as the file that it is."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.render import html
from tests.render.handover import NOTES, TODAY, make_values

COPIED = {
    "ACS URL": make_values().acs_url,
    "Audience URI": make_values().audience,
    "Friendly name": make_values().friendly_name,
    "X.509 Certificate": make_values().certificate_pem,
    "Identity Provider Issuer": make_values().issuer,
    "Single Sign-on URL": make_values().sso_url,
    "Default redirect URL": make_values().default_redirect_url,
    "Trusted URL 1": make_values().trusted_urls[0],
    "Trusted URL 2": make_values().trusted_urls[1],
    "Login link": make_values().login_url,
    "Next certificate": make_values().next_certificate_pem,
}
# A browser that gives no clipboard to pages opened as a file.
NO_CLIPBOARD = "delete Navigator.prototype.clipboard"


@pytest.fixture
def handover(tmp_path: Path) -> str:
    """Where the page is."""
    text = html.values(make_values(), NOTES, plan="acme", tenant="acme.us.auth0.com", today=TODAY, warn_days=60)
    (tmp_path / "flex.html").write_text(text, encoding="utf-8")
    return (tmp_path / "flex.html").as_uri()


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_every_button_copies_its_value_to_the_letter(page: Page, handover: str) -> None:
    """A certificate with its line ends, an address with its query; a word says that it is done."""
    page.goto(handover)

    for name, value in COPIED.items():
        page.get_by_role("button", name=f"Copy {name}", exact=True).click()
        expect(page.get_by_role("status")).to_have_text(f"{name} copied")
        assert clipboard(page) == value


def test_it_copies_by_keyboard_and_without_the_clipboard_api(page: Page, handover: str) -> None:
    """The older way serves as well, and leaves the focus where it was."""
    page.add_init_script(NO_CLIPBOARD)
    page.goto(handover)
    button = page.get_by_role("button", name="Copy X.509 Certificate")

    button.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("X.509 Certificate copied")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy Identity Provider Issuer")).to_be_focused()


def test_a_narrow_screen_is_not_left_sideways(page: Page, handover: str) -> None:
    """On a phone everything stands below each other; the certificate alone scrolls in itself."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(handover)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_promises_to_copy_where_nothing_can(browser: Browser, page: Page, handover: str) -> None:
    """No button is there without scripts, none is printed, and the values are."""
    without_scripts = browser.new_context(java_script_enabled=False).new_page()
    page.emulate_media(media="print")

    for each in (page, without_scripts):
        each.goto(handover)
        expect(each.get_by_text(make_values().audience)).to_be_visible()
        expect(each.get_by_role("button")).to_have_count(0)
    without_scripts.context.close()
