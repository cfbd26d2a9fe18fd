"""Forms of the sandbox's own pages, which no other site may post."""

import pytest

from provisioner.sandbox import Sandbox, Store, create_app

from .conftest import Client

OWN = (
    "/flex/console",
    "/flex/sign-out",
    "/login/login.htm",
    "/login/signout",
    "/welcome/token",
    "/reset_password/token",
    "/u/login",
    "/u/reset-password",
    "/lo/reset",
)
FOR_OTHERS = (
    "/flex/login/callback",
    "/flex/v1/Accounts/AC1/saml2",
    "/app/flex/exk1/sso/saml",
    "/samlp/client",
    "/samlp/client/logout",
)
ELSEWHERE = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://evil.example"},
    {"origin": "http://acme.localhost:8400"},
    {"origin": "http://localhost:8401"},
    {"origin": "null"},
)
HERE: tuple[dict[str, str], ...] = (
    {},
    {"origin": "http://localhost:8400"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
)


@pytest.fixture(scope="module")
def everything() -> Sandbox:
    """A sandbox with every vendor."""
    return create_app(Store(None))


@pytest.mark.parametrize("path", OWN)
def test_another_site_posts_no_form_of_the_sandbox(everything: Sandbox, path: str) -> None:
    """A page that is open beside it could otherwise sign a person in as somebody else, or set up SSO of its own."""
    client = Client(everything)

    assert [client("POST", path, headers=each).status_code for each in ELSEWHERE] == [403] * len(ELSEWHERE)
    assert not any("own pages" in client("POST", path, headers=each).text for each in HERE)


@pytest.mark.parametrize("path", FOR_OTHERS)
def test_saml_messages_come_from_anywhere(everything: Sandbox, path: str) -> None:
    """Identity and service providers post from their own sites."""
    client = Client(everything)

    assert not any("own pages" in client("POST", path, headers=each).text for each in ELSEWHERE)
