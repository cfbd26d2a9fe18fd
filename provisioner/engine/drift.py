"""Holds a tenant against its plan and says what is drift; never opens anything that can write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from provisioner.core import drift as rules
from provisioner.core import guards
from provisioner.core.adapter import Certificates, Provider, Reader
from provisioner.core.drift import Applied, Certificate
from provisioner.core.ignoring import Sifted, sift
from provisioner.core.resource import Observed
from provisioner.engine.preview import Preview, preview
from provisioner.errors import Refusal, Refused, VendorError
from provisioner.flex.values import fingerprint, not_after

Status = Literal["in_sync", "drifted", "pending"]
# The guard that tells whose a thing is: without it nothing can be said of drift.
_OWNERSHIP = "not_ours"


@dataclass(frozen=True, slots=True)
class Drift:
    """One tenant against its plan. `goal` is the digest of what the plan wants now.

    `since` is the day since which that is applied which was applied last, "" where no mark tells. `is_unrecorded` says
    that something was applied, but not which certificate was handed out; `lacks_admins` is a sentence, "" otherwise.
    """

    tenant: str
    goal: str
    applied: Applied
    since: str
    status: Status
    sifted: Sifted
    certificates: tuple[Certificate, ...]
    refused: tuple[Refusal, ...]
    is_unrecorded: bool
    lacks_admins: str

    @property
    def is_due(self) -> bool:
        """Whether somebody has to act: exit code 2."""
        return self.status != "in_sync" or any(each.is_due for each in self.certificates)


async def drift(provider: Provider, plan: Any, reader: Reader, *, now: datetime) -> Drift:
    """Reads the tenant as a diff does, and what reaches into the plan's things from outside.

    Raises what the adapter raises, and `Refused` where something that the plan names is unmarked or another plan's.
    """
    seen = await preview(provider, plan, reader, limits=plan.guards.limits)
    if foreign := [refusal for refusal in seen.refused if refusal.code == _OWNERSHIP]:
        raise Refused(foreign)
    _, live = await asyncio.gather(reader.look_around(seen.observed), reader.certificates())
    state = rules.applied(seen.desired, seen.observed, seen.goal)
    left_alone = provider.left_alone(plan, seen.desired, seen.observed)
    sifted = sift(
        rules.differences(seen.desired, seen.observed, seen.changes, left_alone, state),
        provider.unmanaged(plan, seen.desired, seen.observed),
        plan.drift.ignore,
        now.date(),
    )
    certificates = tuple(_certificates(live, seen.observed, now, plan.drift.certificate_warn_days))
    return Drift(
        tenant=seen.tenant,
        goal=seen.goal,
        applied=state,
        since=seen.observed.mark.since,
        status=_status(sifted, certificates),
        sifted=sifted,
        certificates=certificates,
        refused=_in_the_way(seen),
        lacks_admins=guards.lacks_admins(seen.desired, seen.observed, plan.guards.limits) if state == "same" else "",
        is_unrecorded=bool(certificates and seen.observed.mark.digest and not seen.observed.mark.certificate),
    )


def _in_the_way(seen: Preview) -> tuple[Refusal, ...]:
    """Guards that an apply of this meets; that something is missing is told as such."""
    return tuple(refusal for refusal in seen.refused if refusal.code != "missing")


def _status(sifted: Sifted, certificates: tuple[Certificate, ...]) -> Status:
    classes = {difference.cls for difference in sifted.differences}
    if classes & {"drifted", "missing"} or any(each.state == "changed" for each in certificates):
        return "drifted"
    return "pending" if classes else "in_sync"


def _certificates(
    live: Certificates | None, observed: Observed, now: datetime, warn_days: int
) -> Iterator[Certificate]:
    for pem, is_next in ((live.current, False), (live.coming, True)) if live else ():
        if pem:
            sha256, ends = _read(pem)
            recorded = "" if is_next else observed.mark.certificate
            yield rules.certificate(sha256, ends, now=now, warn_days=warn_days, recorded=recorded, is_next=is_next)


def _read(pem: str) -> tuple[str, datetime]:
    try:
        return fingerprint(pem), not_after(pem)
    except ValueError as error:
        hint = "look at the application's signing certificates in the admin console"
        raise VendorError(f"the signing certificate cannot be read: {error}", status=200, hint=hint) from None
