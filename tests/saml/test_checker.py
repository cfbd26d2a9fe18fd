"""What `check-response` says of a response, and how: keys, times, refusals, odd names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from provisioner.errors import ProvisionerError
from provisioner.flex.response.capture import Capture, find
from provisioner.flex.response.check import check
from tests.saml.bad import BAD
from tests.saml.battery import changed
from tests.saml.checker import AT, IDP, ISSUED, TRUSTED, checked, errors
from tests.saml.goods import LEGACY
from tests.saml.idp import (
    ACS,
    ATTRIBUTES,
    JQ,
    SAMLP,
    Login,
    add,
    assertion,
    form_value,
    good,
    good_message_signed,
    idp,
    response,
    sign,
    stamp,
    xml,
)
from tests.saml.idp import find as element

BOTH = ("response", "assertion")
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


def certificate_of(key: rsa.RSAPrivateKey, serial: int) -> x509.Certificate:
    """A certificate of its own for a key that has one."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.acme.example")])
    days = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
    return x509.CertificateBuilder(name, name, key.public_key(), serial, *days).sign(key, hashes.SHA256())


def test_legacy_addresses_are_held_against_legacy_values() -> None:
    """Nothing in the checks is of one kind of SSO alone, and a mix of both is called so."""
    document = good(Login(ISSUED, **LEGACY), IDP)  # type: ignore[arg-type]
    assert checked(document, TRUSTED._replace(acs_url=LEGACY["acs"], audience=LEGACY["audience"])).ok
    assert "an address of legacy SSO" in checked(document).findings[0].message


def test_what_was_changed_is_not_believed() -> None:
    """What a broken signature covers is shown, and said to be nobody's word."""
    found = checked(BAD["name_id_changed"].make(Login(ISSUED), IDP))
    assert (found.signed, found.name_id) == ((), "root@acme.example")


def test_a_rotated_key_is_told_with_both_certificates() -> None:
    """The commonest failure after months of peace: the remedy is to paste the certificate again."""
    rotated = idp("idp.other.example")
    (finding,) = (each for each in checked(good(Login(ISSUED), rotated)).findings if each.code == "FLEX366")
    assert "until 2040-01-01 (4,733 days left); Flex has" in finding.message
    assert "paste the certificate that `provisioner outputs` prints" in finding.hint
    waiting = checked(good(Login(ISSUED), rotated), TRUSTED._replace(next_certificate_pem=rotated.pem))
    assert "signs with its next certificate by now" in waiting.findings[0].hint


def test_everything_is_told_at_once() -> None:
    """An administrator mends it in one go."""
    claims = {"Email": ["ana@acme.example"], "full_name": ["null"], "roles": ["Admin"]}
    wrong = Login(ISSUED - 3600, audience="urn:flex:other", name_id="auth0|65f0", attributes=claims)
    codes = [finding.code for finding in checked(good(wrong, idp("idp.other.example"))).findings]
    assert codes == ["FLEX366", "FLEX373", "FLEX376", "FLEX322", "FLEX301", "FLEX305", "FLEX310"]


@pytest.mark.parametrize(
    ("posted", "at", "now", "codes"),
    [
        (None, None, 30 * 86400, ""),
        (10, None, 30 * 86400, ""),
        (479, None, 30 * 86400, ""),
        (480, None, 30 * 86400, "FLEX376"),
        (None, 3600, 3700, "FLEX376"),
        (-179, None, 3600, ""),
        (-181, None, 3600, "FLEX377 FLEX375"),
        (None, None, -200, "FLEX377"),
    ],
)
def test_a_capture_is_judged_at_the_time_of_its_login(posted: int | None, at: int | None, now: int, codes: str) -> None:
    """Its age is no fault. Clocks may differ by three minutes, and what is from the future is told."""

    def time(offset: int | None) -> datetime | None:
        return None if offset is None else AT + timedelta(seconds=offset)

    capture = Capture(good(Login(ISSUED), IDP), posted=time(posted))
    found = check(capture, TRUSTED, AT + timedelta(seconds=now), time(at))
    assert errors(found) == codes


OTHER = ACS.replace("JQ0", "JQf")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (ACS, ""),
        ("", ""),
        (f"http://localhost:8400/flex/login/callback?connection={JQ}", ""),
        (f"http://127.0.0.1/flex/login/callback?connection={JQ}", ""),
        (
            f"http://acme.localhost:1{ACS[-40:].replace('JQ0', 'JQf')}",
            f"of another Flex connection than {JQ}: this Flex",
        ),
        (OTHER, f"was posted to `{OTHER}`, of another Flex connection than {JQ}: this Flex"),
        ("https://iam.twilio.com/v1/Accounts/AC1/saml2", f"AC1/saml2`, not `{ACS}`: this Flex"),
        ("https://localhost.evil.example/acs", f"was posted to `https://localhost.evil.example/acs`, not `{ACS}`"),
    ],
)
def test_where_it_was_posted_counts(address: str, words: str) -> None:
    """The Flex that is asked about never saw a response that went elsewhere; the sandbox stands for any."""
    found = check(Capture(good(Login(ISSUED), IDP), address), TRUSTED, AT, AT)
    told = [finding.message for finding in found.findings if finding.code == "FLEX386"]
    assert [words in message for message in told] == ([True] if words else [])
    assert (("Sent", f"posted to {address}") in found.facts) == bool(address)


