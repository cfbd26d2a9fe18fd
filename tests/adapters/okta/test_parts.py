"""Small parts: metadata, credentials, scopes, budgets, the group and the attribute."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from provisioner.adapters import metadata
from provisioner.adapters.okta import group, keys, paths, scopes, user_attribute
from provisioner.adapters.okta.buckets import bucket_of
from provisioner.adapters.okta.credentials import OktaCredentials, chosen
from provisioner.adapters.okta.executor import ApiToken, PrivateKey
from provisioner.core.ownership import OWNER
from provisioner.errors import CredentialsError, NetworkError
from tests.adapters.okta.scripted import METADATA, a_group, a_plan

PEM = "-----BEGIN CERTIFICATE-----\nMIIDqDCC\n-----END CERTIFICATE-----\n"


def test_metadata_tells_what_flex_needs() -> None:
    """Issuer, the address for redirects, and the certificate in PEM form."""
    facts = metadata.facts(METADATA, vendor="Okta")

    assert (facts.issuer, facts.sso_url, facts.certificate) == (
        "http://www.okta.com/exk1",
        "https://acme/redirect",
        PEM,
    )


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
        ("<html>", "mismatched|no element"),
        ("<x/>", "missing"),
    ],
)
def test_anything_but_metadata_is_refused(xml: str, why: str) -> None:
    """A document type is refused before it is parsed; what is no metadata says so."""
    with pytest.raises(NetworkError, match=why):
        metadata.facts(xml, vendor="Okta")


def test_the_next_certificate_is_newer_than_the_active_one() -> None:
    """A key generated after the active one is the next; an older one, or none, is not."""
    old = {"kid": "old", "created": "2025-01-01T00:00:00.000Z", "x5c": ["AAAA"]}
    new = {"kid": "new", "created": "2026-01-01T00:00:00.000Z", "x5c": ["BBBB"]}

    assert keys.next_certificate([new, old], "old") == metadata.pem("BBBB")
    assert keys.next_certificate([new, old], "new") == ""
    assert keys.next_certificate([], "new") == ""


def settings(**values: str) -> OktaCredentials:
    return OktaCredentials.model_validate(values)


def test_a_plan_s_own_credentials_win() -> None:
    """What comes first counts as a set, also where the kinds differ."""
    common = settings(okta_api_token="common")
    own = settings(okta_client_id="0oa", okta_private_key="k", okta_dpop="true")

    token = chosen([settings(okta_api_token="mine"), common], ())
    service = chosen([own, common], ("okta.apps.read",))

    assert isinstance(token, ApiToken)
    assert token.token.get_secret_value() == "mine"
    assert isinstance(service, PrivateKey)
    assert (service.client_id, service.scopes, service.dpop) == ("0oa", ("okta.apps.read",), True)
    assert isinstance(chosen([settings(), common], ()), ApiToken)


@pytest.mark.parametrize("values", [{}, {"okta_client_id": "0oa"}, {"okta_api_token": " "}])
def test_missing_credentials_are_named(values: dict[str, str]) -> None:
    """What to set is said before anything is sent."""
    with pytest.raises(CredentialsError) as caught:
        chosen([settings(**values)], ())

    assert "OKTA_" in caught.value.hint or "OKTA_" in caught.value.message


def test_scopes_are_as_few_as_the_plan_needs() -> None:
    """Reading asks for nothing that writes; the schema counts only where the roles' attribute is the org's own."""
    custom = a_plan(users={"roles_attribute": "flexRoles"})

    assert scopes.needed(a_plan(), write=False) == ("okta.apps.read", "okta.groups.read", "okta.users.read")
    assert "okta.schemas.manage" in scopes.needed(custom, write=True)
    assert not any("schemas" in scope for scope in scopes.needed(a_plan(), write=True))


def test_budgets_are_okta_s_own() -> None:
    """Every path in the vendor's table that the adapter uses draws on the budget that the table names."""
    root = Path(os.environ.get("PROVISIONER_EVIDENCE", Path(__file__).parents[4] / "shared"))
    table = root / "facts/okta-rate-limit-buckets.txt"
    if not table.is_file():
        pytest.skip("the vendor's table of budgets is not here; set PROVISIONER_EVIDENCE to its folder")
    used = re.compile(r"/api/v1/(apps|groups|users|meta/schemas/user/default)(/ID(/(groups|users)(/ID)?)?)?")
    rows = [line.split(" ", 2) for line in table.read_text().splitlines()]
    expected = {(path, method): bucket for path, method, bucket in rows if used.fullmatch(path)}

    assert {key: bucket_of(key[1], key[0].replace("ID", "0oa1")) for key in expected} == expected


def test_what_goes_into_a_path_is_encoded() -> None:
    """A login may hold a slash, a percent sign or a question mark."""
    assert paths.below(paths.USERS, "a/b?c%d@acme.example") == "/api/v1/users/a%2Fb%3Fc%25d%40acme.example"


def test_a_group_without_mark_needs_none() -> None:
    """It is used as it is; adopting puts the mark below what its description says."""
    plan, theirs = a_plan(), a_group("Hotline, ask Kim")

    assert group.found(plan, theirs).owner is None
    assert OWNER not in group.wanted(plan, adopt=False).fields
    assert group.replacement(plan, theirs)["profile"]["description"] == (
        "Hotline, ask Kim\nmanaged by provisioner, plan acme-okta"
    )
    assert group.choose("Flex Agents", [a_group(name="Flex Agents EU"), theirs]) is theirs


def test_an_attribute_of_the_org_s_own_is_looked_for() -> None:
    """A base attribute needs nothing; another one is found in the schema, with its type, or is to be added."""
    texts = {"type": "array", "items": {"type": "string"}}
    schema = {"definitions": {"custom": {"properties": {"flexRoles": texts}}, "base": {"properties": {}}}}

    assert user_attribute.wanted(a_plan()) == ()
    assert [w.key for w in user_attribute.wanted(a_plan(users={"roles_attribute": "flexRoles"}))] == ["flexRoles"]
    assert user_attribute.found("other", schema) is None
    found = user_attribute.found("flexRoles", schema)
    assert found is not None
    assert found.native is True
