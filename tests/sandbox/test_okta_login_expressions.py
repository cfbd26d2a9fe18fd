"""Okta's Expression Language in the sandbox: what the vendor's references say, and nothing else."""

from typing import Any

import pytest

from provisioner.sandbox.okta.expression_functions import CLASSIC, CLASSIC_METHODS, ENGINE_METHODS
from provisioner.sandbox.okta.expression_nodes import Scope, Unknown
from provisioner.sandbox.okta.expressions import evaluate

USER = {
    "firstName": "Winston",
    "lastName": "Churchill",
    "email": "winston.churchill@gmail.com",
    "userType": "agent, admin",
    "city": "",
    "title": None,
    "skills": ["sales", "chess"],
    "salary": 7,
    "isContractor": False,
}
CLASSIC_SCOPE = Scope({"user": {**USER, "": {"status": "ACTIVE"}}}, CLASSIC, CLASSIC_METHODS)
ENGINE_SCOPE = Scope({"user": {"status": "ACTIVE", "profile": USER}}, methods=ENGINE_METHODS)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("user.firstName", "Winston"),
        ("user.title", None),
        ('user.firstName + " " + user.lastName', "Winston Churchill"),
        ('\'it\'\'s\' + " ""so"""', 'it\'s "so"'),
        (
            '"XDOMAIN\\" + toLowerCase(substring(user.firstName, 0, 1)) + toLowerCase(user.lastName)',
            "XDOMAIN\\wchurchill",
        ),
        ('toUpperCase(substringBefore(substringAfter(user.email, "@"), "."))', "GMAIL"),
        ('String.append("This is", " a test")', "This is a test"),
        ('String.join(" ", user.firstName, user.lastName)', "Winston Churchill"),
        ('String.join(",")', ""),
        ('String.len("This")', 4),
        ('String.removeSpaces("This is a test")', "Thisisatest"),
        ('String.replace("This is a test", "is", "at")', "That at a test"),
        ('String.replaceFirst("This is a test", "is", "at")', "That is a test"),
        ('String.startsWith("This", "Th")', True),
        ('String.stringContains("This is a test", "doesn\'tExist")', False),
        ('String.stringSwitch("First match wins", "default", "absent", "1", "wins", "2", "match", "3")', "2"),
        ('String.stringSwitch("This is a test", "default", "key1", "value1")', "default"),
        ('String.substring("This is a test", 2, 9)', "is is a"),
        ("Arrays.add({10, 20, 30}, 40)", [10, 20, 30, 40]),
        ("Arrays.remove({10, 20, 30}, 20)", [10, 30]),
        ("Arrays.get({0, 1, 2}, 0)", 0),
        ("Arrays.flatten(10, {20, 30}, 40)", [10, 20, 30, 40]),
        ("Arrays.flatten('10, 20, 30, 40')", ["10", "20", "30", "40"]),
        ("Arrays.flatten(user.userType)", ["agent", "admin"]),
        ("Arrays.contains(user.skills, 'chess')", True),
        ("Arrays.size(NULL)", 0),
        ("Arrays.isEmpty(NULL)", True),
        ('Arrays.toCsvString({"This", "is", " a ", "test"})', "This,is, a ,test"),
        ("Convert.toInt('1234')", 1234),
        ("Convert.toInt(123.6)", 124),
        ("Convert.toNum('3.141')", 3.141),
        ("user.city ?: 'none'", "none"),
        ("user.title ?: user.city ?: 'none'", "none"),
        ("user.title == null ? 'none' : user.title", "none"),
        ("user.isContractor OR user.salary >= 7 AND !user.isContractor", True),
        ("user.isContractor && String.len(user.title) > 0", False),
        ("user.salary - 2 == 5", True),
        ("true == 1", False),
        ("user.email matches '.*@gmail\\.com'", True),
        ('user.getInternalProperty("status")', "ACTIVE"),
    ],
)
def test_the_classic_dialect_follows_its_reference(expression: str, value: Any) -> None:
    """Examples of the vendor's overview, and what follows from its rules."""
    assert evaluate(expression, CLASSIC_SCOPE) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("user.status", "ACTIVE"),
        ("user.profile.firstName.toUpperCase()", "WINSTON"),
        ("user.profile.firstName.substring(1,3)", "in"),
        ("'hello'.replace('l', 'p')", "heppo"),
        ("'test'.length()", 4),
        ("user.profile.email.substringAfter('.')", "churchill@gmail.com"),
        ("{1, 2, 3}.contains('one')", False),
        ("{2, 3}.remove(1)", [2, 3]),
        ("{}.isEmpty()", True),
        ("{{1}, {2, 3}}.flatten()", [1, 2, 3]),
        ("'1.7'.toNumber()", 1.7),
        ("(-1.6).toInteger()", -2),
    ],
)
def test_the_dialect_of_claims_follows_its_reference(expression: str, value: Any) -> None:
    """Examples of the vendor's reference for the Identity Engine."""
    assert evaluate(expression, ENGINE_SCOPE) == value


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "user.shoeSize",
        "user.profile.email",
        "zendesk.email",
        "String.split('a,b', ',')",
        "user.firstName.toUpperCase()",
        "String.join(' ', user.firstName, user.title)",
        "user.firstName + user.title",
        "String.toUpperCase()",
        "String.substring('abc', 1, 9)",
        "user.firstName ? 1 : 2",
        "1 < 'a'",
        "user.email matches '('",
        "user.firstName = 'x'",
        "user.firstName user.lastName",
        "'open",
        "${user.email}",
        "user.",
        "Time.now()",
        "Convert.toNum('nan')",
        "(" * 900,
        "+".join(["1"] * 5000),
    ],
)
def test_what_no_document_describes_has_no_value(expression: str) -> None:
    """Nothing is guessed, and nothing breaks."""
    with pytest.raises(Unknown):
        evaluate(expression, CLASSIC_SCOPE)
