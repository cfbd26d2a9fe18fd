"""docs/rules.md lists every code that the program can give, and no other."""

import re
from pathlib import Path

from provisioner.adapters.auth0 import assertion
from provisioner.adapters.auth0 import sign_ons as auth0_sign_ons
from provisioner.adapters.auth0 import warnings as auth0
from provisioner.adapters.auth0.lint import AUTH0_RULES
from provisioner.adapters.okta import sign_ons as okta_sign_ons
from provisioner.adapters.okta import warnings as okta
from provisioner.adapters.okta.lint import OKTA_RULES
from provisioner.flex.logins import LOGINS
from provisioner.flex.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_the_tables() -> None:
    """Each row is code, severity and what the rule is about, as the code has it."""
    rows = re.findall(r"^\| `((?:FLEX0|AUTH00|OKTA0)\d+)` \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == [(code, rule.severity, rule.about) for code, rule in (RULES | OKTA_RULES | AUTH0_RULES).items()]


def test_the_page_has_every_notice() -> None:
    """Likewise what is said of change sets and tenants, in the words that people meet."""
    notices = okta.TABLE | auth0.TABLE
    rows = re.findall(r"^\| `((?:FLEX|AUTH0)2\d\d)` \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)

    assert sorted(rows) == sorted((code, severity, message) for code, (severity, message, _) in notices.items())


def test_the_page_has_what_verify_says() -> None:
    """Likewise what is said of sign-ins to the live tenant."""
    said = LOGINS | okta_sign_ons.SIGN_ONS | auth0_sign_ons.SIGN_ONS | assertion.ASSERTIONS
    rows = re.findall(
        r"^\| `((?:FLEX35|OKTA4\d|AUTH04\d)\d)` \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )

    assert sorted(rows) == sorted((code, severity, message) for code, (severity, message, _) in said.items())
