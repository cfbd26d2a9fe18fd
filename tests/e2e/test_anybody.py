"""Whoever a plan can name gets into Flex, as the plan has them: apply, log in as a browser does, look at the worker."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from provisioner.flex.roles import INSIGHTS_ROLES, SENIOR_ROLES
from provisioner.sandbox import EmbeddedTransport
from tests.lab import Lab

SID = "JQ0123456789abcdef0123456789abcdef"
PASSWORD = "sandbox-password"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
FORM = re.compile(r'<form method="post" action="([^"]+)"')

# What breaks XML, HTML, JavaScript, JSON and expressions, and letters of the world.
_LETTERS = st.sampled_from("""aZ09 '"`<>&;\\/%$#{}[]()|+=,.:?!*~^_-äßÉłüñΩжא日本🙂👩\u0301""")
_NAMES = st.text(_LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
_SENIOR = st.tuples(st.sampled_from(sorted(SENIOR_ROLES)), st.sets(st.sampled_from(sorted(INSIGHTS_ROLES)), max_size=2))
_ROLES = _SENIOR.map(lambda both: sorted({both[0], *both[1]})) | st.sampled_from([["agent"], ["agent", "supervisor"]])
_EMAILS = st.from_regex(r"[a-z0-9][a-z0-9'+_-]{0,12}[a-z0-9]@acme\.example", fullmatch=True)
_PEOPLE = st.lists(
    st.fixed_dictionaries({"email": _EMAILS, "first": _NAMES, "last": _NAMES, "roles": _ROLES}),
    min_size=3,
    max_size=3,
    unique_by=lambda person: person["email"],
)
Person = dict[str, Any]


def okta(people: list[Person]) -> dict[str, Any]:
    items = [
        {"login": each["email"], "first_name": each["first"], "last_name": each["last"], "roles": each["roles"]}
        for each in people
    ]
    return {
        "provider": {"type": "okta", "org_url": "sandbox"},
        "application": {"label": "Twilio Flex"},
        "assign": {"group": "Flex Agents"},
        "users": {"source": "inline", "items": items},
    }


def auth0(people: list[Person]) -> dict[str, Any]:
    items = [
        {"email": each["email"], "name": f"{each['first']} {each['last']}", "roles": each["roles"]} for each in people
    ]
    return {
        "provider": {"type": "auth0", "domain": "sandbox"},
        "application": {"name": "Twilio Flex"},
        "action": {"name": "Flex SAML attributes"},
        "users": {"source": "inline", "items": items},
    }


@pytest.mark.parametrize("made", [okta, auth0])
@given(people=_PEOPLE)
@settings(max_examples=8, phases=[Phase.generate])
def test_the_worker_is_what_the_plan_says(made: Any, people: list[Person]) -> None:
    """NameID, name, e-mail and roles arrive as written, whatever is in them."""
    with TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        try:
            text = json.dumps(
                {"version": 1, "name": "acme", "flex": {"connection_sid": SID}, **made(people)}, ensure_ascii=False
            )
            plan = lab.plan(text)
            lab.apply(plan)
            workers = lab.run(log_in(lab, plan, [each["email"] for each in people]))
        finally:
            lab.close()

    assert {each["friendly_name"]: seen(each) for each in workers} == {
        each["email"]: (f"{each['first']} {each['last']}", each["email"], each["roles"]) for each in people
    }


def seen(worker: dict[str, Any]) -> tuple[str, str, list[str]]:
    attributes = worker["attributes"]
    return attributes["full_name"], attributes["email"], sorted(worker["roles"])


async def log_in(lab: Lab, plan: Any, emails: list[str]) -> list[dict[str, Any]]:
    """The workers that Flex has once these people logged in one after the other, with the values pasted."""
    async with lab.connected(plan) as connection:
        facts = await connection.facts()
    assert facts is not None
    pasted = {
        "connection_sid": SID,
        "issuer": facts.issuer,
        "sso_url": facts.sso_url,
        "certificate_pem": facts.certificate,
    }
    transport = EmbeddedTransport(lab.sandbox)
    for email in emails:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8400", follow_redirects=True
        ) as browser:
            await browser.post("/flex/console", data=pasted)
            page = await browser.get("/flex/login")
            page = await submitted(browser, page, username=email, password=PASSWORD)
            page = await submitted(browser, page)
            assert page.url.path == "/flex/worker", page.text
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8400") as browser:
        workers: list[dict[str, Any]] = (await browser.get("/_sandbox/state")).json()["flex"]["workers"]
    return workers


async def submitted(browser: httpx.AsyncClient, page: httpx.Response, **typed: str) -> httpx.Response:
    """What comes of the page's form with what somebody types."""
    action = FORM.search(page.text)
    assert action, page.text
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
    return await browser.post(page.url.join(unescape(action[1])), data=hidden | typed)
