"""Okta's Expression Language: the examples of Okta's own documentation, and what is left alone because of it."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.adapters.okta.claims import Bearer, Claims
from provisioner.adapters.okta.expression import compiled
from provisioner.adapters.okta.expression_functions import NotComputable
from provisioner.adapters.okta.group_filter import matcher

SCOPE = {
    "user": {"firstName": "Ana", "lastName": "Diaz", "userType": "agent, admin", "skills": ["de", "en"], "level": 3},
    "appuser": {"role": "admin"},
}

# Okta docs "Expression Language": String, Array and Data Conversion Functions.
DOCUMENTED = [
    ('String.append("This is", " a test")', "This is a test"),
    ('String.join(",", "This", "is", "a", "test")', "This,is,a,test"),
    ('String.join("", "This", "is", "a", "test")', "Thisisatest"),
    ('String.len("This")', 4),
    ('String.removeSpaces("This is a test")', "Thisisatest"),
    ('String.replace("This is a test", "is", "at")', "That at a test"),
    ('String.replaceFirst("This is a test", "is", "at")', "That is a test"),
    ('String.stringContains("This is a test", "test")', True),
    ('String.stringContains("This is a test", "doesn\'tExist")', False),
    ('String.stringSwitch("This is a test", "default", "key1", "value1")', "default"),
    ('String.stringSwitch("This is a test", "default", "test", "value1")', "value1"),
    (
        'String.stringSwitch("First match wins", "default", "absent", "value1", "wins", "value2", "match", "value3")',
        "value2",
    ),
    ('String.stringSwitch("Substrings count", "default", "ring", "value1")', "value1"),
    ('String.substring("This is a test", 2, 9)', "is is a"),
    ('String.substringAfter("abc@okta.com", "@")', "okta.com"),
    ('String.substringBefore("abc@okta.com", "@")', "abc"),
    ('String.toUpperCase("This")', "THIS"),
    ('String.toLowerCase("ThiS")', "this"),
    ("substringBefore('alex@okta.com', '@')", "alex"),
    ("substring('Alexander', 1, 4)", "lex"),
    ("Arrays.add({10, 20, 30}, 40)", [10, 20, 30, 40]),
    ("Arrays.remove({10, 20, 30}, 20)", [10, 30]),
    ("Arrays.clear({10, 20, 30})", []),
    ("Arrays.get({0, 1, 2}, 0)", 0),
    ("Arrays.flatten(10, {20, 30}, 40)", [10, 20, 30, 40]),
    ("Arrays.flatten('10, 20, 30, 40')", ["10", "20", "30", "40"]),
    ("Arrays.contains({10, 20, 30}, 10)", True),
    ("Arrays.contains({10, 20, 30}, 50)", False),
    ("Arrays.size({10, 20, 30})", 3),
    ("Arrays.size(NULL)", 0),
    ("Arrays.isEmpty({10, 20})", False),
    ("Arrays.isEmpty(NULL)", True),
    ('Arrays.toCsvString({"This", "is", " a ", "test"})', "This,is, a ,test"),
    ("Convert.toInt('1234')", 1234),
    ("Convert.toInt(123.4)", 123),
    ("Convert.toInt(123.6)", 124),
    ("Convert.toNum('3.141')", 3.141),
]
LANGUAGE = [
    ("user.firstName", "Ana"),
    ("user.middleName", None),
    ("appuser.role", "admin"),
    ("agent", "agent"),
    ('user.firstName + " " + user.lastName', "Ana Diaz"),
    ("user.level + 1", 4),
    ('user.middleName == null ? "none" : user.middleName', "none"),
    ('user.level >= 3 AND !(user.firstName == "Bo") ? "supervisor" : "agent"', "supervisor"),
    ('user.level < 3 || Arrays.contains(user.skills, "en") ? 1 : 2', 1),
]
NOT_COMPUTED = [
    "user.profile.firstName",
    "${user.firstName}",
    "user.id",
    "org.name",
    "session.amr",
    "user.getManager()",
    "isMemberOfGroupName('Flex')",
    "String.split(user.userType, ',')",
    'String.join(" ", user.firstName, user.middleName)',
    'user.firstName + " " + user.middleName',
    "user.middleName ? 1 : 2",
    "user.level == 'three'",
    "user.firstName > user.lastName",
    'String.substringBefore(user.firstName, "@")',
    'String.replace(user.firstName, ".", "")',
    "String.substring(user.firstName, 1, 9)",
    "Arrays.flatten(user.middleName)",
    "Arrays.get(user.skills, 7)",
    "Convert.toInt(user.firstName)",
    "String.len()",
    "user.firstName user.lastName",
    "user.firstName +",
    '"never closed',
    "(" * 200 + "1" + ")" * 200,
    "!" * 500 + "true",
    "",
]


@pytest.mark.parametrize(("text", "value"), DOCUMENTED)
def test_functions_give_what_okta_documents(text: str, value: Any) -> None:
    """The examples of its page."""
    assert compiled(text)(SCOPE) == value


@pytest.mark.parametrize(("text", "value"), LANGUAGE)
def test_attributes_operators_and_static_texts(text: str, value: Any) -> None:
    """An attribute that was never set is null; a lone word is a text."""
    assert compiled(text)(SCOPE) == value


@pytest.mark.parametrize("text", NOT_COMPUTED)
def test_what_is_not_documented_is_not_guessed(text: str) -> None:
    """Another dialect, other functions, empty values where no page says what comes of them."""
    with pytest.raises(NotComputable):
        compiled(text)(SCOPE)


def bearer(**profile: Any) -> Bearer:
    return Bearer("ana@acme.example", "ana@app", profile, {}, {"team": ["Red", "Blue"]})


def sign_on(template: str = "${user.userName}", **statements: str) -> Any:
    made = [{"type": "EXPRESSION", "name": name, "values": [text]} for name, text in statements.items()]
    return {"subjectNameIdTemplate": template, "attributeStatements": made}


def test_claims_of_a_person() -> None:
    """One value of a text, several of a list; an empty one of what was never set."""
    claims = Claims(sign_on(a="user.a", b="user.b", c="user.c", d="user.d", e="user.e"))

    made = claims.of(bearer(a="x", b=["y", "z"], c=True, d=7))

    assert made.name_id == "ana@app"
    assert made.attributes == {"a": ("x",), "b": ("y", "z"), "c": ("true",), "d": ("7",), "e": ("",)}


def test_what_cannot_be_computed_is_told_and_not_judged() -> None:
    """For everybody once, for one person with that person; an error of nobody."""
    claims = Claims(sign_on(roles="app.roles", team="user.team + user.nobody"))

    made = claims.of(bearer(team="Red"))

    assert [(each.path, each.severity) for each in claims.findings()] == [("attributes.roles", "warning")]
    assert [(each.path, each.severity) for each in made.findings] == [("attributes.team", "warning")]
    assert made.unjudged == {"attributes.roles", "attributes.team"}


@pytest.mark.parametrize(
    ("template", "name_id"),
    [
        ("${user.email}", "ana@acme.example"),
        ("${source.firstName}.${user.lastName}@flex", "Ana.Diaz@flex"),
        ("${user.nickName}", ""),
    ],
)
def test_the_name_id_is_made_of_a_template(template: str, name_id: str) -> None:
    """Attributes of the profile and the name in the application, with text around them."""
    profile = {"email": "ana@acme.example", "firstName": "Ana", "lastName": "Diaz"}

    assert Claims(sign_on(template)).of(bearer(**profile)).name_id == name_id


@pytest.mark.parametrize("template", ["", "user.email", '${fn:substringBefore(user.login, "@")}', "${org.name}"])
def test_other_templates_are_not_guessed(template: str) -> None:
    """A NameID that cannot be told is an error."""
    assert [each.path for each in Claims(sign_on(template)).findings()] == ["name_id"]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("STARTS_WITH", "Flex", ["Flex", "Flex Agents"]),
        ("EQUALS", "Flex", ["Flex"]),
        ("CONTAINS", "Agents", ["Flex Agents"]),
        ("REGEX", "^(Flex|Payroll)$", ["Flex", "Payroll"]),
        ("REGEX", ".*", ["Flex", "Flex Agents", "Payroll"]),
    ],
)
def test_filters_find_groups_by_name(kind: str, text: str, found: list[str]) -> None:
    """The four kinds of a GROUP statement."""
    matches = matcher({"filterType": kind, "filterValue": text})

    assert [name for name in ("Flex", "Flex Agents", "Payroll") if matches(name)] == found


@pytest.mark.parametrize("text", ["Flex", "(", "^(a+)+$"])
def test_a_pattern_that_leaves_it_open_or_takes_for_ever_finds_nothing(text: str) -> None:
    """Whether a part of a name suffices is not documented; a pattern is stopped after a moment."""
    with pytest.raises(NotComputable):
        matcher({"filterType": "REGEX", "filterValue": text})("Flex Agents" if text == "Flex" else "a" * 40 + "b")
