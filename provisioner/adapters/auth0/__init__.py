"""Auth0, as the engine sees it. What talks to a tenant is imported when a plan's tenant is opened, not before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.adapters.auth0.credentials import Auth0Credentials
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.core.adapter import Connection, Provider
    from provisioner.core.change import Change, ChangeSet
    from provisioner.core.drift import Difference, LeftAlone
    from provisioner.core.finding import Finding
    from provisioner.core.resource import Desired, Observed


class Auth0Provider:
    """See `core.adapter.Provider`."""

    def desired(self, plan: Auth0Plan, *, adopt: bool = False) -> Desired:
        """What the plan wants of its tenant; `adopt` changes nothing here, because every mark is wanted anyway."""
        from provisioner.adapters.auth0.desired import desired

        return desired(plan)

    def remark(self, plan: Auth0Plan, change: Change) -> str:
        """What the change means to people."""
        from provisioner.adapters.auth0.remarks import remark

        return remark(plan, change)

    def warnings(
        self, plan: Auth0Plan, desired: Desired, observed: Observed, changes: ChangeSet
    ) -> tuple[Finding, ...]:
        """What an administrator should know; their table stands in `warnings.py`."""
        from provisioner.adapters.auth0.warnings import warnings

        return warnings(plan, desired, observed, changes)

    def unmanaged(self, plan: Auth0Plan, desired: Desired, observed: Observed) -> tuple[Finding, ...]:
        """What of others reaches into sign-in to Flex."""
        from provisioner.adapters.auth0.warnings import unmanaged

        return tuple(unmanaged(plan, desired, observed))

    def left_alone(self, plan: Auth0Plan, desired: Desired, observed: Observed) -> Iterable[LeftAlone]:
        """Accounts that somebody locked."""
        from provisioner.adapters.auth0.consequences import left_alone

        return left_alone(desired, observed)

    def notice(self, plan: Auth0Plan, difference: Difference) -> str:
        """What agents notice of it; the sentences stand in `consequences.py`."""
        from provisioner.adapters.auth0.consequences import notice

        return notice(plan, difference)

    @property
    def credentials(self) -> type[Auth0Credentials]:
        """The variables that hold Auth0 credentials."""
        from provisioner.adapters.auth0.credentials import Auth0Credentials

        return Auth0Credentials

    def connect(
        self, plan: Auth0Plan, network: Any, credentials: Sequence[Auth0Credentials], *, write: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        """Opens the plan's tenant. Raises `CredentialsError` where there are none, before anything is sent."""
        from provisioner.adapters.auth0.connection import connect

        return connect(plan, network, credentials, write=write)


PROVIDER: Provider = Auth0Provider()


def plan_model() -> type[Auth0Plan]:
    """The model of plan files for Auth0."""
    from provisioner.adapters.auth0.plan import Auth0Plan

    return Auth0Plan
