"""How a response travels: a form that the browser posts to the service provider."""

import re
from html import escape

from starlette.responses import HTMLResponse

from provisioner.sandbox.pages import page

_FLEX = re.compile(r"https://login\.flex\.[a-z0-9-]+\.twilio\.com(/login/callback\?connection=JQ[0-9a-f]{32})")
_FLEX_LEGACY = re.compile(r"https://iam\.twilio\.com(/v1/Accounts/AC[0-9a-f]{32}/saml2)")


def delivery(acs_url: str, origin: str) -> str:
    """Give the address that the browser posts to: Twilio's are played by the sandbox at `origin`, others are real."""
    match = _FLEX.fullmatch(acs_url) or _FLEX_LEGACY.fullmatch(acs_url)
    return f"{origin}/flex{match[1]}" if match else acs_url


def post_form(acs_url: str, response: str, relay_state: str, *, origin: str, part: str, tenant: str) -> HTMLResponse:
    """Give the page that posts the response by itself, or by its button where no script runs.

    `response` is what `response.signed` gave; an empty relay state is left out (SAML bindings 3.5.3).
    """
    address = delivery(acs_url, origin)
    fields = {"SAMLResponse": response} | ({"RelayState": relay_state} if relay_state else {})
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in fields.items())
    played = "Twilio is not reachable from here: the sandbox's own Flex takes the response."
    body = (
        f'<form method="post" action="{escape(address)}">{hidden}'
        f"<p>The response goes to <code>{escape(acs_url)}</code>.</p>"
        f"{f'<p>{played}</p>' if address != acs_url else ''}"
        f'<p><button type="submit">Continue</button></p></form>'
    )
    # The service provider may answer with a redirect to anywhere, which the policy would hold back as well.
    policy = {"form-action": "*"}
    return page("Signing in", body, part=part, tenant=tenant, script="document.forms[0].submit()", policy=policy)
