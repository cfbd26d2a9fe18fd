"""One captured response held against the Flex values: every finding at once, and what the response says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from provisioner.core.finding import Finding
from provisioner.flex import values
from provisioner.flex.response import checks
from provisioner.flex.response.capture import Capture
from provisioner.flex.response.codes import finding
from provisioner.flex.response.contents import Contents, contents
from provisioner.flex.response.document import Element, parse
from provisioner.flex.response.signature import Signed, examine
from provisioner.flex.response.times import Reference, length, reference, stamp, times
from provisioner.flex.response.trusted import Trusted
from provisioner.flex.sign_on import judge


class Checked(NamedTuple):
    """What became of the check, and what the response says, as it came.

    `signed` says what the pinned key was found to have signed: `response`, `assertion`, both or nothing. `facts` are
    lines about the response, for people.
    """

    findings: tuple[Finding, ...]
    issuer: str
    issued: str
    signed: tuple[str, ...]
    name_id: str
    attributes: Mapping[str, tuple[str, ...]]
    facts: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        """Whether Flex would take it: warnings do not keep anybody out."""
        return all(found.severity != "error" for found in self.findings)


def check(
    captured: Capture,
    trusted: Trusted,
    now: datetime,
    at: datetime | None = None,
    cover: Callable[[str], str] = str,
) -> Checked:
    """Everything about which Flex, or the person who signs in, would stumble.

    `at` is the time at which the response is to have reached Flex. Without it the time of its posting counts, or of its
    issue: a capture is older than it was. `cover` makes of a value of the person what is to be shown of it; what is
    found does not depend on it. Raises `ProvisionerError` where there is no SAML response in it.
    """
    root = parse(captured.xml)
    signed = examine(root, trusted, now)
    said = contents(root, signed.response, signed.assertion)
    judged = reference(said, at, captured.posted)
    return Checked(
        findings=tuple(dict.fromkeys(_findings(root, signed, said, _Held(captured, trusted, judged, now, cover)))),
        issuer=said.issuer,
        issued=said.issued,
        signed=signed.what,
        name_id=cover(said.name_id),
        attributes={name: tuple(map(cover, values)) for name, values in said.attributes.items()},
        facts=tuple(_facts(captured, said, signed, now)),
    )


class _Held(NamedTuple):
    captured: Capture
    trusted: Trusted
    judged: Reference | None
    now: datetime
    cover: Callable[[str], str]


def _findings(root: Element, signed: Signed, said: Contents, held: _Held) -> Iterator[Finding]:
    """In the order in which Flex would stumble: without a login there is nothing else to say."""
    captured, trusted, judged, now, cover = held
    if refused := tuple(checks.status(root, cover)):
        yield from refused
        return
    yield from checks.structure(root)
    yield from signed.findings
    if (ended := values.not_after(trusted.certificate_pem)) < (judged.time if judged else now):
        yield finding("FLEX370", "certificate", date=f"{ended:%Y-%m-%d}")
    yield from checks.posting(captured, trusted)
    yield from checks.addresses(said, trusted)
    yield from times(said, judged, now)
    yield from checks.subject(said)
    yield from checks.claims(said)
    if said.assertion is not None:
        yield from judge(said.name_id, said.attributes, name_id_format=said.name_id_format, cover=cover)


def _facts(captured: Capture, said: Contents, signed: Signed, now: datetime) -> Iterator[tuple[str, str]]:
    if captured.others:
        yield "Captured", f"the last of {captured.others + 1} responses in the file; those before it are not looked at"
    if captured.posted_to:
        yield "Sent", f"posted to {captured.posted_to}"
    yield "Issuer", said.issuer
    if issued := reference(said, None, None):
        age = now - issued.time
        yield "Issued", f"{stamp(issued.time)}, {length(abs(age))} {'ago' if age >= timedelta() else 'from now'}"
    yield "Signed", ", ".join(signed.what) or f"{_unsigned(signed)}; what it says is shown as it came"


def _unsigned(signed: Signed) -> str:
    codes = {found.code for found in signed.findings}
    if "FLEX366" in codes:
        return "not by the key that Flex was given"
    return "nothing" if "FLEX364" in codes else "nothing by a signature that holds"
