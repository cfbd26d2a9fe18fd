"""Somebody with a browser signs in to Flex through the sandbox: what the identity provider really sends."""

from __future__ import annotations

import base64
import html
import re
import zlib
from dataclasses import dataclass
from typing import Any

import httpx
from lxml import etree

from provisioner.flex.addresses import acs_url, audience
from provisioner.sandbox import EmbeddedTransport
from tests.lab import Lab

# In Auth0 it must be set, and strong; in Okta whoever was mailed a link for choosing one has the sandbox's.
PASSWORD, MAILED = "Correct1Horse!Battery", "sandbox-password"
_NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion"}


@dataclass(frozen=True)
class Sent:
    """The assertion's NameID and claims."""

    name_id: str
    attributes: dict[str, tuple[str, ...]]


def sign_in(lab: Lab, plan: Any, login: str) -> Sent | None:
    """What comes of a login that Flex starts; None where the identity provider sends nothing."""

    async def main() -> Sent | None:
        async with lab.connected(plan) as connection:
            facts = await connection.facts()
        if facts is None:
            return None
        transport = EmbeddedTransport(lab.sandbox)
        async with httpx.AsyncClient(transport=transport, follow_redirects=True) as browser:
            password = MAILED if plan.provider.type == "okta" else PASSWORD
            page = await browser.get(facts.sso_url, params=_request(plan, facts.sso_url))
            form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
            address = re.search(r'<form method="post"[^>]* action="([^"]+)"', page.text)
            target = page.url.join(html.unescape(address[1])) if address else page.url
            filled = {name: html.unescape(value) for name, value in form.items()}
            answer = await browser.post(target, data=filled | {"username": login, "password": password})
        return _read(answer.text)

    return lab.run(main())


def _request(plan: Any, address: str) -> dict[str, str]:
    text = (
        '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"'
        f' IssueInstant="2027-01-15T08:00:00Z" AssertionConsumerServiceURL="{html.escape(acs_url(plan.flex))}">'
        f'<a:Issuer xmlns:a="{_NAMES["saml"]}">{audience(plan.flex)}</a:Issuer></p:AuthnRequest>'
    )
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    query = dict(httpx.URL(address).params)
    return query | {"SAMLRequest": base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()}


def _read(page: str) -> Sent | None:
    found = re.search(r'name="SAMLResponse" value="([^"]+)"', page)
    if not found:
        return None
    root = etree.fromstring(base64.b64decode(html.unescape(found[1])))
    if root.find(".//saml:Assertion", _NAMES) is None:
        return None
    claims = {
        str(each.get("Name")): tuple(str(value.text or "") for value in each)
        for each in root.iterfind(".//saml:Attribute", _NAMES)
    }
    return Sent(root.findtext(".//saml:NameID", "", _NAMES), claims)
