"""The vendors that the sandbox plays, and the pages of each that people open; a further one is two more lines."""

from collections.abc import Mapping

from provisioner.sandbox.auth0 import PART as AUTH0
from provisioner.sandbox.flex import PART as FLEX
from provisioner.sandbox.okta import PART as OKTA
from provisioner.sandbox.world import Part

PARTS: tuple[Part, ...] = (OKTA, AUTH0, FLEX)

DOORS: Mapping[str, Mapping[str, str]] = {
    FLEX.name: {
        "Twilio Console": "/flex/console",
        "Flex: log in": "/flex/",
        "Flex: all workers": "/flex/workers",
    },
    OKTA.name: {"Okta: people's own page": "/app/UserHome"},
    AUTH0.name: {"Auth0: sign out": "/v2/logout"},
}
