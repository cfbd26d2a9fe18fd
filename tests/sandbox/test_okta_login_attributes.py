"""What assertions of the Okta sandbox say about a person: name identifier, attribute statements, claims."""

from typing import Any

import pytest

from tests.sandbox.okta_login import Login
from tests.sandbox.okta_org import Json

BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


def statement(name: str, *values: str, **more: Any) -> Json:
    return {"type": "EXPRESSION", "name": name, "namespace": BASIC, "values": list(values)} | more


def test_the_user_name_of_the_assignment_is_the_name_identifier() -> None:
    """A name that was given for the app wins over the template."""
    org = Login()
    org("POST", f"/apps/{org.flex['id']}/users", {"id": org.ana["id"], "credentials": {"userName": "agent-7"}})
    assert org.log_in().get("string(//saml:NameID)") == "agent-7"


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("${user.email}", "ana@acme.example"),
        ("flex-${source.firstName}", "flex-Ana"),
        ('${fn:substringBefore(source.login, "@")}', "ana"),
    ],
)
def test_the_name_identifier_follows_its_template(template: str, name: str) -> None:
    """Attributes, text around them, and functions."""
    assert Login(subjectNameIdTemplate=template).log_in().get("string(//saml:NameID)") == name


def test_statements_and_claims_become_attributes() -> None:
    """In their order and with their formats; an attribute without a value is empty, an array has several values."""
    group = {"type": "GROUP", "name": "teams", "namespace": BASIC, "filterType": "STARTS_WITH", "filterValue": "Team "}
    org = Login(
        {"userType": "agent,admin"},
        attributeStatements=[
            statement("roles", "Arrays.flatten(user.userType)"),
            statement("image_url", "user.profileUrl"),
            statement("site", "Old Town"),
            statement("nothing", "{}"),
            group,
        ],
    )
    for name in ("Team A", "Team B", "team c"):
        org("PUT", f"/groups/{org.group(name)['id']}/users/{org.ana['id']}")
    org("POST", f"/apps/{org.flex['id']}/federated-claims", {"name": "last", "expression": "user.profile.lastName"})
    response = org.log_in()

    names = ("roles", "image_url", "site", "nothing", "teams", "last")
    assert [response.values(name) for name in names] == [
        ["agent", "admin"],
        [""],
        ["Old Town"],
        None,
        ["Team A", "Team B"],
        ["Diaz"],
    ]
    assert response.get("//saml:Attribute/@NameFormat")[-1].endswith("unspecified")
    assert response.problem() == ""


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("EQUALS", "agent", ["agent"]),
        ("CONTAINS", "gen", ["agent", "agents"]),
        ("REGEX", "^(agent|admin)$", ["agent"]),
        ("REGEX", ".*", ["Everyone", "agent", "agents"]),
        ("STARTS_WITH", "x", None),
    ],
)
def test_group_statements_filter_by_name(kind: str, value: str, found: list[str] | None) -> None:
    """The names of the groups that the person is in and that pass."""
    filtered = {"type": "GROUP", "name": "roles", "namespace": BASIC, "filterType": kind, "filterValue": value}
    org = Login(attributeStatements=[filtered])
    for name in ("agent", "agents"):
        org("PUT", f"/groups/{org.group(name)['id']}/users/{org.ana['id']}")
    org.group("admin")
    assert org.log_in().values("roles") == found


@pytest.mark.parametrize("name", ["Ana\x1b[31m", "Ana\x00", "Ana\uffff"])
def test_what_xml_cannot_carry_is_named(name: str) -> None:
    """Which attribute and which character; whether Okta lets such a name in is not documented."""
    org = Login({"firstName": name}, attributeStatements=[statement("full_name", "user.firstName")])
    page = org.browser.sign_in(org.ask(), "ana@acme.example", "Abcd1234")

    assert page.status_code == 501
    assert f"attribute full_name would hold the character U+{ord(name[3]):04X}" in page.text


@pytest.mark.parametrize("expression", ["${user.firstName} ${user.lastName}", "user.shoeSize", "String.split('a')"])
def test_an_expression_that_is_not_understood_is_named(expression: str) -> None:
    """In place of a guess."""
    org = Login(attributeStatements=[statement("full_name", expression)])
    page = org.browser.sign_in(org.ask(), "ana@acme.example", "Abcd1234")
    assert page.status_code == 501
    assert expression.replace("'", "&#x27;") in page.text
