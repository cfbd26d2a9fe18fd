"""The page of many tenants, opened as the file that it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.render import html_fleet
from tests.render.drifted import fleet


@pytest.fixture
def written(tmp_path: Path) -> str:
    """Where the page of 300 tenants is."""
    return _written(tmp_path, 300)


def _written(folder: Path, size: int) -> str:
    (folder / "fleet.html").write_text(html_fleet.report(fleet(size)), encoding="utf-8")
    return (folder / "fleet.html").as_uri()


def tiles(page: Page) -> int:
    return page.locator(".tiles > article:visible").count()


def test_tenants_are_found_by_words_and_by_state(page: Page, written: str) -> None:
    """Any part of a name, an address, a finding; the number of what is shown is said."""
    page.goto(written)
    assert tiles(page) == 300

    page.get_by_role("searchbox").fill("TEAM-02 helpdesk")
    expect(page.get_by_role("status")).to_have_text("10 of 300")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("radio", name="error (6)").check()
    expect(page.get_by_role("status")).to_have_text("6 of 300")
    assert tiles(page) == 6
    page.get_by_role("radio", name="all (300)").check()
    expect(page.get_by_role("status")).to_have_text("")


def test_it_is_used_by_keyboard(page: Page, written: str) -> None:
    """From the search to the states and to what a tile unfolds."""
    page.goto(written)

    for key in ("Tab", "Tab", "ArrowRight", "Tab", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_role("status")).to_have_text("6 of 300")
    expect(page.locator("details[open]").get_by_text("Error: acme.us.auth0.com")).to_be_visible()


def test_a_narrow_screen_is_not_left_sideways(page: Page, written: str) -> None:
    """On a phone the tiles stand below each other."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(written)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_all_is_there_without_scripts(browser: Browser, written: str) -> None:
    """Nothing that would not work is offered, and tiles unfold."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(written)

    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.get_by_text("Details").first.click()
    expect(page.get_by_text("Error: acme.us.auth0.com").first).to_be_visible()
    page.context.close()


def test_few_tenants_are_shown_unfolded(page: Page, tmp_path: Path) -> None:
    """Whoever has three of them sees what is the matter at once."""
    page.goto(_written(tmp_path, 3))

    expect(page.get_by_text("Agents look for a tile of another name.")).to_be_visible()


def test_thousands_of_tenants_are_searched_at_once(page: Page, tmp_path: Path) -> None:
    """And walked through by keyboard. As items of a list, tiles took 7 s to search; drawn when seen, a minute."""
    page.goto(_written(tmp_path, 3000))
    began = time.monotonic()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"

    page.get_by_role("searchbox").fill("team-2990")

    expect(page.get_by_role("status")).to_have_text("1 of 3,000")
    assert time.monotonic() - began < 3
