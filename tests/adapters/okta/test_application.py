"""The application: from plan to Okta's JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.adapters.okta import application
from provisioner.adapters.okta.plan import OktaPlan
from provisioner.core.diff import differing
from provisioner.core.ownership import Mark
from provisioner.errors import Refused
from tests.adapters.okta.scripted import a_plan, an_app

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
filters = st.dictionaries(
    st.sampled_from(["starts_with", "equals", "contains", "regex"]), words, min_size=1, max_size=1
)
formats = st.fixed_dictionaries({"format": st.sampled_from(["basic", "uri", "unspecified"])})
statements = st.tuples(formats, st.builds(lambda v: {"value": v}, words) | st.builds(lambda g: {"group": g}, filters))
settings = st.fixed_dictionaries(
    {},
    optional={
        "samlAssertionLifetimeSeconds": st.integers(1, 3600),
        "spIssuer": words,
        "slo": st.fixed_dictionaries({"enabled": st.booleans(), "issuer": words}),
        "allowMultipleAcsEndpoints": st.booleans(),
        "acsEndpoints": st.lists(st.fixed_dictionaries({"index": st.integers(0, 9), "url": words}), max_size=2),
        "honorForceAuthn": st.booleans(),
        "samlSignedRequestEnabled": st.booleans(),
        "signatureAlgorithm": st.sampled_from(["RSA_SHA1", "RSA_SHA256"]),
    },
)
sections = st.fixed_dictionaries(
    {
        "label": words,
        "username": words,
        "name_id": st.fixed_dictionaries({"template": words, "format": st.sampled_from(["unspecified", "persistent"])}),
        "attribute_statements": st.dictionaries(words, statements.map(lambda parts: parts[0] | parts[1]), max_size=4),
        "settings": settings,
    }
)


def fields_that_differ(plan: OktaPlan, app: dict[str, Any]) -> dict[str, Any]:
    return {f.path: f.before for f in differing(application.wanted(plan), application.found(plan, app))}


@given(sections)
def test_what_was_created_has_no_difference(section: dict[str, Any]) -> None:
    """Whatever a plan says, reading back the body that creates the application shows no difference."""
    plan = a_plan(application=section)

    assert fields_that_differ(plan, an_app(plan)) == {}


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("ssoAcsUrl", "https://elsewhere", "acs_url"),
        ("recipient", "https://elsewhere", "recipient"),
        ("destination", "https://elsewhere", "destination"),
        ("allowMultipleAcsEndpoints", True, "further_acs_urls"),
        ("acsEndpoints", [{"index": 0, "url": "https://elsewhere"}], "further_acs_urls"),
        ("audience", "urn:flex:JQ2", "audience"),
        ("defaultRelayState", "x", "relay_state"),
        ("subjectNameIdFormat", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "name_id.format"),
        ("subjectNameIdTemplate", "${user.email}", "name_id.template"),
        ("responseSigned", False, "response_signed"),
        ("assertionSigned", False, "assertion_signed"),
        ("signatureAlgorithm", "RSA_SHA1", "signature_algorithm"),
        ("digestAlgorithm", "SHA1", "digest_algorithm"),
        ("assertionEncryption", {"enabled": True, "x5c": ["MII"]}, "encryption"),
        ("inlineHooks", [{"id": "cal1", "_links": {}}], "inline_hooks"),
        ("authnContextClassRef", "urn:federation:authentication:windows", "authn_context"),
        ("honorForceAuthn", False, "honor_force_authn"),
        ("samlSignedRequestEnabled", True, "signed_requests"),
        ("idpIssuer", "urn:mine", "issuer"),
    ],
)
def test_every_line_of_the_guide_is_held_to(member: str, value: Any, path: str) -> None:
    """A setting that the Flex guide names shows when somebody changes it, and a replacement sets it right."""
    plan = a_plan()
    app = an_app(plan)
    app["settings"]["signOn"][member] = value

    # Recipient and destination only show where they are not the ACS URL.
    assert path in fields_that_differ(plan, app)
    assert fields_that_differ(plan, {**app, **application.replacement(plan, app)}) == {}


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ({"userSuffix": "@elsewhere"}, {"username": "${source.login}@elsewhere"}),
        ({"type": "CUSTOM", "pushStatus": "DONT_PUSH"}, {"username_type": "CUSTOM"}),
        ({"type": "NONE"}, {"username_type": "NONE"}),
    ],
)
def test_user_names_are_made_as_planned(added: dict[str, str], told: dict[str, str]) -> None:
    """What becomes the NameID hangs on more than the template; a replacement sets all of it right."""
    plan = a_plan()
    app = an_app(plan)
    app["credentials"]["userNameTemplate"] |= added

    assert fields_that_differ(plan, app) == told
    assert fields_that_differ(plan, {**app, **application.replacement(plan, app)}) == {}


def test_a_template_that_okta_calls_built_in_is_the_same() -> None:
    """Which of its own templates Okta files under which type is its affair."""
    plan = a_plan(application={"username": "${source.samAccountName}"})
    app = an_app(plan)
    app["credentials"]["userNameTemplate"]["type"] = "BUILT_IN"

    assert fields_that_differ(plan, app) == {}


def test_a_statement_that_the_plan_does_not_name_goes() -> None:
    """Attribute statements are the plan's alone: a further one shows as a difference, and a replacement lacks it."""
    plan = a_plan()
    app = an_app(plan)
    further = {"type": "EXPRESSION", "name": "phone", "namespace": "", "values": ["user.mobilePhone"]}
    app["settings"]["signOn"]["attributeStatements"].insert(0, further)

    assert fields_that_differ(plan, app) == {"attribute_statements.*": ("phone:  user.mobilePhone",)}
    assert further not in application.replacement(plan, app)["settings"]["signOn"]["attributeStatements"]


