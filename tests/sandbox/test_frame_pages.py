"""The frame of every page that the sandbox serves."""

import base64
import hashlib
import re

from provisioner.sandbox.pages import page


def test_what_comes_from_outside_is_text() -> None:
    """Title, part and tenant are escaped; the body is the maker's HTML."""
    html = bytes(page("<b>", "<p>hello</p>", part="<i>", tenant="<u>").body).decode()

    assert "<p>hello</p>" in html
    assert not re.search("<[biu]>", html)


def test_only_the_page_s_own_style_and_script_may_run() -> None:
    """The policy names both by digest and lets nothing else in."""
    answer = page("Title", "", part="Okta", tenant="localhost", script="go();")
    policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))

    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", bytes(answer.body).decode(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert (policy["default-src"], policy["form-action"]) == ("'none'", "'self'")


def test_a_page_may_loosen_one_directive() -> None:
    """A form that posts to another site says so; without a script there is no directive for one."""
    answer = page("Title", "", part="Okta", tenant="localhost", policy={"form-action": "*"})
    policy = answer.headers["content-security-policy"]

    assert "form-action *" in policy
    assert "script-src" not in policy
