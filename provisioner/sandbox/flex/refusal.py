"""How Flex says no: Twilio's code and text, and beside them what really was wrong, which only a sandbox tells."""

from html import escape

from starlette.responses import HTMLResponse

from provisioner.sandbox.pages import page
from provisioner.sandbox.world import Visit

PART = "Twilio Flex"
CONSOLE = "Twilio Console"

UNREADABLE = "70252"
NOT_VALID = "70004"
SETTINGS = "70251"
INCOMPLETE = "45050"
BAD_VALUE = "45004"
BAD_FORMAT = "400"

# Texts: Twilio's error dictionary, and what Flex UI 2.17.1 prints for the code. That 70252 is for what cannot be read
# and 70004 for what was read and does not hold is an inference from their titles.
_ANSWERS = {
    UNREADABLE: (400, "Bad Saml Response"),
    NOT_VALID: (401, "authentication failed"),
    SETTINGS: (403, "Invalid SSO Settings: malformed urls or missing/invalid certificates"),
    INCOMPLETE: (
        400,
        "Required user attributes are missing from your SSO provider. Please verify your SSO attribute mappings "
        "include: email, roles, and other required fields.",
    ),
    BAD_VALUE: (400, "Validation Error"),
    BAD_FORMAT: (400, "400 Error invalid attribute format"),
}


class RefusedError(Exception):
    """A login that Flex refuses: `code` is Twilio's, the words are the sandbox's."""

    def __init__(self, code: str, words: str, detail: str = "") -> None:
        super().__init__(words)
        self.code, self.words = code, words
        self.status, text = _ANSWERS[code]
        self.text = f"{text}: {detail}" if detail else text


def refused(visit: Visit, error: RefusedError) -> HTMLResponse:
    """Give the page on which a failed login ends."""
    body = (
        f'<section class="bad" data-code="{error.code}"><h2>Error {error.code}</h2>'
        f"<p>{escape(error.text)}</p></section>"
        "<h2>What really was wrong</h2>"
        f'<section class="notice" data-reason><p>{escape(error.words)}</p>'
        '<p class="mute">Twilio does not tell this; the sandbox does.</p></section>'
        '<p><a class="button" href="/flex/">Back to Flex</a> '
        '<a class="button quiet" href="/flex/console">Twilio Console</a></p>'
    )
    return page("You are not signed in", body, part=PART, tenant=visit.tenant, status=error.status)
