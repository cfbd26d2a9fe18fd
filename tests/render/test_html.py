"""The page for whoever fills in Twilio Console, by its text; tests/browser has it in a browser."""

import re
from dataclasses import replace
from datetime import date

from provisioner.flex.values import Values
from provisioner.render import html
from tests.render.handover import NOTES, TODAY, make_values

EMPTY = "leave empty"
# As the Console has them, from top to bottom.
FORM = (
    "Friendly name",
    "X.509 Certificate",
    "Identity Provider Issuer",
    "Single Sign-on URL",
    "Default redirect URL",
    "Trusted URLs",
    "Login using popup",
)


def page(values: Values, *, today: date = TODAY) -> str:
    return html.values(values, NOTES, plan="acme", tenant="acme.us.auth0.com", today=today, warn_days=60)


def test_the_fields_stand_in_the_order_of_the_form() -> None:
    """Whoever fills it in goes down both in step; ACS URL and audience come before, to be compared."""
    names = re.findall("<dt>([^<]+)</dt>", page(make_values()))

    assert tuple(names[: len(FORM) + 3]) == ("ACS URL", "Audience URI", *FORM, "Login link")
    assert names[-1] == "Next certificate"


def test_what_a_provider_does_not_have_is_said() -> None:
    """An empty field is left empty on purpose, and no next certificate is no omission."""
    bare = replace(
        make_values(),
        next_certificate_pem=None,
        default_redirect_url=None,
        trusted_urls=(),
        login_popup=False,
        login_url=None,
    )

    text = page(bare)

    assert text.count(EMPTY) == 2
    assert "<strong>off</strong>" in text
    assert "No next certificate" in text
    assert "the one that the Console shows" in text


def test_a_sandbox_has_its_own_console_and_flex() -> None:
    """The page of a sandbox's values leads nowhere else, and not to Twilio."""
    text = page(replace(make_values(), sso_url="http://acme.localhost:8400/samlp/abc", login_url=None))

    assert re.findall('href="(http[^"]*)"', text) == ["http://acme.localhost:8400/flex/console"]
    assert '<code id="login_url">http://acme.localhost:8400/flex/</code>' in text
    assert "TaskRouter" not in text
    assert "console.twilio.com" in page(make_values())


def test_an_ending_is_counted_from_the_day_of_the_page() -> None:
    """Far off it is told, near or past it stands out."""
    far, near, past = (page(make_values(), today=day) for day in (TODAY, date(2036, 10, 22), date(2036, 11, 22)))

    assert "It ends on 2036-11-21, 3,653 days after 2026-11-21." in far
    assert '<strong class="warn">' not in far
    assert '<strong class="warn">It ends on 2036-11-21, 30 days after 2036-10-22.</strong>' in near
    assert '<strong class="warn">It ended on 2036-11-21.</strong>' in past


def test_nothing_from_outside_becomes_markup() -> None:
    """Names come from a plan and addresses from a tenant: neither runs, nor hides in invisible characters."""
    attack = "</code><script>alert(1)</script>\"'$style\u202e"
    values = replace(make_values(), friendly_name=attack, issuer=attack, sso_url=attack, trusted_urls=(attack,))

    text = html.values(values, NOTES, plan=attack, tenant=attack, today=TODAY, warn_days=60)

    assert text.count("<script>") == text.count("</script>") == 1
    assert "\u202e" not in text
    assert text.count("max-width: 54rem") == 1


def test_the_page_is_the_same_again_and_needs_nothing_else() -> None:
    """It can be kept, compared, piped through any encoding, and opened where there is no network."""
    text = page(make_values())

    assert text == page(make_values())
    assert text.isascii()
    assert not re.findall(r"<(?:link|img|script|iframe)\b[^>]*(?:src|href)=(?!\"data:)", text)
    assert "default-src 'none'" in text
