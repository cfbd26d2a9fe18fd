"""What somebody does who tries the login: runs the program, fills in Twilio Console's form, signs in, looks.

The plans are the example plans, and the addresses those that the program prints.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.cli.conftest import ROOT, SETTINGS
from tests.served import PATIENCE, program

FLEX = "http://localhost:8400/flex/"
ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"
PICTURE = "https://people.acme.example/ana.png"
ANA = "ana@acme.example"
PASSWORD = "sandbox-password"
# Milliseconds that a step may take, on a busy machine, too.
STEP = 10_000
# Labels of the Console's form, and which of the Flex values goes there.
FIELDS = {
    "Friendly name": "friendly_name",
    "X.509 Certificate": "certificate_pem",
    "Identity Provider Issuer": "issuer",
    "Single Sign-on URL": "sso_url",
    "Default redirect URL": "default_redirect_url",
    "Trusted URLs": "trusted_urls",
}


@dataclass(frozen=True)
class Vendor:
    """What differs between the identity providers."""

    name: str
    picture: tuple[str, str]
    """What to replace in the example plan, and by what, so that Ana has a picture."""
    who: str
    """The label of the login page's first field."""
    go: str
    """Its button."""
    wrong: str
    """What it says to a wrong password."""
    popup: bool
    """Whether the plan, saying nothing of it, asks for a login in a popup."""

    def plan(self, sso: str) -> str:
        text = (ROOT / "plans" / f"{self.name}.yaml").read_text(encoding="utf-8").replace(*self.picture)
        sid = "connection_sid: JQ0123456789abcdef0123456789abcdef"
        assert sid in text
        assert PICTURE in text
        legacy = text.replace("sso: enhanced", "sso: legacy").replace(sid, f"account_sid: {ACCOUNT_SID}")
        return {"enhanced": text, "legacy": legacy}[sso]


OKTA = Vendor(
    name="okta",
    picture=("last_name: Diaz,", f"last_name: Diaz, profile: {{ profileUrl: '{PICTURE}' }},"),
    who="Username",
    go="Sign in",
    wrong="Unable to sign in",
    popup=False,
)
AUTH0 = Vendor(
    name="auth0",
    picture=("name: Ana Diaz,", f"name: Ana Diaz, picture: '{PICTURE}',"),
    who="Email address",
    go="Continue",
    wrong="Wrong email or password",
    popup=True,
)
VENDORS = (OKTA, AUTH0)


def applied(folder: Path, vendor: Vendor, sso: str) -> Path:
    """The working folder in which this plan was applied, for copying; `values.json` is what to paste."""
    work = folder / f"{vendor.name}-{sso}"
    if not work.exists():
        work.mkdir()
        (work / "plan.yaml").write_text(vendor.plan(sso), encoding="utf-8")
        printed = run(work, "apply", "plan.yaml", "--format", "json")
        (work / "values.json").write_text(json.dumps(json.loads(printed)["outputs"]), encoding="utf-8")
    return work


