"""Signing keys and SAML metadata in the Okta sandbox."""

import base64
import hashlib
from xml.etree import ElementTree

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from provisioner.sandbox.okta import app_keys
from tests.sandbox.okta_org import Org

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"


@pytest.fixture
def org() -> Org:
    return Org()


def metadata(org: Org, app: str, **query: str) -> ElementTree.Element:
    path = f"/api/v1/apps/{app}/sso/saml/metadata"
    answer = org.call("GET", path, headers={"accept": "application/xml"}, params=query)
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.content)


def test_a_key_is_a_real_one(org: Org) -> None:
    """The certificate is self-signed, lasts ten years, and fits the JWK around it and the private key behind it."""
    (key,) = org("GET", f"/apps/{org.app()['id']}/credentials/keys")
    der = base64.b64decode(key["x5c"][0])
    certificate = x509.load_der_x509_certificate(der)
    certificate.verify_directly_issued_by(certificate)
    private = serialization.load_pem_private_key(app_keys.material(org.visit, key["kid"])["private"].encode(), None)

    assert private.public_key() == certificate.public_key()
    assert key["x5t#S256"] == base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    assert certificate.not_valid_after_utc.isoformat()[:10] == key["expiresAt"][:10] == "2037-01-15"
    assert "CN=localhost" in certificate.subject.rfc4514_string()


def test_the_private_key_is_never_told(org: Org) -> None:
    """Neither answers nor the sandbox's state hold it."""
    app = org.app()["id"]
    texts = [org.call("GET", f"/api/v1/apps/{app}{path}").text for path in ("", "/credentials/keys")]
    texts.append(org.call("GET", "/_sandbox/state").text)

    assert not any("PRIVATE KEY" in text for text in texts)


def test_metadata_names_issuer_addresses_and_the_key_that_was_asked_for(org: Org) -> None:
    """The entity ID carries the app's external key; `kid` chooses among keys, and the key in use is the default."""
    app = org.app()
    (old,) = org("GET", f"/apps/{app['id']}/credentials/keys")
    new = org("POST", f"/apps/{app['id']}/credentials/keys/generate", validityYears="5")
    document = metadata(org, app["id"])
    external = document.attrib["entityID"].removeprefix("http://www.okta.com/")
    services = {each.attrib["Location"] for each in document.iter(f"{MD}SingleSignOnService")}

    assert services == {f"http://localhost:8400/app/{app['name']}/{external}/sso/saml"}
    for key, query in ((old, {}), (old, {"kid": old["kid"]}), (new, {"kid": new["kid"]})):
        (shown,) = metadata(org, app["id"], **query).iter(CERTIFICATE)
        assert "".join((shown.text or "").split()) == key["x5c"][0]


def test_a_rotation_is_a_new_key_named_by_a_replacement(org: Org) -> None:
    """The app signs with another key only after a PUT names one of its own keys."""
    app = org.app()
    new = org("POST", f"/apps/{app['id']}/credentials/keys/generate", validityYears="2")["kid"]
    assert org("GET", f"/apps/{app['id']}")["credentials"]["signing"]["kid"] == app["credentials"]["signing"]["kid"]

    app["credentials"]["signing"]["kid"] = new
    assert org("PUT", f"/apps/{app['id']}", app)["credentials"]["signing"]["kid"] == new

    app["credentials"]["signing"]["kid"] = "someone-elses"
    assert org.refused("PUT", f"/apps/{app['id']}", app)[:2] == (404, "E0000007")


def test_a_key_outlives_the_app_it_was_cloned_from(org: Org) -> None:
    """A clone is the same key for another app, and stays when the first app goes."""
    first, second = org.app(), org.app()["id"]
    kid = first["credentials"]["signing"]["kid"]
    org("POST", f"/apps/{first['id']}/credentials/keys/{kid}/clone", targetAid=second)
    org("POST", f"/apps/{first['id']}/lifecycle/deactivate")
    org("DELETE", f"/apps/{first['id']}")

    assert org("GET", f"/apps/{second}/credentials/keys/{kid}")["kid"] == kid


@pytest.mark.parametrize("years", ["", "1", "11", "two"])
def test_a_key_lasts_two_to_ten_years(org: Org, years: str) -> None:
    """Any other validity is refused."""
    path = f"/apps/{org.app()['id']}/credentials/keys/generate"

    assert org.refused("POST", path, validityYears=years)[:2] == (400, "E0000001")


def test_metadata_is_for_saml_apps_and_known_keys(org: Org) -> None:
    """An unknown key, and an app that signs no SAML, have none."""
    app = org.app()["id"]
    bookmark = {"name": "bookmark", "label": "B", "settings": {"app": {"url": "https://a.example"}}}
    other = org("POST", "/apps", bookmark)["id"]
    xml = {"accept": "application/xml"}

    for path in (f"{app}/sso/saml/metadata?kid=x", f"{other}/sso/saml/metadata"):
        assert org.call("GET", f"/api/v1/apps/{path}", headers=xml).status_code == 404