def test_the_order_of_statements_means_nothing() -> None:
    """Okta keeps the order as sent; two orders are the same."""
    plan = a_plan()
    app = an_app(plan)
    app["settings"]["signOn"]["attributeStatements"].reverse()

    assert fields_that_differ(plan, app) == {}


def test_a_setting_shows_only_what_the_plan_names_in_it() -> None:
    """Okta adds members inside a setting and folds certificates; neither is a difference."""
    plan = a_plan(application={"settings": {"spCertificate": {"x5c": ["MIIDpDCC"]}, "slo": {"enabled": True}}})
    app = an_app(plan)
    app["settings"]["signOn"]["spCertificate"] = {"x5c": ["MIID\r\npDCC\r\n"], "_links": {}}
    app["settings"]["signOn"]["slo"] = {"enabled": False, "issuer": "x"}

    assert fields_that_differ(plan, app) == {"settings.slo": '{"enabled": false}'}


def test_a_replacement_keeps_what_is_not_ours() -> None:
    """PUT replaces the whole object, so all that the plan does not manage goes along, and nothing that Okta refuses."""
    plan = a_plan()
    app = an_app(
        plan, visibility={"hide": {"web": True}}, accessibility={"selfService": False, "loginRedirectUrl": None}
    )
    app["settings"]["signOn"]["samlAssertionLifetimeSeconds"] = 300
    app["settings"]["notes"] = {"admin": "ask Kim before changes", "enduser": None}
    body = application.replacement(plan, app, Mark(plan.name, "0123456789abcdef"))

    assert body["visibility"] == {"hide": {"web": True}}
    assert body["accessibility"] == {"selfService": False}
    assert body["credentials"]["signing"] == {"kid": "kid1"}
    assert body["settings"]["signOn"]["samlAssertionLifetimeSeconds"] == 300
    assert body["settings"]["notes"] == {
        "admin": "ask Kim before changes\nmanaged by provisioner, plan acme-okta, applied 0123456789abcdef"
    }
    assert not {"id", "status", "created", "features", "_links"} & set(body)
    assert "null" not in json.dumps(body)


