"""The signing keys of an Auth0 tenant, and its SAML metadata."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.sandbox.auth0_tenant import Json, Tenant

ID = "{urn:oasis:names:tc:SAML:2.0:metadata}"


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def certificate(key: Json) -> x509.Certificate:
    return x509.load_pem_x509_certificate(key["cert"].encode())


def test_certificates_are_like_the_vendors(tenant: Tenant) -> None:
    """Self-signed for the domain, good for 5,000 days, with three extensions (recording 51, decoded)."""
    current, following = tenant("GET", "/keys/signing")
    shown = certificate(current)

    assert shown.subject == shown.issuer
    assert shown.subject.rfc4514_string() == "CN=localhost:8400"
    assert shown.not_valid_after_utc - shown.not_valid_before_utc == timedelta(days=5_000)
    assert [each.oid._name for each in shown.extensions] == ["basicConstraints", "subjectKeyIdentifier", "keyUsage"]
    assert current["fingerprint"] == shown.fingerprint(hashes.SHA1()).hex(":").upper()
    assert (current["current"], following["next"]) == (True, True)
    assert "private" not in current


def test_rotation_moves_every_key_on(tenant: Tenant) -> None:
    """The next becomes current, the current previous; only a previous one can be revoked."""
    current, following = tenant("GET", "/keys/signing")
    rotated = tenant("POST", "/keys/signing/rotate")
    assert rotated == {"kid": following["kid"], "cert": following["cert"]}

    now = {each["kid"]: each for each in tenant("GET", "/keys/signing")}
    assert (now[current["kid"]]["previous"], now[following["kid"]]["current"], len(now)) == (True, True, 3)
    assert tenant.refused("PUT", f"/keys/signing/{following['kid']}/revoke")[0] == 400
    tenant("PUT", f"/keys/signing/{current['kid']}/revoke")
    assert tenant("GET", f"/keys/signing/{current['kid']}")["revoked"] is True


def test_metadata_names_the_tenant_its_key_and_its_addresses(tenant: Tenant) -> None:
    """For everybody, with the certificate that signs."""
    client = tenant.client()["client_id"]
    answer = tenant.bare("GET", f"/samlp/metadata/{client}")
    root = ElementTree.fromstring(answer.text)
    (service, *_) = root.iter(f"{ID}SingleSignOnService")
    (shown,) = root.iter("{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
    pem = tenant.bare("GET", "/pem")

    assert answer.headers["content-type"] == "application/xml"
    assert root.get("entityID") == "urn:localhost:8400"
    assert service.get("Location") == f"http://localhost:8400/samlp/{client}"
    assert str(shown.text) == "".join(pem.text.splitlines()[1:-1]) == tenant.bare("GET", "/rawpem").text
    assert tenant.bare("GET", "/cer").content == x509.load_pem_x509_certificate(pem.content).public_bytes(Encoding.DER)
    assert tenant.bare("GET", "/fingerprint").text == tenant("GET", "/keys/signing")[0]["fingerprint"]


def test_metadata_follows_the_add_on_and_the_rotation(tenant: Tenant) -> None:
    """An issuer of the client's own, and the next key after a rotation; no client, no metadata."""
    client = tenant.client(addons={"samlp": {"issuer": "urn:mine"}})["client_id"]
    before = tenant.bare("GET", f"/samlp/metadata/{client}").text
    assert ElementTree.fromstring(before).get("entityID") == "urn:mine"

    tenant("POST", "/keys/signing/rotate")
    assert tenant.bare("GET", f"/samlp/metadata/{client}").text != before
    assert tenant.bare("GET", "/samlp/metadata/nobody").status_code == 404