def run(work: Path, *arguments: str, code: int = 0) -> str:
    """What the program prints on stdout; it must end with this code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    with program(*arguments, cwd=work, env={**environment, "PYTHONPATH": str(ROOT)}) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, err + out
    return out


class Desk:
    """One working folder and one browser. `responses` are the forms that the browser brought to Flex."""

    def __init__(self, work: Path, vendor: Vendor, page: Page, port: int) -> None:
        self.work, self.vendor, self.page = work, vendor, page
        self.popup = vendor.popup
        self.responses: list[str] = []
        page.context.set_default_timeout(STEP)
        page.context.on("request", self._seen)
        page.context.route(re.compile("https:"), _picture)
        self._port = port

    def run(self, *arguments: str, code: int = 0) -> str:
        """What the program prints here."""
        return run(self.work, *arguments, code=code)

    def edit(self, old: str, new: str) -> None:
        """Changes the plan; what is replaced must stand there."""
        plan = self.work / "plan.yaml"
        text = plan.read_text(encoding="utf-8")
        assert old in text
        plan.write_text(text.replace(old, new), encoding="utf-8")

    def values(self) -> dict[str, Any]:
        """The Flex values as apply printed them."""
        values: dict[str, Any] = json.loads((self.work / "values.json").read_text(encoding="utf-8"))
        return values

    def state(self) -> dict[str, Any]:
        """What the tenant holds."""
        state: dict[str, Any] = self.api("GET", "/_sandbox/state")[self.vendor.name]
        return state

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """What an administrator does by hand in the tenant."""
        with httpx.Client(base_url=f"http://127.0.0.1:{self._port}", headers={"Host": "localhost:8400"}) as client:
            token = "SSWS sandbox-okta-token" if path.startswith("/api/v1") else _bearer(client)
            answer = client.request(method, path, json=body, headers={"Authorization": token})
        assert answer.is_success, answer.text
        return answer.json()

    def load(self) -> None:
        """From Flex to the Console, and there one click."""
        self.page.goto(FLEX)
        self.page.get_by_role("link", name="Twilio Console").click()
        self.page.get_by_role("button", name="Load the values of acme").click()
        self._saved()
        self.popup = self.vendor.popup

    def paste(self, sid: str = "JQ0123456789abcdef0123456789abcdef", **changes: Any) -> None:
        """Every field by hand, from what the program printed but for `changes`."""
        values = self.values() | changes
        self.page.goto(f"{FLEX}console")
        self.page.get_by_label("SSO connection SID").fill(sid)
        for label, name in FIELDS.items():
            value = values[name] or ""
            self.page.get_by_label(label).fill(value if isinstance(value, str) else "\n".join(value))
        self.popup = values["login_popup"]
        self.page.get_by_label("Login using popup").set_checked(self.popup)
        self.page.get_by_role("button", name="Save").click()
        self._saved()

    def begin(self) -> Page:
        """The page of the identity provider, in a popup where there is to be one; a former one is closed."""
        for popup in self.page.context.pages[1:]:
            popup.close()
        self.page.goto(FLEX)
        link = self.page.get_by_role("link", name="Login with SSO")
        if not self.popup:
            link.click()
            return self.page
        with self.page.expect_popup() as opened:
            link.click()
        return opened.value

    def sign_in(self, where: Page, who: str = ANA, password: str = PASSWORD) -> None:
        where.get_by_label(self.vendor.who).fill(who)
        where.get_by_label("Password").fill(password)
        where.get_by_role("button", name=self.vendor.go).click()

    def log_in(self, who: str = ANA, password: str = PASSWORD) -> Page:
        """From Flex through the identity provider; the window in which it ends, or ended."""
        where = self.begin()
        self.sign_in(where, who, password)
        return where

    def _saved(self) -> None:
        expect(self.page.get_by_role("status")).to_have_text("Saved.")

    def _seen(self, request: Request) -> None:
        if request.method == "POST" and "SAMLResponse" in (request.post_data or ""):
            self.responses.append(request.post_data or "")


def worker(page: Page) -> dict[str, str]:
    """The attributes that the worker's page shows."""
    page.wait_for_url("**/flex/worker")
    rows = page.get_by_role("table").get_by_role("row").all()[1:]
    return {row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").inner_text() for row in rows}


def refusal(page: Page, code: str) -> Locator:
    """What Flex says that lets somebody not in, and why; it must give this code."""
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    expect(page.get_by_role("heading", name="Error")).to_have_text(f"Error {code}")
    return page.get_by_role("main")


def _bearer(client: httpx.Client) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": "sandbox-auth0-client",
        "client_secret": "sandbox-auth0-secret",
        "audience": "http://localhost:8400/api/v2/",
    }
    return f"Bearer {client.post('/oauth/token', data=form).json()['access_token']}"


def _picture(route: Route) -> None:
    """Instead of somebody's server: a picture of one blue point."""
    route.fulfill(content_type="image/svg+xml", body='<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
