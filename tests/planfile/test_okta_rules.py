"""Rules applied to an Okta plan: one edit of a clean plan, one finding."""

from datetime import date

import pytest

from provisioner.adapters.okta.plan import OktaPlan
from tests.planfile.conftest import Load, changed

SID = "JQ0123456789abcdef0123456789abcdef"
OTHER = "JQ" + "f" * 32
ACS = "https://login.flex.us1.twilio.com/login/callback?connection="
LEGACY = "https://iam.twilio.com/v1/Accounts/AC0123456789abcdef0123456789abcdef/saml2"


def setting(text: str) -> tuple[str, str]:
    return ("settings: {}", f"settings: {{ {text} }}")


def statement(text: str) -> tuple[str, str]:
    return ("    email:  ", f"    {text}\n    email:  ")


CASES = [
    # Addresses.
    (setting(f'ssoAcsUrl: "{ACS}{OTHER}"'), "FLEX001 error application.settings.ssoAcsUrl"),
    (setting(f'recipient: "{ACS}{OTHER}"'), "FLEX001 error application.settings.recipient"),
    (setting(f'audience: "urn:flex:{OTHER}"'), "FLEX001 error application.settings.audience"),
    (setting(f"ssoAcsUrl: {LEGACY}"), "FLEX002 error application.settings.ssoAcsUrl"),
    (setting(f"audience: {LEGACY}/metadata"), "FLEX002 error application.settings.audience"),
    (setting("ssoAcsUrl: https://preview.twilio.com/iam/Accounts/AC0/saml2"), "FLEX003 error application.settings.sso"),
    (setting(f"ssoAcsUrl: h{LEGACY}"), "FLEX004 error application.settings.ssoAcsUrl"),
    (setting(f"ssoAcsUrl: {LEGACY}/metadata"), "FLEX005 error application.settings.ssoAcsUrl"),
    (("sso: enhanced", f"account_sid: AC{'0' * 32}\n  sso: legacy"), "FLEX006 warning flex.sso"),
    (("sso: enhanced", f"account_sid: AC{'0' * 32}\n  sso: enhanced"), "FLEX007 warning flex.account_sid"),
    # Claims.
    (("    email:  ", "    e_mail:  "), "FLEX010 error application.attribute_statements"),
    (
        ("    email:  ", "    http://schemas.example/claims/email:  "),
        "FLEX011 error application.attribute_statements.http",
    ),
    (statement("Email: { value: user.email }"), "FLEX012 warning application.attribute_statements.Email"),
    (statement("role: { value: user.x }"), "FLEX012 warning application.attribute_statements.role"),
    (statement("skills.strings: { value: user.x }"), "FLEX013 error application.attribute_statements.skills.strings"),
    (statement("level.integer: { value: user.x }"), "FLEX013 error application.attribute_statements.level.integer"),
    # Roles of Flex Insights.
    (("[admin]", "[agent, wfo.team_leader]"), "FLEX020 error user:ana@acme.example"),
    (("[admin]", "[admin, wfo.team_leader]"), "FLEX021 warning users"),
    (("create: true", "create: false"), "FLEX022 warning users.create"),
    # Signatures, subject, session.
    (setting("responseSigned: false"), "FLEX030 error application.settings.responseSigned"),
    (setting("assertionSigned: false"), "FLEX031 warning application.settings.assertionSigned"),
    (setting("signatureAlgorithm: RSA_SHA1"), "FLEX032 warning application.settings.signatureAlgorithm"),
    (setting("digestAlgorithm: SHA1"), "FLEX032 warning application.settings.digestAlgorithm"),
    (setting("samlSignedRequestEnabled: true"), "FLEX038 error application.settings.samlSignedRequestEnabled"),
    (setting("assertionEncryption: { enabled: true }"), "FLEX033 error application.settings.assertionEncryption"),
    (setting("defaultRelayState: https://x.example"), "FLEX034 warning application.settings.defaultRelayState"),
    (("format: unspecified", "format: transient"), "FLEX035 error application.name_id.format"),
    (("format: unspecified", "format: persistent"), "FLEX036 warning application.name_id.format"),
    (setting("samlAssertionLifetimeSeconds: 600"), "FLEX037 warning application.settings.samlAssertionLifetimeSeconds"),
    # The Console form.
    (
        ("sso: enhanced", 'trusted_urls: ["https://*.acme.example"]\n  default_redirect_url: https://a.example'),
        "FLEX040 error",
    ),
    (
        ("sso: enhanced", "trusted_urls: [acme.example]\n  default_redirect_url: https://a.example"),
        "FLEX041 error flex.tr",
    ),
    (("sso: enhanced", "trusted_urls: [http://localhost:3000]\n  sso: enhanced"), "FLEX042 warning flex.trusted_urls"),
    # Okta's own.
    (("value: user.email", 'value: "${user.email}"'), "OKTA001 warning application.attribute_statements.email"),
    (("value: user.email", "value: user.profile.email"), "OKTA002 warning application.attribute_statements.email"),
    (("value: user.userType", "value: 'String.split(user.userType)'"), "OKTA002 warning application.attribute_stateme"),
    (setting("attributeStatements: []"), "OKTA003 error application.settings.attributeStatements"),
    (setting("honourForceAuthn: true"), "OKTA004 warning application.settings.honourForceAuthn"),
    (
        ("value: user.userType", "group: { starts_with: flex }"),
        "OKTA005 warning application.attribute_statements.roles",
    ),
    (
        ("value: user.userType", "group: { regex: ^(agent|boss)$ }"),
        "OKTA005 warning application.attribute_statements.rol",
    ),
    (("value: user.userType", "value: user.title"), "OKTA006 warning application.attribute_statements.roles"),
    (("format: uri,  ", "format: basic,"), "OKTA007 warning application.attribute_statements.image_url"),
    (('"${user.userName}"', "user.userName"), "OKTA008 warning application.name_id.template"),
    (("login: ana@acme.example", "login: ana, email: ana@acme.example"), "OKTA009 error user:ana"),
    (("login: ana@acme.example", "login: ana.diaz"), "OKTA010 error user:ana.diaz"),
    (("roles: [admin]", "roles: [admin], profile: { userType: admin }"), "OKTA011 error user:ana@acme.example"),
    (("login: bo@", "login: Aná@"), "OKTA012 error user:aná@acme.example"),
    (("roles: [admin]", "roles: [admin], profile: { mobilePhone: 555 }"), "OKTA013 error user:ana@acme.example"),
    (("roles: [admin]", f"roles: [admin], profile: {{ city: {'x' * 129} }}"), "OKTA013 error user:ana@acme.example"),
    (
        ("roles: [admin]", "roles: [admin], profile: { profileUrl: 'javascript:x' }"),
        "OKTA013 error user:ana@acme.example",
    ),
]


