"""Reads a tenant and says what would change; cannot write."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from provisioner.core import guards
from provisioner.core.adapter import Provider, Reader
from provisioner.core.change import ChangeSet, fingerprint
from provisioner.core.diff import diff, digest
from provisioner.core.finding import Finding
from provisioner.core.resource import Desired, Observed
from provisioner.errors import Refusal


@dataclass(frozen=True, slots=True)
class Preview:
    """What an apply would do, as a whole.

    `digest` is what `--expect` compares: it changes with the plan, the tenant, and every single change.
    `goal` is the digest of the desired state, which the ownership mark holds once all of it is applied.
    """

    tenant: str
    desired: Desired
    observed: Observed
    changes: ChangeSet
    refused: tuple[Refusal, ...]
    warnings: tuple[Finding, ...]
    digest: str
    goal: str

    def is_recorded(self, certificate: str) -> bool:
        """Whether the ownership mark says already that all is applied, and that this certificate was handed out."""
        mark = self.observed.mark
        return self.goal == mark.digest and certificate in ("", mark.certificate)


async def preview(
    provider: Provider,
    plan: Any,
    reader: Reader,
    *,
    limits: guards.Limits,
    allow: Collection[str] = (),
    adopt: bool = False,
) -> Preview:
    """Observes the tenant and diffs it against the plan. Raises what the adapter raises."""
    desired = provider.desired(plan, adopt=adopt)
    observed = await reader.observe(desired)
    changes = diff(desired, observed)
    return Preview(
        tenant=reader.name,
        desired=desired,
        observed=observed,
        changes=changes,
        refused=guards.check(desired, observed, changes, limits, allow=allow, adopt=adopt),
        warnings=provider.warnings(plan, desired, observed, changes),
        digest=fingerprint([desired.plan, reader.name, changes.digest(lambda change: provider.remark(plan, change))]),
        goal=digest(desired),
    )
