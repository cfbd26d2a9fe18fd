"""Auth0's sections of the plan file: what is made of them, and what is wrong with them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from provisioner.adapters.auth0.fields import Position
from provisioner.adapters.auth0.plan import Auth0Plan, guide_attributes
from provisioner.core.adapter import IdpFacts
from tests.flex.test_values import DER, folded
from tests.planfile.conftest import AUTH0, Load, Refuse, changed

SHORTEST = """
version: 1
name: acme
provider: {type: auth0, domain: acme.us.auth0.com}
flex: {connection_sid: JQ0123456789abcdef0123456789abcdef}
application: {name: Flex}
action: {name: Flex claims}
"""
HANDLER = "exports.onExecutePostLogin = async (event) => { event.client; };"
edited = partial(changed, text=AUTH0)


def auth0(load_text: Load, *given: Any, **more: Any) -> Auth0Plan:
    plan = load_text(*given, **more).plan
    assert isinstance(plan, Auth0Plan)
    return plan


def domain(text: str) -> tuple[str, str]:
    return ("domain: sandbox", f"domain: '{text}'")


def attribute(text: str) -> tuple[str, str]:
    return ("event.user.email", text)


def password(text: str) -> tuple[str, str]:
    return ("initial_password: ticket", f"initial_password: {text}")


def test_the_shortest_plan_is_safe(load_text: Load) -> None:
    """What is left out is the guide's, but for its weak spots; people are not managed, so nobody is removed."""
    plan = auth0(load_text, SHORTEST)
    saml = plan.application.saml
    assert (saml.sign_response, saml.signature_algorithm, saml.digest_algorithm) == (True, "rsa-sha256", "sha256")
    assert (saml.name_id_from, saml.name_id_format) == ("email", None)
    assert (plan.application.connection, plan.application.callbacks) == ("Username-Password-Authentication", "additive")
    assert (plan.application.protect, plan.action.on_missing_roles) == (True, "deny")
    assert (plan.action.attributes, plan.action.position) == (guide_attributes(), Position("last"))
    assert (plan.people, plan.users.on_removal, plan.users.initial_password) == ((), "keep", "ticket")
    assert plan.findings(None) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "base_url", "embedded"),
    [
        ("sandbox", "http://localhost:8400", True),
        ("sandbox:second", "http://second.localhost:8400", True),
        ("Acme.EU.auth0.com", "https://acme.eu.auth0.com", False),
        ("login.acme.example", "https://login.acme.example", False),
        ("http://localhost:8400", "http://localhost:8400", False),
        ("https://acme.localhost:8400/", "https://acme.localhost:8400", False),
    ],
)
def test_the_address_of_the_tenant(load_text: Load, given: str, base_url: str, embedded: bool) -> None:
    """A bare domain, or a sandbox: embedded, or served on this machine."""
    provider = auth0(load_text, edited(domain(given))).provider
    assert (provider.base_url, provider.embedded) == (base_url, embedded)


def test_the_flex_values_are_those_of_the_guide(load_text: Load) -> None:
    """Popup on, and the tenant behind the plan's own trusted URLs."""
    facts = IdpFacts("urn:acme.us.auth0.com", "https://acme.us.auth0.com/samlp/x?connection=db", folded(DER, 64))
    text = SHORTEST.replace("flex: {", "flex: {trusted_urls: [https://flex.acme.example], ")
    values = auth0(load_text, text).values(facts)
    assert (values.login_popup, values.friendly_name) == (True, "Flex")
    assert values.trusted_urls == ("https://flex.acme.example", "https://acme.us.auth0.com")


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("first", Position("first")),
        ("{before: Other one}", Position("before", "Other one")),
        ("{after: '2'}", Position("after", "2")),
    ],
)
def test_the_place_in_the_login_flow(load_text: Load, written: str, position: Position) -> None:
    """A word, or the neighbour's name."""
    assert auth0(load_text, edited(("position: last", f"position: {written}"))).action.position == position