def test_a_deflated_response_is_told() -> None:
    """Nothing keeps an address in a form from being read here, but Flex reads no deflated one."""
    found = check(Capture(good(Login(ISSUED), IDP), deflated=True), TRUSTED, AT, AT)
    assert (found.ok, found.findings[0].code) == (True, "FLEX387")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (good(Login(ISSUED), IDP), "response, assertion"),
        (good_message_signed(Login(ISSUED), IDP), "response"),
        (xml(response(Login(ISSUED), assertion(Login(ISSUED)))), "nothing; what it says"),
        (good(Login(ISSUED), IDP).replace(b"Ana Diaz", b"Bo Meier"), "nothing by a signature that holds; what it says"),
        (good(Login(ISSUED), idp("idp.other.example")), "not by the key that Flex was given; what it says"),
    ],
)
def test_what_is_signed_is_shown(document: bytes, words: str) -> None:
    """An unsigned response is told from a changed one, and from one of another key."""
    assert dict(checked(document).facts)["Signed"].startswith(words)


@pytest.mark.parametrize(("inserted", "kind"), [(b"<!-- -->", "comment"), (b"<?x y?>", "processing instruction")])
def test_what_splits_a_value_is_named(inserted: bytes, kind: str) -> None:
    """A comment is no processing instruction."""
    found = checked(good(Login(ISSUED), IDP).replace(b">ana@", b">an" + inserted + b"a@"))
    told = [finding.message for finding in found.findings if finding.code == "FLEX383"]
    assert [message.startswith(f"A {kind} stands inside") for message in told] == [True, True]


def test_a_new_certificate_of_the_same_key_is_told() -> None:
    """The signature holds, so it is no error; but Flex shows another certificate than the identity provider."""
    renewed = replace(IDP, certificate=certificate_of(IDP.key, serial=2))
    found = checked(good(Login(ISSUED), renewed))
    assert (found.signed, found.findings[0].code, found.ok) == (BOTH, "FLEX371", True)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("SessionNotOnOrAfter", stamp(ISSUED + 1800), "FLEX380"),
        ("SessionNotOnOrAfter", stamp(ISSUED + 8 * 3600), None),
        ("SessionNotOnOrAfter", "tonight", "FLEX379"),
    ],
)
def test_a_session_has_a_length(name: str, text: str, code: str | None) -> None:
    """A short one logs agents out during their shift; what is no time is told as it stands."""
    document = changed(Login(ISSUED), IDP, lambda each: element(each, "saml:AuthnStatement").set(name, text))
    codes = [finding.code for finding in checked(document).findings if finding.code != "FLEX309"]
    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("codes", "words", "told", "advice"),
    [
        (
            ["Responder", "InvalidNameIDPolicy"],
            "",
            "Responder/InvalidNameIDPolicy",
            "set the application's NameID format",
        ),
        (
            ["Responder", "AuthnFailed"],
            "No Flex roles",
            ", with the words `No Flex roles`: it did not let",
            "its words say",
        ),
        (["Responder"], "", "answered Responder instead of Success: there was no login", "look into its log"),
    ],
)
def test_a_refusal_of_the_identity_provider_is_explained(codes: list[str], words: str, told: str, advice: str) -> None:
    """Its codes, its words, what people see of it, and where to look; nothing else is said then."""
    root = response(Login(ISSUED))
    code = element(root, "samlp:Status/samlp:StatusCode")
    code.set("Value", f"{STATUS}{codes[0]}")
    for inner in codes[1:]:
        add(code, SAMLP, "StatusCode", Value=f"{STATUS}{inner}")
    if words:
        add(element(root, "samlp:Status"), SAMLP, "StatusMessage", words)
    (finding,) = checked(xml(sign(root, IDP))).findings
    assert (finding.code, told in finding.message, advice in finding.hint) == ("FLEX360", True, True)


def test_a_claim_without_end_is_told_in_few_words() -> None:
    """Who sends a megabyte of roles is not told of each."""
    roles = ",".join(map(str, range(100_000)))
    login = Login(ISSUED, attributes={**ATTRIBUTES, "roles": [roles], "level.int": ["1" * 300_000]})
    found = checked(good(login, IDP))
    assert len(found.findings) == 21
    assert all(len(finding.message) < 500 for finding in found.findings)


def test_an_ended_certificate_is_told_though_the_signature_holds() -> None:
    """What Flex makes of it nobody knows; that it is to be replaced everybody does."""
    login = Login(2_300_000_000.0)
    late = datetime.fromtimestamp(login.issued, UTC)
    found = check(Capture(good(login, IDP)), TRUSTED, late)
    assert (found.signed, errors(found)) == (BOTH, "FLEX370")


# What XML can hold at all; a line end of another system becomes one of XML's when it is read.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


@given(TEXTS, TEXTS)
def test_odd_names_come_through(full_name: str, name_id: str) -> None:
    """Quotes, umlauts, emoji and XML's specials: what was signed is what is read."""
    login = Login(ISSUED, name_id=name_id, attributes={**ATTRIBUTES, "full_name": [full_name]})
    found = check(find(form_value(good(login, IDP)).encode()), TRUSTED, AT, AT)
    assert (found.signed, found.name_id, found.attributes["full_name"]) == (BOTH, name_id, (full_name,))


SIGNED = good(Login(ISSUED), IDP)
PIECES = st.sampled_from([b"", b"<!-- -->", b"<", b">", b"&amp;", b"&#0;", b'"', b" ", b"x", b"\xff"])


@given(st.integers(0, len(SIGNED)), st.integers(0, 40), PIECES)
def test_no_change_goes_unnoticed(at: int, length: int, piece: bytes) -> None:
    """Whatever is cut out or put in: it is no response any more, it is told, or it changed nothing that counts."""
    try:
        found = checked(SIGNED[:at] + piece + SIGNED[at + length :])
    except ProvisionerError:
        return
    whole = checked(SIGNED)
    assert not found.ok or (found.name_id, found.attributes) == (whole.name_id, whole.attributes)