@pytest.mark.parametrize(("edit", "said"), CASES, ids=[said for _, said in CASES])
def test_one_slip_is_one_finding(load_text: Load, edit: tuple[str, str], said: str) -> None:
    """Code, severity and path; every finding says what to do or what it means."""
    old, new = edit
    if old == "sso: enhanced" and "sso:" not in new:
        new += "\n  sso: enhanced"
    findings = load_text(changed((old, new))).findings
    shown = [f"{each.code} {each.severity} {each.path}" for each in findings if each.code != "FLEX007" or "007" in said]
    assert len(shown) == 1, shown
    assert shown[0].startswith(said)


@pytest.mark.parametrize(
    "edit",
    [
        setting(f'ssoAcsUrl: "{ACS}{SID}"'),
        setting(f'ssoAcsUrl: "{ACS.replace("us1", "ie1")}{SID}"'),
        setting(f'audience: "urn:flex:{SID}"'),
        setting("responseSigned: true, signatureAlgorithm: RSA_SHA256, assertionEncryption: { enabled: false }"),
        setting('defaultRelayState: "", samlAssertionLifetimeSeconds: 28800, samlSignedRequestEnabled: false'),
        statement("skills.stringarray: { value: user.skills }"),
        statement("channel.voice.capacity: { value: user.capacity }"),
        statement("team.name: { value: user.team }"),
        ("value: user.userType", "value: Arrays.flatten(user.userType)"),
        ("value: user.userType", "group: { regex: ^(agent|admin|wfo\\.team_leader)$ }"),
        ("[agent, supervisor]", "[agent]"),
        ("login: ana@acme.example", "login: ana.diaz, email: ana@acme.example"),
    ],
    ids=str,
)
def test_what_is_right_is_not_complained_about(load_text: Load, edit: tuple[str, str]) -> None:
    """A rule that cries wolf is worse than none."""
    assert load_text(changed(edit)).findings == ()


def test_legacy_sso_is_quiet_before_its_end(load_text: Load) -> None:
    """Twilio ended it on 2026-03-31; the rules are told what day it is."""
    plan = load_text(changed((f"connection_sid: {SID}", f"account_sid: AC{'0' * 32}"), ("enhanced ", "legacy "))).plan
    assert isinstance(plan, OktaPlan)
    assert plan.findings(date(2026, 3, 31)) == []
    assert [finding.code for finding in plan.findings(date(2026, 4, 1))] == ["FLEX006"]