def test_people_are_what_the_plan_says_of_them(load_text: Load) -> None:
    """Plus signs and letters of any script are letters; what is not named is not managed."""
    item = "{ email: Ana+x@äcme.example, given_name: Ana, user_metadata: {skills: [a, b]}, roles: [agent] }"
    (person,) = auth0(load_text, edited(("{ email: ana@acme.example, name: Ana Diaz, roles: [admin] }", item))).people
    assert (person.identity, person.key, person.roles) == ("Ana+x@äcme.example", "ana+x@äcme.example", ("agent",))
    assert person.attributes == {"given_name": "Ana", "user_metadata.skills": ["a", "b"]}


def test_people_may_stand_in_a_user_file(load_text: Load) -> None:
    """With Auth0's columns."""
    text = AUTH0.partition("  items:")[0].replace("source: inline", "source: csv\n  path: users.csv")
    users = "email,name,user_metadata.team,roles\nana@acme.example,Ana Diaz,blue,admin\n"
    (person,) = auth0(load_text, text, users).people
    assert person.attributes == {"name": "Ana Diaz", "user_metadata.team": "blue"}


def test_a_password_comes_from_the_environment_and_is_not_shown(load_text: Load) -> None:
    """Not even when it is one of the other two words."""
    text = edited(password("${env.FIRST_PASSWORD}"))
    plan = auth0(load_text, text, environ={"FIRST_PASSWORD": "hunter2"})
    assert plan.users.initial_password == SecretStr("hunter2")
    assert "hunter2" not in f"{plan!r}{plan.people!r}{plan.model_dump()}"
    assert auth0(load_text, text, environ={"FIRST_PASSWORD": "none"}).users.initial_password == SecretStr("none")


def test_own_code_is_read_with_the_plan(load_text: Load, tmp_path: Path) -> None:
    """As it is, from beside the plan file."""
    (tmp_path / "own.js").write_text(HANDLER, encoding="utf-8", newline="")
    own = auth0(load_text, SHORTEST.replace("claims}", "claims, code_file: own.js}")).action.code_file
    assert own == ("own.js", HANDLER)


