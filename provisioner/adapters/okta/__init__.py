"""Okta, as the engine sees it. What talks to an org is imported when a plan's org is opened, not before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.adapters.okta.credentials import OktaCredentials
    from provisioner.adapters.okta.plan import OktaPlan
    from provisioner.core.adapter import Connection, Provider
    from provisioner.core.change import Change, ChangeSet
    from provisioner.core.drift import Difference, LeftAlone
    from provisioner.core.finding import Finding
    from provisioner.core.resource import Desired, Observed


class OktaProvider:
    """See `core.adapter.Provider`."""

    def desired(self, plan: OktaPlan, *, adopt: bool = False) -> Desired:
        """What the plan wants of its org."""
        from provisioner.adapters.okta.desired import desired

        return desired(plan, adopt=adopt)

    def remark(self, plan: OktaPlan, change: Change) -> str:
        """What the change means to people."""
        from provisioner.adapters.okta.remarks import remark

        return remark(change)

    def warnings(self, plan: OktaPlan, desired: Desired, observed: Observed, changes: ChangeSet) -> tuple[Finding, ...]:
        """What an administrator should know; their table stands in `warnings.py`."""
        from provisioner.adapters.okta.warnings import warnings

        return warnings(desired, observed, changes)

    def unmanaged(self, plan: OktaPlan, desired: Desired, observed: Observed) -> tuple[Finding, ...]:
        """What of others reaches into sign-in to Flex."""
        from provisioner.adapters.okta.warnings import unmanaged

        return tuple(unmanaged(desired, observed))

    def left_alone(self, plan: OktaPlan, desired: Desired, observed: Observed) -> Iterable[LeftAlone]:
        """Accounts that somebody locked."""
        from provisioner.adapters.okta.consequences import left_alone

        return left_alone(desired, observed)

    def notice(self, plan: OktaPlan, difference: Difference) -> str:
        """What agents notice of it; the sentences stand in `consequences.py`."""
        from provisioner.adapters.okta.consequences import notice

        return notice(plan, difference)

    @property
    def credentials(self) -> type[OktaCredentials]:
        """The variables that hold Okta credentials."""
        from provisioner.adapters.okta.credentials import OktaCredentials

        return OktaCredentials

    def connect(
        self, plan: OktaPlan, network: Any, credentials: Sequence[OktaCredentials], *, write: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        """Opens the plan's org. Raises `CredentialsError` where there are none, before anything is sent."""
        from provisioner.adapters.okta.connection import connect

        return connect(plan, network, credentials, write=write)


PROVIDER: Provider = OktaProvider()


def plan_model() -> type[OktaPlan]:
    """The model of plan files for Okta."""
    from provisioner.adapters.okta.plan import OktaPlan

    return OktaPlan
