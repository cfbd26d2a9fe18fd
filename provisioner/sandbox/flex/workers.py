"""Workers as Flex keeps them: one for each NameID, overwritten by each login; and who is signed in."""

import re
import secrets
from hashlib import sha256
from typing import Any

from provisioner.sandbox.clock import iso
from provisioner.sandbox.flex.claims import Claims
from provisioner.sandbox.world import Visit

Worker = dict[str, Any]


def record(visit: Visit, claims: Claims) -> Worker:
    """Give the person's worker after a login: what was claimed replaces, what came empty is cleared, the rest stays.

    Source: Twilio's guide to SSO configuration (the identity provider is the source of truth).
    """
    former = visit.documents.get("worker", claims.name_id)
    kept = {name: value for name, value in (former or {}).get("attributes", {}).items() if name not in claims.cleared}
    name = identity(claims.name_id)
    worker = {
        "sid": former["sid"] if former else f"WK{sha256(claims.name_id.encode()).hexdigest()[:32]}",
        "friendly_name": claims.name_id,
        "identity": name,
        "roles": claims.roles,
        "ignored_roles": claims.ignored_roles,
        "attributes": {**kept, "contact_uri": f"client:{name}", **claims.attributes, "roles": claims.roles},
        "last_login": iso(visit.world.clock.now()),
    }
    visit.documents.put("worker", claims.name_id, worker)
    return worker


def identity(name_id: str) -> str:
    """Give the name as Twilio's client identity: each byte but letters and digits as `_` and its hexadecimal number.

    Seen in public samples for `@` (_40) and `.` (_2E); for `_` itself and beyond ASCII this is a guess.
    """
    return re.sub(rb"[^0-9A-Za-z]", lambda byte: b"_%02X" % byte[0][0], name_id.encode()).decode()


def everyone(visit: Visit) -> list[Worker]:
    """All workers in the order of their first login."""
    return visit.documents.find("worker")


def sign_in(visit: Visit, worker: Worker) -> str:
    """Give the value of the cookie that says who it is from now on."""
    token = secrets.token_urlsafe(32)
    visit.documents.put("session", token, {"worker": worker["friendly_name"]})
    return token


def signed_in(visit: Visit, token: str) -> Worker | None:
    """The worker of a cookie's value."""
    session = visit.documents.get("session", token)
    return None if session is None else visit.documents.get("worker", session["worker"])


def sign_out(visit: Visit, token: str) -> None:
    """End a session."""
    visit.documents.delete("session", token)
