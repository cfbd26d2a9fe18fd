"""`check-response` held against the battery of good and bad responses."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.errors import ProvisionerError
from provisioner.flex.response.capture import Capture, find
from provisioner.flex.response.check import Checked, check
from provisioner.flex.response.trusted import Trusted
from tests.saml.bad import BAD
from tests.saml.battery import UNREADABLE
from tests.saml.goods import LEGACY, goods
from tests.saml.idp import ACS, ATTRIBUTES, AUDIENCE, ISSUER, Login, form_value, good, idp

ISSUED = 1_800_000_000.0
AT = datetime.fromtimestamp(ISSUED, UTC)
IDP = idp()
TRUSTED = Trusted(IDP.pem, ISSUER, ACS, AUDIENCE)
GOOD = goods(ISSUED, IDP)

# What the checker says of each, errors alone. Those that nothing can be read from are not listed.
CODES = {
    "another_audience": "FLEX373",
    "another_connection_s_destination": "FLEX374",
    "another_connection_s_recipient": "FLEX374",
    "another_host": "FLEX374",
    "another_issuer": "FLEX372",
    "another_issuer_within": "FLEX372",
    "answer_to_two_requests": "FLEX382",
    "attribute_named_twice": "FLEX384",
    "claims_in_a_namespace": "FLEX301 FLEX301 FLEX301",
    "claims_in_capitals": "FLEX301 FLEX301 FLEX301",
    "comment_in_name_id": "FLEX383",
    "confirmation_expired": "FLEX376",
    "confirmation_without_end": "FLEX378",
    "empty_email": "FLEX302",
    "empty_name_id": "FLEX320",
    "empty_roles": "FLEX302",
    "encrypted_assertion": "FLEX363",
    "expired": "FLEX376",
    "identity_provider_refused": "FLEX360",
    "insights_role_alone": "FLEX307 FLEX308",
    "meant_for_another_connection": "FLEX374",
    "name_id_changed": "FLEX367",
    "name_id_too_long": "FLEX321",
    "no_assertion": "FLEX361",
    "no_attributes": "FLEX301 FLEX301 FLEX301",
    "no_audience": "FLEX378",
    "no_authn_statement": "FLEX378",
    "no_bearer": "FLEX378",
    "no_conditions": "FLEX378 FLEX378",
    "no_email": "FLEX301",
    "no_full_name": "FLEX301",
    "no_name_id": "FLEX320",
    "no_recipient": "FLEX378",
    "no_roles": "FLEX301",
    "not_yet_valid": "FLEX377 FLEX375",
    "only_the_assertion_signed": "FLEX365",
    "padded_roles": "FLEX306",
    "recipient_without_query": "FLEX374",
    "role_changed": "FLEX367",
    "role_in_capitals": "FLEX305",
    "session_ended": "FLEX381",
    "signature_taken_off_and_its_element_left": "FLEX367",
    "signed_by_another": "FLEX366",
    "signed_by_another_under_the_right_certificate": "FLEX367",
    "text_as_number": "FLEX311",
    "text_as_truth": "FLEX311",
    "text_in_a_list_of_numbers": "FLEX311",
    "two_assertions": "FLEX362",
    "type_in_capitals": "FLEX312",
    "unknown_role": "FLEX305",
    "unknown_type": "FLEX312",
    "unsigned": "FLEX364",
    "version_1": "FLEX385",
    "wrapped_assertion_first": "FLEX362 FLEX364",
    "wrapped_assertion_in_assertion": "FLEX368",
    "wrapped_assertion_in_extensions": "FLEX368",
    "wrapped_assertion_in_object": "FLEX368",
    "wrapped_assertion_in_signature": "FLEX368",
    "wrapped_assertion_last": "FLEX362 FLEX368",
    "wrapped_response_beside_signature": "FLEX368",
    "wrapped_response_in_extensions": "FLEX368",
    "wrapped_response_in_signature": "FLEX368",
}
# No error, each for a reason.
TAKEN = {
    "answer_to_an_unknown_request": "a captured response does not show what was asked",
    "signed_with_sha1": "both libraries behind Flex take SHA-1: a warning",
    "digested_with_sha1": "both libraries behind Flex take SHA-1: a warning",
}


def checked(document: bytes, trusted: Trusted = TRUSTED) -> Checked:
    """As it would be captured: the base64 of the form field."""
    return check(find(base64.b64encode(document)), trusted, AT, AT)


def errors(found: Checked) -> str:
    return " ".join(finding.code for finding in found.findings if finding.severity == "error")


@pytest.mark.parametrize("name", GOOD)
def test_a_good_response_passes(name: str) -> None:
    """And what it says is what the identity provider was told to say, letter by letter."""
    login, document = GOOD[name]
    found = checked(document)
    assert (found.ok, found.signed) == (True, "response")
    assert found.name_id == login.name_id
    assert found.attributes == {claim: tuple(values) for claim, values in login.attributes.items()}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_response_is_told(name: str) -> None:
    """Each with its code and nothing beside it, or refused as no response at all."""
    bad = BAD[name]
    document = bad.make(Login(ISSUED, in_response_to="_asked"), IDP)
    if bad.code == UNREADABLE:
        with pytest.raises(ProvisionerError, match="no SAML response can be read"):
            checked(document)
    else:
        assert (name in TAKEN, errors(checked(document))) == (name not in CODES, CODES.get(name, ""))


def test_legacy_addresses_are_held_against_legacy_values() -> None:
    """Nothing in the checks is of one kind of SSO alone, and a mix of both is called so."""
    document = good(Login(ISSUED, **LEGACY), IDP)  # type: ignore[arg-type]
    assert checked(document, TRUSTED._replace(acs_url=LEGACY["acs"], audience=LEGACY["audience"])).ok
    assert "an address of legacy SSO" in checked(document).findings[0].message


def test_what_was_changed_is_not_believed() -> None:
    """What a broken signature covers is shown, and said to be nobody's word."""
    found = checked(BAD["name_id_changed"].make(Login(ISSUED), IDP))
    assert (found.signed, found.name_id) == ("", "root@acme.example")


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
    assert (found.signed, errors(found)) == ("response", "FLEX370")


# What XML can hold at all; a line end of another system becomes one of XML's when it is read.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)


@given(TEXTS, TEXTS)
def test_odd_names_come_through(full_name: str, name_id: str) -> None:
    """Quotes, umlauts, emoji and XML's specials: what was signed is what is read."""
    login = Login(ISSUED, name_id=name_id, attributes={**ATTRIBUTES, "full_name": [full_name]})
    found = check(find(form_value(good(login, IDP)).encode()), TRUSTED, AT, AT)
    assert (found.signed, found.name_id, found.attributes["full_name"]) == ("response", name_id, (full_name,))


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