BAD = [
    (
        domain("https://acme.us.auth0.com"),
        "4:34: expected the domain alone, found `https://acme.us.auth0.com` (acme.us",
    ),
    (domain("acme.us.auth0.com/api/v2"), "expected the domain alone, found `acme.us.auth0.com/api/v2` (acme.us.auth0."),
    (domain("acme.us.auth0.com:443"), "4:34: expected the domain alone"),
    (domain("https://manage.auth0.com/dashboard/eu/acme/"), "dashboard (the domain is acme.eu.auth0.com)"),
    (
        domain("manage.auth0.com"),
        "4:34: this is the address of the dashboard (the domain is such as acme.us.auth0.com)",
    ),
    (domain("https://a:b@acme.us.auth0.com"), "4:34: a credential in `domain`"),
    (domain("acme"), "expected `sandbox`, `sandbox:NAME` or a domain such as acme.us.auth0.com, found `acme`"),
    (domain("sandbox:A_1"), "4:34: expected `sandbox`, `sandbox:NAME` or a domain"),
    (domain(""), "4:34: expected `sandbox`, `sandbox:NAME` or a domain"),
    (domain("http://localhost:8400/api"), "expected the origin of a served sandbox, found `http://localhost:8400/api`"),
    (domain("localhost:8400"), "found `localhost:8400` (http://localhost:8400)"),
    (("name: Twilio Flex", "name: <b>Flex</b>"), "7:9: expected a name without < and >, found `<b>Flex</b>`"),
    (
        ("rsa-sha256", "rsa-sha512"),
        "application.saml.signature_algorithm: expected `rsa-sha256` or `rsa-sha1`, found `r",
    ),
    (("callbacks: additive", "callbacks: all"), "9:14: application.callbacks: expected `additive` or `exact`"),
    (("runtime: node22", "runtime: node16"), "19:12: action.runtime: expected `node22` or `node18`, found `node16`"),
    (("position: last", "position: second"), "26:13: expected last, first, {before: NAME} or {after: NAME}"),
    (
        ("position: last", "position: {before: ''}"),
        "26:3: action.position: expected last, first, {before: NAME} or {after: NAME}",
    ),
    (("position: last", "position: {before: A, after: B}"), "expected last, first, {before: NAME} or {after: NAME}"),
    (("# code_file", "code_file"), "27:14: "),
    (("# code_file: my-action.js", "code_file: ../own.js"), "`../own.js` is not below the plan file's folder"),
    (attribute("${env.TOKEN}"), "21:12: `${env.TOKEN}` looks like a credential, and credentials never stand in a plan"),
    (
        attribute("event.user.email || null"),
        "21:12: `event.user.email || null` is not a path into `event`: `|| null` is",
    ),
    (attribute("user.email"), "21:12: `user.email` is not a path into `event`: it does not start with `event.`"),
    (attribute("events.user"), "it does not start with `event.`"),
    (attribute("event"), "it names nothing of the event"),
    (attribute("event.user.email.toLowerCase()"), "`()` is not a step of a path (such as event.user.email; what"),
    (attribute("event.user[api.access.deny('x')]"), "is not a step of a path"),
    (attribute("event.user.x;api.access.deny('x')"), "is not a step of a path"),
    (attribute("\"event.user['a\\nb']\""), "is not a step of a path"),
    (attribute("12"), "21:12: action.attributes.email: expected a string, found the number `12` (quote it"),
    (password("hunter2"), "31:21: expected `ticket`, `none` or `${env.NAME}` (a password never stands in a plan file)"),
    (password("x${env.FIRST}"), "31:21: expected `ticket`, `none` or `${env.NAME}`"),
    (password("${var.FIRST}"), "31:21: expected `ticket`, `none` or `${env.NAME}`"),
    (password("12345"), "31:21: expected `ticket`, `none` or `${env.NAME}`"),
    (password("${env.EMPTY}"), "31:21: `${env.EMPTY}` is empty"),
    (password("${env.FRIST}"), "31:21: `${env.FRIST}` is not defined (did you mean `FIRST`?)"),
    (
        ("roles: [admin]", "roles: [admin], user_metadata: {a: {}}"),
        "`a` must be a string, a number, true, false or a l",
    ),
    (("roles: [admin]", "roles: [admin], user_metadata: {password: x}"), "`password` looks like a credential"),
    (("settings: {}", "settings: {clientSecret: x}"), "application.settings: `clientSecret` looks like a credential"),
    (("{ email: ana", "{ email: ANA@acme.example, roles: [agent] }\n    - { email: ana"), "stands on line 34 already"),
]


@pytest.mark.parametrize(("edit", "said"), BAD, ids=[said[:50] for _, said in BAD])
def test_says_where_what_and_what_next(refuse: Refuse, edit: tuple[str, str], said: str) -> None:
    """With the place, and never with a value that may be a password."""
    given = {"FIRST": "s3cret", "EMPTY": ""}
    shown = [
        str(problem).partition("plan.yaml:")[2] for problem in refuse(edited(edit), environ=given, variables=given)
    ]
    assert any(said in line for line in shown), "\n".join(shown)
    assert not {"s3cret", "hunter2", "12345"} & set("\n".join(shown).split())


def test_attributes_and_own_code_exclude_each_other(refuse: Refuse, tmp_path: Path) -> None:
    """The code says itself what it sends."""
    (tmp_path / "my-action.js").write_text(HANDLER, encoding="utf-8")
    (problem,) = refuse(edited(("# code_file", "code_file")))
    assert (problem.line, problem.message) == (17, "action: expected either `attributes` or `code_file`")
