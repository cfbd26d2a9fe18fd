"""What is wrong with a plan file, and what the program says about it: place, message, hint."""

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from provisioner.adapters.auth0.credentials import Auth0Credentials
from provisioner.adapters.okta.credentials import OktaCredentials
from provisioner.planfile.credentials import holds_credential, looks_like_credential
from tests.planfile.conftest import GOOD, Refuse, changed

SID = "JQ0123456789abcdef0123456789abcdef"
CASES = [
    # Not YAML, or not a plan at all.
    ("", "1:1: the file is empty (a plan starts with `version: 1`)"),
    ("# only a remark\n", "1:1: the file is empty"),
    ("- a list\n", "1:1: expected a mapping of keys to values"),
    ("just words", "1:1: expected a mapping of keys to values"),
    (changed(("  type: okta", "\ttype: okta")), "5:1: a tab in the indentation (YAML wants spaces)"),
    (changed(("label: Twilio", "label: Twilio:")), "13:16: not YAML: mapping values are not allowed"),
    (changed(('"${user.userName}"', "${user.userName}")), "14:46: not YAML: did not find expected ',' or '}'"),
    (changed(('"${source.login}"', '"${source.login}')), "not YAML: did not find expected key"),
    (f"{GOOD}---\n{GOOD}", "39:1: a second document starts here (a plan file holds one)"),
    (changed(("helpdesk", "help\0desk")), "38:65: the character U+0000 is not allowed"),
    (changed(("…", "...")).encode("utf-16"), "1:1: the file is not UTF-8: byte 0xff"),
    (
        changed(("helpdesk", "helpd\N{LATIN SMALL LETTER E WITH ACUTE}sk"), ("…", ""))
        .replace("…", "")
        .encode("latin1"),
        "38:66: the file is not UTF-8: byte 0xe9 (save it as UTF-8)",
    ),
    ("a: " + "[" * 100_000 + "]" * 100_000, "nested deeper than 50 levels"),
    ("a: " + "[" * 60 + "]" * 60, "1:54: nested deeper than 50 levels"),
    ("a: &a [*a]\n", "nested deeper than 50 levels"),
    # YAML that a plan file does not take.
    (
        changed(("  protect: true", "  label: again\n  protect: true")),
        "22:3: duplicate key `label` (it stands on line 13",
    ),
    (changed(("label: Twilio Flex", "label: !!python/name:os.system x")), "13:10: the tag `!!python/name:os.system`"),
    (changed(("protect: true", "protect: !!bool x")), "22:12: `x` is not a plain boolean (quote it, if it is text)"),
    (changed(("  group:", "  <<: {}\n  group:")), "24:3: `<<` does not work in a plan file"),
    (changed(("    roles: ", "    404: ")), '18:5: YAML reads the key `404` as a number (quote it: "404")'),
    (changed(("    roles: ", "    no: ")), '18:5: YAML reads the key `no` as a boolean (quote it: "no")'),
    (changed(("    roles: ", "    ? [roles]\n    : ")), "18:7: a key must be a string"),
    (changed(("2027-03-31", "2027-02-31")), "38:78: `2027-02-31` is not a plain date (quote it, if it is text)"),
    (changed(("warn_days: 60", "warn_days: 1:30")), "36:26: `1:30` is not a plain number"),
    (changed(("count: 3", "count: 010")), "34:34: `010` is not a plain number"),
    # Unknown and missing keys.
    (changed(("  label:", "  lable:")), "13:3: unknown key `lable` (did you mean `label`?)"),
    (changed(("  label:", "  lable:")), "12:1: missing key `label` in `application`"),
    (
        changed(("  type: okta", "  kind: okta")),
        "5:3: missing key `type` in `provider` (it names the vendor: auth0, okta)",
    ),
    (changed((", reason: renamed by the helpdesk", "")), "38:7: missing key `reason` in `drift.ignore[0]`"),
    (
        changed(("format: basic, value: user.email", "frmat: basic, value: x")),
        "19:18: unknown key `frmat` (did you mean",
    ),
    (changed(("protect: true", "profile: true")), "22:3: unknown key `profile` (known here: label, name_id"),
    (changed(("type: okta", "type: okat")), "5:9: unknown provider `okat` (did you mean `okta`?)"),
    (changed(("type: okta", "type: ldap")), "5:9: unknown provider `ldap` (known: auth0, okta)"),
    # Wrong types and values.
    (changed(("version: 1", "version: 2")), "2:10: version: expected 1, found the number `2`"),
    (changed(("acme-okta", "Acme_Okta")), "3:7: name: expected lower-case letters, digits and hyphens"),
    (
        changed(("Flex Agents", "off")),
        '24:10: assign.group: expected a string, found the boolean `off` (quote it: "off")',
    ),
    (
        changed(("Twilio Flex", "2027")),
        'application.label: expected a string, found the number `2027` (quote it: "2027")',
    ),
    (changed(("renamed by the helpdesk", "2027-01-01")), "drift.ignore[0].reason: expected a string, found the date"),
    (changed(("renamed by the helpdesk", '" "')), "38:46: expected some words, found none"),
    (changed(("application:*.label", "*:*.*")), "38:15: `*:*.*` takes out everything"),
    (changed(("  group: Flex Agents", "")), "23:8: assign: expected a mapping, found nothing"),
    (changed(("protect: true", 'protect: "yes"')), "expected true or false, found `yes` (write it without quotes)"),
    (changed(("min_admins: 1", "min_admins: -1")), "guards.min_admins: expected at least 0, found the number `-1`"),
    (changed(("percent: 25", "percent: .nan")), "guards.max_removals.percent: expected at most 100, found the number"),
    (changed(("min_admins: 1", "min_admins: 1.5")), "expected a whole number, found the number `1.5`"),
    (
        changed(("sso: enhanced", "sso: enhancd")),
        "8:8: flex.sso: expected `enhanced` or `legacy`, found `enhancd` (did",
    ),
    (changed((SID, "JQ123")), "9:19: flex.connection_sid: expected JQ and 32 digits of 0-9a-f, found `JQ123`"),
    (changed(("sso: enhanced ", "sso: legacy ")), "7:1: flex: missing key `account_sid` (legacy SSO needs it)"),
    (
        changed((", value: user.userType", "")),
        "18:5: application.attribute_statements.roles: expected exactly one of `va",
    ),
    (
        changed(("value: user.userType", "group: {}")),
        "expected exactly one of `starts_with`, `equals`, `contains` and `r",
    ),
    (
        changed((SID, f"{SID}\n  login_url: flex.example/a")),
        "10:14: expected a URL that starts with https://, found `fl",
    ),
    # The org.
    (
        changed(("org_url: sandbox", "org_url: acme.okta.com")),
        "6:12: expected `sandbox`, `sandbox:NAME` or https://…, fou",
    ),
    (
        changed(("org_url: sandbox", "org_url: http://acme.okta.com")),
        "6:12: http to `acme.okta.com` would send the cred",
    ),
    (
        changed(("org_url: sandbox", "org_url: https://acme-admin.okta.com")),
        "admin console (the org is https://acme.okta",
    ),
    (changed(("org_url: sandbox", "org_url: https://a:b@acme.okta.com")), "6:12: a credential in `org_url`"),
    (
        changed(("org_url: sandbox", "org_url: https://acme.okta.com/app")),
        "6:12: expected the address of the org alone",
    ),
    (changed(("org_url: sandbox", "org_url: sandbox:A_1")), "6:12: expected `sandbox`, `sandbox:NAME` or https://…"),
    # Credentials.
    (
        changed(("type: okta", "type: okta\n  api_token: hunter2")),
        "6:3: `api_token` looks like a credential, and creden",
    ),
    (
        changed(("settings: {}", "settings: {clientSecret: hunter2}")),
        "21:3: application.settings: `clientSecret` looks",
    ),
    (
        changed(("settings: {}", "settings: {deep: [{apiToken: hunter2}]}")),
        "21:3: application.settings: `apiToken` looks",
    ),
    (changed(("Twilio Flex", "${env.OKTA_API_TOKEN}")), "13:10: `${env.OKTA_API_TOKEN}` looks like a credential"),
    # What would act on a terminal, or forge a line of a report.
    (changed(("Twilio Flex", r'"Flex\e[2K"')), r"13:10: the control character \x1b is not allowed (it could hide"),
    (changed(("first_name: Ana", r'first_name: "A\u202Ena"')), r"the control character \u202e is not allowed"),
    (changed(("settings: {}", r'settings: {"a\n": x}')), r"21:14: the control character \n is not allowed"),
    (changed(("Flex Agents", r'"G\n\n  0 to add"')), r"24:10: expected one line of text, found \n in it"),
    # Keys and values without end.
    (changed(("  label:", f"  {'l' * 500}:")), f"13:3: unknown key `{'l' * 60}…` (known here"),
    # People.
    (changed(("[admin]", "[administrator]")), "32:76: unknown role `administrator` (did you mean `admin`?)"),
    (changed(("[admin]", "[Admin]")), "unknown role `Admin` (did you mean `admin`?)"),
    (
        changed(("[admin]", "[janitor]")),
        "unknown role `janitor` (Flex knows admin, agent, supervisor, wfo.dashboard_view",
    ),
    (changed(("[admin]", "[]")), "32:75: users.items[0].roles: expected at least one, found an empty list"),
    (changed(("[admin]", "admin")), "32:75: users.items[0].roles: expected a list, found `admin`"),
    (changed(("bo@acme", "ANA@acme")), "33:16: `ANA@acme.example` stands on line 32 already"),
    (
        changed(("roles: [admin]", "roles: [admin], profile: {a: {}}")),
        "`a` must be a string, a number, true, false or a li",
    ),
    (changed(("source: inline", "source: csv")), "25:1: users: missing key `path` (source: csv needs it)"),
    (changed(("# path: users/acme.csv", "path: users.csv")), "users: `path` has no meaning with source: inline"),
    (changed(("{ login: ana@acme.example, ", "{ ")), "32:7: missing key `login` in `users.items[0]`"),
]


