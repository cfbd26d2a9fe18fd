"""What an apply hands out at its end, read once, and the certificate by which a later run knows what was handed out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from provisioner.core.adapter import IdpFacts
from provisioner.errors import ProvisionerError
from provisioner.flex.values import fingerprint

# So many digits of a fingerprint stand in the ownership mark.
DIGITS = 16


def certificate_of(facts: IdpFacts | None) -> str:
    """How the fingerprint of the live certificate begins; "" where there is none that can be read."""
    try:
        return fingerprint(facts.certificate)[:DIGITS] if facts else ""
    except ValueError:
        return ""


@dataclass(slots=True)
class LiveFacts:
    """The live identity provider's facts, asked for when they are needed first; `failure` says why there are none."""

    read: Callable[[], Awaitable[IdpFacts | None]]
    facts: IdpFacts | None = None
    failure: ProvisionerError | None = None
    is_read: bool = False

    async def certificate(self) -> str:
        """How the fingerprint of the certificate begins that is handed out; "" for none."""
        if not self.is_read:
            self.is_read = True
            try:
                self.facts = await self.read()
            except ProvisionerError as error:
                self.failure = error
        return certificate_of(self.facts)
