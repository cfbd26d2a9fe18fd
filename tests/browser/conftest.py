"""A real browser. Where none is installed, the tests in this folder are skipped and say so.

Playwright's loop runs in the thread of the tests, so that none of them can run another one there: what else is
asynchronous goes into a process or a thread of its own, as `tests.served` does it.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from provisioner.sandbox import Store, create_app
from provisioner.sandbox.serve import STORE_FILE, background
from tests.browser.desk import STEP, VENDORS, Desk, Vendor, applied

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Refusals come with a status of their own, of which the browser's console tells as well.
STATUS = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="package")
def port() -> int:
    """A free port, which the browser takes for the sandbox's own, 8400: that one may be in use."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="package")
def browser(port: int) -> Iterator[Browser]:
    """One browser for the tests in this folder, closed after the last of them."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on the PATH; on Debian: apt-get install chromium")
    expect.set_options(timeout=STEP)
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers do not give; the pages are all our own.
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP localhost:8400 127.0.0.1:{port}"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def scripts() -> bool:
    """Whether pages may run their scripts."""
    return True


@pytest.fixture
def context(browser: Browser, scripts: bool) -> Iterator[BrowserContext]:
    """A fresh profile, whose pages may use the clipboard; a complaint of a script, or of a policy, fails the test."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], java_script_enabled=scripts)
    complaints: list[str] = []
    context.on("weberror", lambda each: complaints.append(str(each.error)))
    context.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    yield context
    context.close()
    assert [each for each in complaints if not each.startswith(STATUS)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.name)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    """Each of the identity providers."""
    chosen: Vendor = request.param
    return chosen


@pytest.fixture
def sso() -> str:
    """Which SSO of Flex the plan is for."""
    return "enhanced"


@pytest.fixture(scope="package")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which plans are applied once for all tests."""
    return tmp_path_factory.mktemp("applied")


@pytest.fixture
def desk(vendor: Vendor, sso: str, template: Path, page: Page, port: int, tmp_path: Path) -> Iterator[Desk]:
    """A desk where the plan was just applied and `provisioner sandbox` runs."""
    work = shutil.copytree(applied(template, vendor, sso), tmp_path / "work")
    with closing(Store(work / ".provisioner" / STORE_FILE)) as store, background(create_app(store), port=port):
        yield Desk(work, vendor, page, port)
