"""A browser at an Auth0 tenant of the sandbox, a service provider's requests, and the responses it gets."""

import base64
import html
import re
import zlib
from typing import Any
from urllib.parse import urlencode

import httpx
from lxml import etree

from tests.sandbox.auth0_tenant import PASSWORD, Json, Tenant

ACS = "https://login.flex.us1.twilio.com/login/callback?connection=JQ0123456789abcdef0123456789abcdef"
AUDIENCE = "urn:flex:JQ0123456789abcdef0123456789abcdef"
FLEX = {"signResponse": True, "signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256"}
NAMES = {"p": "urn:oasis:names:tc:SAML:2.0:protocol", "a": "urn:oasis:names:tc:SAML:2.0:assertion"}
NAMES |= {"ds": "http://www.w3.org/2000/09/xmldsig#"}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Browser:
    """Keeps cookies and follows no redirect by itself."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.cookies: dict[str, str] = {}

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any answer."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.tenant.bare(method, path, headers={"cookie": cookies}, **options)
        self.cookies |= dict(answer.cookies)
        return answer

    def open(self, client: Json, **query: str) -> httpx.Response:
        """What stands at the client's SAML address, after the redirect to the login page if there is one."""
        answer = self("GET", f"/samlp/{client['client_id']}", params=query)
        if answer.status_code == 302:
            self.login_page = answer.headers["location"]
            answer = self("GET", self.login_page)
        return answer

    def enter(self, email: str = "ana@acme.example", password: str = PASSWORD) -> httpx.Response:
        """What comes of the login page's form."""
        return self("POST", self.login_page, data={"username": email, "password": password})

    def sign_in(self, client: Json, **query: str) -> etree._Element:
        """The response to a login of Ana."""
        self.open(client, **query)
        return posted(self.enter())


def flex_client(tenant: Tenant, **addon: Any) -> Json:
    """A client whose responses go to Flex."""
    return tenant.client(callbacks=[ACS], addons={"samlp": addon})


def request(acs_url: str = ACS, more: str = "") -> str:
    """An authentication request of Flex, as the redirect binding carries it."""
    text = (
        f'<p:AuthnRequest xmlns:p="{NAMES["p"]}" xmlns:a="{NAMES["a"]}" ID="_request" Version="2.0"'
        f' IssueInstant="2027-01-15T08:00:00Z" AssertionConsumerServiceURL="{html.escape(acs_url)}" {more}>'
        f"<a:Issuer>{AUDIENCE}</a:Issuer></p:AuthnRequest>"
    )
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()


def encoded(page: httpx.Response) -> str:
    """The response that the page posts, in base64."""
    match = re.search(r'name="SAMLResponse" value="([^"]+)"', page.text)
    assert match, page.text[-1_500:]
    return html.unescape(match[1])


def posted(page: httpx.Response) -> etree._Element:
    """The response that the page posts."""
    return etree.fromstring(base64.b64decode(encoded(page)))


def text(root: etree._Element, path: str) -> str:
    """The text of the first element on this path, or the value of the attribute."""
    return str(root.xpath(f"string({path})", namespaces=NAMES))


def attributes(root: etree._Element) -> dict[str, list[tuple[str, str]]]:
    """Values of all attributes, each with its type."""
    return {
        element.get("Name", ""): [(str(value.text), value.get(TYPE, "")) for value in element]
        for element in root.iterfind(".//a:Attribute", NAMES)
    }


def error(page: httpx.Response) -> str:
    """What the vendor's error page says."""
    assert page.status_code == 400
    match = re.search(r"<main>\n<p><strong>(.*?):</strong> (.*?)</p>", page.text)
    assert match, page.text[-1_500:]
    return html.unescape(f"{match[1]}: {match[2]}")


def login_query(**more: str) -> dict[str, str]:
    """What a service provider sends people along with."""
    return {"SAMLRequest": request(), "RelayState": "where they were"} | more


def redirect(path: str, **query: str) -> str:
    """An address with a query."""
    return f"{path}?{urlencode(query)}"
