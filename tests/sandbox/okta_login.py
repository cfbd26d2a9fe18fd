"""A browser in front of the Okta sandbox, and a service provider that it comes from."""

import base64
import re
import zlib
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

import httpx
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response  # type: ignore[import-untyped]
from onelogin.saml2.settings import OneLogin_Saml2_Settings  # type: ignore[import-untyped]

from provisioner.sandbox.clock import iso
from tests.sandbox.okta_org import Json, Org, saml

ACS = "https://flex.example/acs"
NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


class Browser:
    """Keeps cookies, and follows redirects within the org."""

    def __init__(self, org: "Login") -> None:
        self.org = org
        self.cookies: dict[str, str] = {}

    def __call__(self, method: str, address: str, **form: str) -> httpx.Response:
        """The page that the browser ends up on."""
        answer = self.org.browse(method, address, form, self.cookies)
        for _ in range(5):
            self.cookies |= dict(answer.cookies)
            if not answer.has_redirect_location:
                return answer
            answer = self.org.browse("GET", answer.headers["location"], {}, self.cookies)
        raise AssertionError("The pages go in circles.")

    def sign_in(self, page: httpx.Response, username: str, password: str) -> httpx.Response:
        """Fill in the login page."""
        return self("POST", "/login/login.htm", **fields(page) | {"username": username, "password": password})


def fields(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


class Login(Org):
    """An org with a SAML app, and somebody who is assigned to it."""

    def __init__(self, profile: Json | None = None, **sign_on: Any) -> None:
        super().__init__()
        body = {"credentials": {"password": {"value": "Abcd1234"}}}
        self.ana = self.user(body=body, profile=profile or {})
        self.flex: Json = self(
            "POST", "/apps", saml(**{"ssoAcsUrl": ACS, "recipient": ACS, "destination": ACS} | sign_on)
        )
        self("POST", f"/apps/{self.flex['id']}/users", {"id": self.ana["id"]})
        self.browser = Browser(self)

    def browse(self, method: str, address: str, form: dict[str, str], cookies: dict[str, str]) -> httpx.Response:
        """One request of a browser, with no token."""
        parts = urlsplit(address)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        options: Json = {"data": form} if method == "POST" else {}
        return self._client(method, f"{parts.path}?{parts.query}", headers={"cookie": cookie}, **options)

    @property
    def metadata(self) -> etree._Element:
        """The app's metadata."""
        address = f"/api/v1/apps/{self.flex['id']}/sso/saml/metadata"
        return etree.fromstring(self.call("GET", address, headers={"accept": "application/xml"}).content)

    @property
    def address(self) -> str:
        """Where the app signs on, as the metadata says."""
        return str(self.metadata.xpath("string(//*[local-name()='SingleSignOnService']/@Location)"))

    def request(self, **attributes: str) -> str:
        """An authentication request as XML."""
        given = {"ID": "_1", "Version": "2.0", "IssueInstant": iso(self.clock.now())} | attributes
        written = " ".join(f'{name}="{value}"' for name, value in given.items())
        return (
            f'<samlp:AuthnRequest xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" {written}>'
            "<saml:Issuer>urn:flex:JQ1</saml:Issuer></samlp:AuthnRequest>"
        )

    def ask(self, relay_state: str = "", **attributes: str) -> httpx.Response:
        """The page that a request by redirect leads to."""
        query = {"SAMLRequest": deflated(self.request(**attributes))} | (
            {"RelayState": relay_state} if relay_state else {}
        )
        return self.browser("GET", f"{self.address}?{urlencode(query)}")

    def log_in(self, **attributes: str) -> "Response":
        """The response that Ana gets for a request, after signing in."""
        return Response(self, self.browser.sign_in(self.ask(**attributes), "ana@acme.example", "Abcd1234"))


def deflated(text: str) -> str:
    """A message as the redirect binding has it."""
    engine = zlib.compressobj(wbits=-15)
    return base64.b64encode(engine.compress(text.encode()) + engine.flush()).decode()


class Response:
    """What the page posts to the service provider."""

    def __init__(self, org: Login, page: httpx.Response) -> None:
        assert page.status_code == 200, page.text
        match = re.search(r'<form method="post" action="([^"]*)">', page.text)
        assert match, page.text
        self.org = org
        self.action = unescape(match[1])
        self.fields = fields(page)
        self.text = self.fields["SAMLResponse"]
        self.root = etree.fromstring(base64.b64decode(self.text))

    def get(self, path: str) -> Any:
        """The texts or attributes at an XPath."""
        return self.root.xpath(path, namespaces=NAMES)

    def values(self, name: str) -> list[str] | None:
        """The values of an attribute; None where it is not there."""
        found = self.get(f"//saml:Attribute[@Name='{name}']")
        return [value.text or "" for value in found[0]] if found else None

    def problem(self, request_id: str | None = "_1") -> str:
        """What python3-saml says against it, being strict."""
        parts = urlsplit(ACS)
        request = {"http_host": parts.netloc, "script_name": parts.path, "https": "on", "get_data": {}, "post_data": {}}
        response = OneLogin_Saml2_Response(self._settings(), self.text)
        now = int(self.org.clock.now())
        with patch("onelogin.saml2.utils.OneLogin_Saml2_Utils.now", lambda: now):
            return "" if response.is_valid(request, request_id) else str(response.get_error())

    def _settings(self) -> OneLogin_Saml2_Settings:
        metadata = self.org.metadata
        certificate = metadata.xpath("string(//*[local-name()='X509Certificate'])")
        sign_on = self.org.flex["settings"]["signOn"]
        signed = {"wantMessagesSigned": sign_on["responseSigned"], "wantAssertionsSigned": sign_on["assertionSigned"]}
        return OneLogin_Saml2_Settings(
            {
                "strict": True,
                "sp": {"entityId": "urn:flex:JQ1", "assertionConsumerService": {"url": ACS}},
                "idp": {
                    "entityId": metadata.get("entityID"),
                    "singleSignOnService": {"url": self.org.address},
                    "x509cert": certificate,
                },
                "security": {"wantAttributeStatement": False, **signed},
            }
        )