@pytest.mark.parametrize(("text", "said"), CASES, ids=[said[:50] for _, said in CASES])
def test_says_where_what_and_what_next(refuse: Refuse, text: str | bytes, said: str) -> None:
    """Each mistake is named with line and column, what was found, what is expected, and the nearest known word."""
    shown = [str(problem).partition("plan.yaml:")[2] for problem in refuse(text)]
    assert any(said in line for line in shown), "\n".join(shown)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(refuse: Refuse) -> None:
    """Mistakes of YAML, of variables, of types and of the user file come together."""
    text = changed(
        ("name: acme-okta", "name: Acme"),
        ("  label: Twilio Flex", "  lable: ${var.LABEL}\n  lable: twice"),
        ("source: inline", "source: csv"),
        ("# path: users/acme.csv", "path: users.csv"),
        ("min_admins: 1", "min_admins: many"),
    )
    problems = refuse(text, "login,roles\nana@acme.example,agnt\n")
    places = [(problem.file.rpartition("/")[2], problem.line) for problem in problems]
    lines = [3, 12, 13, 13, 14, 26, 35]
    assert places == [*(("plan.yaml", line) for line in lines), ("users.csv", 2)]


def test_several_missing_keys_of_one_section_are_all_named(refuse: Refuse) -> None:
    """They share a place, and none hides the others."""
    said = [problem.message for problem in refuse("version: 1\nprovider: {type: okta}\n")]
    assert [f"missing key `{key}`" for key in ("name", "flex", "application", "assign")] == [
        message for message in said if "in" not in message.split()
    ]


