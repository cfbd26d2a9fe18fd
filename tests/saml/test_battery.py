"""`check-response` held against the battery of good and bad responses."""

from __future__ import annotations

import pytest

from provisioner.errors import ProvisionerError
from tests.saml.bad import BAD
from tests.saml.battery import UNREADABLE
from tests.saml.checker import IDP, ISSUED, checked, errors
from tests.saml.goods import goods
from tests.saml.idp import Login

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


@pytest.mark.parametrize("name", GOOD)
def test_a_good_response_passes(name: str) -> None:
    """And what it says is what the identity provider was told to say, letter by letter."""
    login, document = GOOD[name]
    found = checked(document)
    assert (found.ok, found.signed[0]) == (True, "response")
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
