"""Holds what everybody would bring to Flex by signing in now against what Flex asks for; reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from provisioner.core.adapter import IdpFacts, Reader
from provisioner.core.finding import Finding
from provisioner.core.sign_on import SignOn, SignOns, Verification, Verified, has_errors
from provisioner.engine.live_facts import certificate_of
from provisioner.flex import logins
from provisioner.flex.claims import REQUIRED
from provisioner.flex.sign_on import judge, unsendable

if TYPE_CHECKING:
    from provisioner.planfile.people import Person
    from provisioner.planfile.sections import PlanFile

_REQUIRED = {"name_id", *(f"attributes.{name}" for name in REQUIRED)}


async def verify(plan: PlanFile, reader: Reader, people: Sequence[Person], now: datetime) -> Verification:
    """The sign-ons of these people of the plan. Raises what the adapter raises."""
    seen = await reader.sign_ons(people)
    facts = await reader.facts()
    of_all = _errors_first((*seen.findings, *_certificate(plan, seen, facts, now)))
    users = tuple(_judged(sign_on, seen.name_id_format, of_all) for sign_on in seen.people)
    return Verification(plan.name, reader.name, users, of_all)


def _judged(sign_on: SignOn, name_id_format: str, of_all: Sequence[Finding]) -> Verified:
    findings = sign_on.findings
    if sign_on.name_id is not None:
        judged = judge(sign_on.name_id, sign_on.attributes, name_id_format=name_id_format)
        findings += tuple(each for each in judged if each.path not in sign_on.unjudged)
        findings += tuple(unsendable(sign_on.name_id, sign_on.attributes))
    findings = _errors_first(findings)
    ok = not has_errors((*of_all, *findings))
    known = not ok or (sign_on.name_id is not None and sign_on.unjudged.isdisjoint(_REQUIRED))
    return Verified(sign_on.user, ok, known, sign_on.name_id, sign_on.attributes, findings)


def _errors_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: each.severity != "error"))


def _certificate(plan: Any, seen: SignOns, facts: IdpFacts | None, now: datetime) -> Iterator[Finding]:
    if facts is None:
        return
    values = plan.values(facts)
    yield from logins.certificate_changed(seen.certificate, certificate_of(facts))
    yield from logins.certificate_ends(values.certificate_pem, now, plan.drift.certificate_warn_days)
