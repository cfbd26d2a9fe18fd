"""An open connection to one org: the reader, and a writer that starts from what the reader saw."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from provisioner.adapters.okta import application, lookup
from provisioner.adapters.okta.buckets import bucket_of
from provisioner.adapters.okta.credentials import OktaCredentials, chosen
from provisioner.adapters.okta.executor import OktaSession
from provisioner.adapters.okta.reader import OktaReader
from provisioner.adapters.okta.scopes import needed
from provisioner.adapters.okta.writer import OktaWriter
from provisioner.core.resource import Observed
from provisioner.core.sign_on import SignOns

if TYPE_CHECKING:
    from provisioner.adapters.http import Network
    from provisioner.adapters.okta.plan import OktaPlan
    from provisioner.planfile.people import Person


class OktaConnection(OktaReader):
    """Reads one org for one plan, and writes when asked to."""

    async def sign_ons(self, people: Sequence[Person]) -> SignOns:
        """What these people would bring to Flex by signing in now; see `core.adapter.Connection`."""
        from provisioner.adapters.okta import sign_ons

        self._live.saw(application.choose(self._plan, await lookup.candidates(self._session, self._plan)))
        return await sign_ons.read(self._session, self._plan, self._live.app, people)

    def writer(self, observed: Observed) -> OktaWriter:
        """The writing half, starting from what was observed."""
        return OktaWriter(self._session, self._plan, self._live, observed)


@asynccontextmanager
async def connect(
    plan: OktaPlan, network: Network, credentials: Sequence[OktaCredentials], *, write: bool
) -> AsyncIterator[OktaConnection]:
    """The plan's org, open; one access token serves it all. Raises `CredentialsError` before anything is sent."""
    org_url, usable = plan.provider.base_url, chosen(credentials, needed(plan, write=write))
    async with network.open_client(org_url, bucket_of=bucket_of) as tenant:
        yield OktaConnection(OktaSession(tenant, org_url, usable), plan, tenant.counts)
