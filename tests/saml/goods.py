"""Good responses by name: what real identity providers send, and what people are called."""

from __future__ import annotations

from collections.abc import Mapping

from tests.saml.idp import ATTRIBUTES, Idp, Login, good, good_message_signed

ODD_NAME = 'Zoë "Zed" O\'Größe <& Söhne> 😀'
ACCOUNT = "https://iam.twilio.com/v1/Accounts/AC0123456789abcdef0123456789abcdef/saml2"
LEGACY = {"acs": ACCOUNT, "audience": f"{ACCOUNT}/metadata"}


def goods(issued: float, idp: Idp) -> Mapping[str, tuple[Login, bytes]]:
    """Each with the login that it was made from, valid at `issued`."""
    several = ATTRIBUTES | {"roles": ["agent", "supervisor", "wfo.team_leader"], "level.int": ["3"]}
    odd = ATTRIBUTES | {"full_name": [ODD_NAME], "skills.stringarray": ["a, b", "ü"], "empty": [""]}
    logins = {
        "both_signed": Login(issued),
        "answer": Login(issued, in_response_to="_asked"),
        "several_values": Login(issued, attributes=several),
        "odd_names": Login(issued, attributes=odd, name_id="zoë+o'größe@acme.example"),
    }
    made = {name: (login, good(login, idp)) for name, login in logins.items()}
    return made | {"message_signed": (logins["answer"], good_message_signed(logins["answer"], idp))}
