"""What keeps a login to Flex from happening, whichever the vendor, beside the claims: the codes from FLEX350 on. Pure.

What Flex makes of the claims stands in `sign_on`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from provisioner.core.finding import Finding
from provisioner.flex.notices import Table, finding
from provisioner.flex.values import not_after

LOGINS: Table = {
    "FLEX350": (
        "error",
        "{name} is not in the tenant.",
        "apply the plan, or correct the name in it",
    ),
    "FLEX351": (
        "error",
        "{name} is not assigned to the application: the identity provider lets nobody through who is not.",
        "apply the plan, or look into {place} why the assignment is gone",
    ),
    "FLEX352": (
        "error",
        "{name} is {status} and cannot sign in.",
        "{fix}",
    ),
    "FLEX353": (
        "warning",
        "{name} has not activated the account yet, and cannot sign in before that.",
        "the link is in the e-mail that {vendor} sent; send it again, if it is lost",
    ),
    "FLEX354": (
        "error",
        "There is no application of this plan in the tenant: nobody can sign in.",
        "apply the plan",
    ),
    "FLEX355": (
        "error",
        "The application is inactive: nobody can sign in.",
        "apply the plan, which activates it",
    ),
    "FLEX356": (
        "error",
        "The signing certificate is another one than was handed out last: nobody can sign in"
        " until Twilio Console has it.",
        "paste the certificate into Twilio Console again; `provisioner outputs` prints it, `apply` takes note of it",
    ),
    "FLEX357": (
        "error",
        "The signing certificate ended on {day}.",
        "make a new one in the identity provider, and paste it into Twilio Console at the same time",
    ),
    "FLEX358": (
        "warning",
        "The signing certificate ends on {day}, in {days} days.",
        "plan its successor: from the change on, nobody can sign in until Twilio Console has it",
    ),
    "FLEX359": (
        "warning",
        "{what} of {name} cannot be computed here: {why}.",
        "look at a real login, with `provisioner check-response`",
    ),
}


def certificate_changed(handed_out: str, live: str) -> Iterator[Finding]:
    """Whether the live certificate is another one than was handed out last; both as fingerprints, "" for unknown."""
    if handed_out and live and handed_out != live:
        yield finding(LOGINS, "FLEX356", "certificate")


def certificate_ends(certificate: str, now: datetime, warn_days: int) -> Iterator[Finding]:
    """Whether the certificate (PEM) has ended or soon will. Raises `ValueError` where it cannot be read."""
    end = not_after(certificate)
    if end <= now:
        yield finding(LOGINS, "FLEX357", "certificate", day=f"{end:%Y-%m-%d}")
    elif (days := (end - now).days) <= warn_days:
        yield finding(LOGINS, "FLEX358", "certificate", day=f"{end:%Y-%m-%d}", days=str(days))
