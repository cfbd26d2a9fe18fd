"""An open connection to one org: the reader, and a writer that starts from what the reader saw."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from provisioner.adapters.okta.buckets import bucket_of
from provisioner.adapters.okta.credentials import OktaCredentials, chosen
from provisioner.adapters.okta.executor import OktaSession
from provisioner.adapters.okta.reader import OktaReader
from provisioner.adapters.okta.scopes import needed
from provisioner.adapters.okta.writer import OktaWriter
from provisioner.core.resource import Observed

if TYPE_CHECKING:
    from provisioner.adapters.http import Network, TenantClient
    from provisioner.adapters.okta.plan import OktaPlan


class OktaConnection(OktaReader):
    """Reads one org for one plan, and writes when asked to: only then is a token for writing fetched."""

    def __init__(self, plan: OktaPlan, tenant: TenantClient, credentials: Sequence[OktaCredentials]) -> None:
        self._tenant, self._credentials = tenant, credentials
        super().__init__(_session(plan, tenant, credentials, write=False), plan, tenant.counts)

    def writer(self, observed: Observed) -> OktaWriter:
        """The writing half, starting from what was observed."""
        session = _session(self._plan, self._tenant, self._credentials, write=True)
        return OktaWriter(session, self._plan, self._live, observed)


@asynccontextmanager
async def connect(
    plan: OktaPlan, network: Network, credentials: Sequence[OktaCredentials]
) -> AsyncIterator[OktaConnection]:
    """The plan's org, open. Raises `CredentialsError` before anything is sent."""
    async with network.open_client(plan.provider.base_url, bucket_of=bucket_of) as tenant:
        yield OktaConnection(plan, tenant, credentials)


def _session(
    plan: OktaPlan, tenant: TenantClient, credentials: Sequence[OktaCredentials], *, write: bool
) -> OktaSession:
    scopes = needed(plan, write=write)
    return OktaSession(tenant, plan.provider.base_url, chosen(credentials, scopes))
