"""Rules applied to an Auth0 plan: one edit of a clean plan, one finding."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.planfile.conftest import AUTH0, Load, changed

SID = "JQ0123456789abcdef0123456789abcdef"
OTHER = "JQ" + "f" * 32
ACS = "https://login.flex.us1.twilio.com/login/callback?connection="
edited = partial(changed, text=AUTH0)


def setting(text: str) -> tuple[str, str]:
    return ("settings: {}", f"settings: {{ {text} }}")


def saml(key: str, old: str, new: str) -> tuple[str, str]:
    return (f"{key}: {old}", f"{key}: {new}")


def attribute(text: str) -> tuple[str, str]:
    return ("    email: event", f"    {text}\n    email: event")


CASES = [
    (("domain: sandbox", "domain: login.acme.example"), "AUTH0015 warning provider.domain"),
    (("sso: enhanced", f"sso: enhanced, account_sid: AC{'0' * 32}"), "FLEX007 warning flex.account_sid"),
    (("connection: Username-Password-Authentication", "connection: google-oauth2"), "AUTH0013 error application.conn"),
    # The subject and the signature.
    (saml("sign_response", "true", "false"), "FLEX030 error application.saml.sign_response"),
    (saml("signature_algorithm", "rsa-sha256", "rsa-sha1"), "FLEX032 warning application.saml.signature_algorithm"),
    (saml("digest_algorithm", "sha256", "sha1"), "FLEX032 warning application.saml.digest_algorithm"),
    (saml("name_id_from", "email", "user_id"), "AUTH0001 warning application.saml.name_id_from"),
    (saml("name_id_from", "email", "nickname"), "AUTH0002 warning application.saml.name_id_from"),
    (saml("name_id_from", "email", "email\n    name_id_format: transient"), "FLEX035 error application.saml.name_id_f"),
    (saml("name_id_from", "email", "email\n    name_id_format: persistent"), "FLEX036 warning application.saml.name_"),
    # Settings.
    (setting(f'recipient: "{ACS}{OTHER}"'), "FLEX001 error application.settings.recipient"),
    (setting(f'destination: "{ACS}{OTHER}"'), "FLEX001 error application.settings.destination"),
    (setting(f'audience: "urn:flex:{OTHER}"'), "FLEX001 error application.settings.audience"),
    (setting("signingCert: MIIB"), "FLEX038 error application.settings.signingCert"),
    (setting("encryptionCert: MIIB"), "FLEX033 error application.settings.encryptionCert"),
    (setting("lifetimeInSeconds: 600"), "FLEX037 warning application.settings.lifetimeInSeconds"),
    (setting("signResponse: true"), "AUTH0003 error application.settings.signResponse"),
    (setting("nameIdentifierProbes: [a]"), "AUTH0003 error application.settings.nameIdentifierProbes"),
    (setting("lifetimeInSecond: 36000"), "AUTH0004 warning application.settings.lifetimeInSecond"),
    (setting("mapIdentities: true"), "AUTH0005 warning application.settings.mapIdentities"),
    (setting("passthroughClaimsWithNoMapping: true"), "AUTH0005 warning application.settings.passthroughClaimsWithNo"),
    (setting("createUpnClaim: true"), "AUTH0005 warning application.settings.createUpnClaim"),
    # Claims.
    (("    email: event", "    mail: event"), "FLEX010 error action.attributes"),
    (attribute("http://schemas.example/claims/x: event.user.name"), "FLEX011 error action.attributes.http"),
    (attribute("Email: event.user.name"), "FLEX012 warning action.attributes.Email"),
    (attribute("level.integer: event.user.user_metadata.level"), "FLEX013 error action.attributes.level.integer"),
    (("event.user.name", "event.user.nmae"), "AUTH0006 warning action.attributes.full_name"),
    (("event.user.name", "event.usr.name"), "AUTH0006 warning action.attributes.full_name"),
    (("app_metadata.flex.roles", "app_metadata.roles"), "AUTH0007 warning action.attributes.roles"),
    (("position: last", "position: { after: Flex SAML attributes }"), "AUTH0016 error action.position"),
    # People.
    (("[admin]", "[agent, wfo.team_leader]"), "FLEX020 error user:ana@acme.example"),
    (("email: ana@acme.example", "email: ana.diaz"), "AUTH0014 error user:ana.diaz"),
    (("email: ana@acme.example", "email: a@b@acme.example"), "AUTH0014 error user:a@b@acme.example"),
]


def shown(load_text: Load, text: str) -> list[str]:
    return [f"{each.code} {each.severity} {each.path}" for each in load_text(text).findings]


@pytest.mark.parametrize(("edit", "said"), CASES, ids=[said for _, said in CASES])
def test_one_slip_is_one_finding(load_text: Load, edit: tuple[str, str], said: str) -> None:
    """Code, severity and path."""
    (only,) = shown(load_text, edited(edit))
    assert only.startswith(said)


@pytest.mark.parametrize(
    "edit",
    [
        setting("binding: urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST, mapIdentities: false, logout: {}"),
        setting(f'audience: "urn:flex:{SID}", recipient: "{ACS}{SID}"'),
        saml("name_id_from", "email", "username\n    name_id_format: emailAddress"),
        attribute("skills.stringarray: event.user.user_metadata.skills"),
        setting("encryptionCert: null"),
        attribute("team: event.organization.names"),
        attribute("channel.voice.capacity: event.user.user_metadata['voice capacity']"),
        ("event.user.picture", "event?.user?.picture"),
        ("event.user.app_metadata.flex.roles", "event.user.app_metadata['flex'].roles"),
        ("email: ana@acme.example", "email: ána+flex@acme.example"),
        ("position: last", "position: { before: Another }"),
        ("domain: sandbox", "domain: http://localhost:9000"),
    ],
    ids=str,
)
def test_what_is_right_is_not_complained_about(load_text: Load, edit: tuple[str, str]) -> None:
    """A rule that cries wolf is worse than none."""
    assert load_text(edited(edit)).findings == ()


def test_where_nobody_is_managed_it_does_not_matter_where_people_come_from(load_text: Load) -> None:
    """Roles and accounts are somebody else's then."""
    elsewhere = (
        ("connection: Username-Password-Authentication", "connection: google-oauth2"),
        ("app_metadata.flex.roles", "app_metadata.groups"),
    )
    nobody = edited(*elsewhere).partition("  items:")[0] + "  items: []\n"
    assert load_text(nobody).findings == ()
    assert shown(load_text, edited(*elsewhere, ("create: true", "create: false"))) == [
        "AUTH0007 warning action.attributes.roles",
        "FLEX022 warning users.create",
    ]


