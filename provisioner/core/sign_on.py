"""What people would bring to Flex by signing in now, as an adapter computes it and as Flex would judge it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from provisioner.core.finding import Finding

NO_CLAIMS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SignOn:
    """The assertion for one person: NameID and claims, or why there is none.

    `name_id` is None where nothing would be sent. `unjudged` holds the paths (`name_id`, `attributes.NAME`) of what is
    not known or is not meant for Flex.
    """

    user: str
    name_id: str | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_CLAIMS)
    findings: tuple[Finding, ...] = ()
    unjudged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignOns:
    """Those of all people asked for, and what concerns every one of them.

    `certificate` is how the fingerprint of the certificate begins that was handed out last, "" where none is recorded;
    `name_id_format` is the URN of the NameID's format.
    """

    people: tuple[SignOn, ...]
    findings: tuple[Finding, ...] = ()
    certificate: str = ""
    name_id_format: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """One person's sign-on, judged. `ok`: there is no error, neither of this person nor of the tenant.

    `known` is false where NameID or a required claim cannot be computed, so that a real login may end otherwise.
    `name_id` is None where the identity provider sends nothing, or nothing is known of it.
    """

    user: str
    ok: bool
    known: bool
    name_id: str | None
    attributes: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """Everybody who was asked for, and what concerns them all."""

    plan: str
    tenant: str
    users: tuple[Verified, ...]
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether there is no error at all; warnings, and what is not known, do not count."""
        return all(user.ok for user in self.users) and not has_errors(self.findings)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them is more than a warning."""
    return any(finding.severity == "error" for finding in findings)