def test_a_file_that_aliases_blow_up_is_refused(refuse: Refuse) -> None:
    """Nine lines that stand for a thousand million values are refused, not expanded."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    assert "more than 500,000 values" in str(refuse("\n".join(lines))[0])


def test_the_value_of_a_variable_is_never_shown(refuse: Refuse) -> None:
    """A message shows what the file says: the environment may hold what nobody should read in a log."""
    text = changed((SID, "${env.SID}"), ("org_url: sandbox", "org_url: ${env.ORG}"), ("[admin]", '["${env.ROLE}"]'))
    problems = refuse(text, environ={"SID": "hunter2", "ORG": "hunter2", "ROLE": "hunter2"})
    assert len(problems) == 3
    assert "hunter2" not in "".join(map(str, problems))


@pytest.mark.parametrize(
    "name",
    [
        *("OKTA_API_TOKEN", "ACME_OKTA__OKTA_PRIVATE_KEY", "auth0_client_secret", "DB_PASSWORD"),
        *("NOTIFY_URL", "HEARTBEAT_URL", "TEAM_WEBHOOK", "SLACK_URL", "DB1_PASS", "MY_PAT"),
    ],
)
def test_no_plan_gets_at_a_credential_of_the_environment(refuse: Refuse, name: str) -> None:
    """A plan's texts are shown and sent, to wherever the plan says; the name is refused whether it is set or not."""
    text = changed(("Twilio Flex", f"${{env.{name}}}"))
    for environ in ({}, {name: "hunter2"}):
        (problem,) = refuse(text, environ=environ)
        assert problem.message.startswith(f"`${{env.{name}}}` looks like a credential")


@pytest.mark.parametrize("name", ["PATH", "PASSAGE_2", "PATTERN", "FLEX_CONNECTION"])
def test_other_variables_are_a_plans_to_show(name: str) -> None:
    """What is meant by a short word is the word, not its letters."""
    assert not holds_credential(name)


@pytest.mark.parametrize("model", [OktaCredentials, Auth0Credentials])
def test_every_secret_of_the_settings_is_named_as_credentials_are(model: type[BaseSettings]) -> None:
    """So that a new one cannot be forgotten above."""
    secrets = [name for name, field in model.model_fields.items() if field.annotation is SecretStr]
    assert secrets
    assert all(map(looks_like_credential, secrets))
