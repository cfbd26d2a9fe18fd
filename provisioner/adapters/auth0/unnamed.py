"""What an application holds beside the plan's settings and what changes sign-on to Flex all the same. Pure.

An apply leaves it as it is, because the plan does not name it; so it is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from provisioner.adapters.auth0 import application

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

KIND = "setting_beside_the_plan"

_HOUR = 3600
# Which values of a setting matter, and why (Auth0 docs: customize SAML assertions; Twilio guide "SSO configuration" on
# sessions). Those that let nobody in are compared: see `application.py`.
_SETTINGS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "lifetimeInSeconds": (
        lambda given: isinstance(given, int) and given < _HOUR,
        "agents are signed out in the middle of a shift",
    ),
    "nameIdentifierFormat": (
        lambda given: str(given).endswith(":transient"),
        "it promises Flex another NameID at every sign-in, and so another worker",
    ),
}


def in_the_way(plan: Auth0Plan, client: Json) -> Iterator[tuple[str, str]]:
    """Names of what is there, as the Dashboard or the API calls it, each with what it does."""
    for name, value in application.spare_settings(plan, client).items():
        matters, why = _SETTINGS.get(name, (None, ""))
        if matters and matters(value):
            yield f"addons.samlp.{name}", why
    if (client.get("addons") or {}).get("wsfed") is not None:
        yield "addons.wsfed", "Auth0 does not support it on an application that has the SAML add-on"
    for url in application.spare_callbacks(plan, client):
        yield f"callback {url}", "a sign-in may ask Auth0 to send the response there instead of to Flex"
