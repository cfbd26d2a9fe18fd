"""An open connection to one tenant: the reader, and a writer that starts from what the reader saw."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from provisioner.adapters.auth0.buckets import bucket_of
from provisioner.adapters.auth0.credentials import Auth0Credentials, chosen
from provisioner.adapters.auth0.reader import Auth0Reader
from provisioner.adapters.auth0.scrub import scrub
from provisioner.adapters.auth0.session import Auth0Session
from provisioner.adapters.auth0.writer import Auth0Writer
from provisioner.core.resource import Observed
from provisioner.core.sign_on import SignOns

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.http import Network
    from provisioner.planfile.people import Person


class Auth0Connection(Auth0Reader):
    """Reads one tenant for one plan, and writes when asked to."""

    async def sign_ons(self, people: Sequence[Person]) -> SignOns:
        """What these people would bring to Flex by signing in now; see `core.adapter.Connection`."""
        from provisioner.adapters.auth0 import sign_ons

        return await sign_ons.read(self._session, self._plan, self._known, people)

    def writer(self, observed: Observed) -> Auth0Writer:
        """The writing half, starting from what was observed."""
        return Auth0Writer(self._session, self._plan, self._known, observed)


@asynccontextmanager
async def connect(
    plan: Auth0Plan, network: Network, credentials: Sequence[Auth0Credentials], *, write: bool
) -> AsyncIterator[Auth0Connection]:
    """The plan's tenant, open: one token serves it all. Raises `CredentialsError` before anything is sent."""
    origin, usable = plan.provider.base_url, chosen(credentials)
    async with network.open_client(origin, bucket_of=bucket_of, scrub=scrub) as tenant:
        yield Auth0Connection(Auth0Session(tenant, origin, usable), plan, tenant.counts, write=write)