GOOD_CODE = """
// The guide's, made safe: never `|| null`
const WIKI = "https://acme.example/wiki"; exports.onExecutePostLogin = async (event, api) => {
  if (event.client.name !== "Twilio Flex") return;
  for (const name of ["email", "full_name"]) api.samlResponse.setAttribute(name, event.user[name]);
  if (!event.user.app_metadata?.flex?.roles) return api.access.deny("no role");
};
"""
OWN_CODE = [
    (("onExecutePostLogin", "onExecutePreLogin"), "AUTH0008 error action.code_file"),
    (("const", "// const"), "AUTH0008 error action.code_file"),
    (("event.client.name", "event.name"), "AUTH0009 warning action.code_file"),
    (("event.user[name]", "event.user[name] || null"), "AUTH0010 warning action.code_file"),
    (("event.user[name]", "event.user[name] ?? null"), "AUTH0010 warning action.code_file"),
    (("app_metadata?.flex?.", "app_metadata.flex."), "AUTH0011 warning action.code_file"),
    (("exports.", " " * 103_000 + "exports."), "AUTH0012 error action.code_file"),
    (
        ("setAttribute(name,", "setAttribute('roles', 1); api.samlResponse.setAttribute('full_name',"),
        "FLEX010 error act",
    ),
    (("setAttribute(name,", "setAttribute(`Email`,"), "FLEX010 error action.code_file"),
]


@pytest.mark.parametrize(("edit", "said"), OWN_CODE, ids=[said for _, said in OWN_CODE])
def test_own_code_is_looked_through(load_text: Load, tmp_path: Path, edit: tuple[str, str], said: str) -> None:
    """For what the guide's own code gets wrong, as far as a text can show it."""
    before, _, after = AUTH0.partition("  attributes:")
    text = f"{before}  code_file: own.js\n  on_missing{after.partition('  on_missing')[2]}"
    (tmp_path / "own.js").write_text(GOOD_CODE, encoding="utf-8")
    assert load_text(text).findings == ()

    (tmp_path / "own.js").write_text(changed(edit, text=GOOD_CODE), encoding="utf-8")
    assert shown(load_text, text)[0].startswith(said)