def test_a_replacement_keeps_the_digest_of_the_last_complete_apply() -> None:
    """Until everything is applied, the mark goes on saying what was applied last."""
    plan = a_plan()
    app = an_app(plan)
    app["settings"]["notes"]["admin"] = "managed by provisioner, plan acme-okta, applied 0123456789abcdef"

    assert application.replacement(plan, app)["settings"]["notes"] == app["settings"]["notes"]


def test_the_mark_finds_a_renamed_application() -> None:
    """The application with our mark is ours, whatever its label; the right label alone does not make one ours."""
    plan = a_plan()
    renamed, same_label = an_app(plan, "0oa1", label="Old name"), an_app(plan, "0oa2")
    same_label["settings"]["notes"] = {}

    assert application.choose(plan, [same_label, renamed]) is renamed
    assert fields_that_differ(plan, renamed) == {"label": "Old name"}


def test_an_application_without_mark_is_not_ours() -> None:
    """An application of the plan's label that carries no mark is found, and belongs to nobody."""
    plan = a_plan()
    app = an_app(plan)
    app["settings"]["notes"] = None

    assert application.choose(plan, [app, an_app(plan, "0oa2", signOnMode="OPENID_CONNECT")]) is app
    assert application.found(plan, app).owner == ""


@pytest.mark.parametrize(
    ("notes", "remedy"),
    [
        ({"admin": "managed by provisioner, plan acme-okta"}, "delete all but one, or take .* out of the notes"),
        ({}, "delete or rename all but one"),
    ],
)
def test_twins_are_refused(notes: dict[str, str], remedy: str) -> None:
    """Two applications that could be the plan's are for people to sort out; both ids are told, and what helps."""
    plan = a_plan()
    twins = [an_app(plan, "0oa1"), an_app(plan, "0oa2")]
    for twin in twins:
        twin["settings"]["notes"] = notes

    with pytest.raises(Refused, match=rf"0oa1.*0oa2.*{remedy}"):
        application.choose(plan, twins)


@pytest.mark.parametrize(
    ("sign_on", "told"),
    [
        ({"allowMultipleAcsEndpoints": True, "acsEndpoints": [{"index": 0, "url": "ACS"}]}, True),
        ({"allowMultipleAcsEndpoints": True, "acsEndpoints": [{"index": 0, "url": "https://other"}, {}]}, False),
        ({"allowMultipleAcsEndpoints": False, "acsEndpoints": [{"index": 0, "url": "ACS"}]}, False),
        ({"allowMultipleAcsEndpoints": True, "acsEndpoints": None}, False),
        ({"ssoAcsUrlOverride": "ACS"}, True),
    ],
)
def test_rivals_may_post_there_on_request(sign_on: dict[str, Any], told: bool) -> None:
    """A further ACS URL counts while such are allowed, and so does one that overrides a catalogue application's."""
    plan = a_plan()
    mine, other = an_app(plan), an_app(plan, "0oa2")
    acs = mine["settings"]["signOn"]["ssoAcsUrl"]
    said = json.loads(json.dumps(sign_on).replace("ACS", acs))
    other["settings"]["signOn"] |= {"ssoAcsUrl": "https://other"} | said

    assert bool(application.rivals(plan, [mine, other], mine)) is told


def test_rivals_post_to_the_same_address() -> None:
    """Other active applications that post to the plan's ACS URL are told, each under an address of its own."""
    plan = a_plan()
    mine, other = an_app(plan), an_app(plan, "0oa2", label="Flex test")
    apps = [
        mine,
        other,
        an_app(plan, "0oa3"),
        an_app(plan, "0oa4", status="INACTIVE"),
        {"label": "x", "settings": None},
    ]

    rivals = application.rivals(plan, apps, mine)

    assert [rival.address for rival in rivals] == ["rival_application:Flex test", "rival_application:Twilio Flex"]
