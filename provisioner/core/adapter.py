"""What the engine asks of a provider. An adapter imports this; the engine knows nothing else of adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

from provisioner.core.change import Change, ChangeSet
from provisioner.core.drift import Difference, LeftAlone
from provisioner.core.finding import Finding
from provisioner.core.ownership import Mark
from provisioner.core.resource import Desired, Observed
from provisioner.core.sign_on import SignOns
from provisioner.errors import ProvisionerError


@dataclass(frozen=True, slots=True)
class IdpFacts:
    """What only the live identity provider knows. Certificates are PEM, 64 columns; `next_certificate` may be ""."""

    issuer: str
    sso_url: str
    certificate: str
    next_certificate: str = ""


class Certificates(NamedTuple):
    """The certificate that signs and the one that is to follow it, "" where none is; both in PEM."""

    current: str
    coming: str = ""


@dataclass(slots=True)
class Requests:
    """How many requests a run has sent: all, those sent again, those refused for their rate."""

    total: int = 0
    retried: int = 0
    rate_limited: int = 0


class Reader(Protocol):
    """The half of a tenant's connection that cannot write."""

    @property
    def name(self) -> str:
        """The tenant as people know it: a host name."""

    @property
    def requests(self) -> Requests:
        """Counts so far, kept up to date."""

    async def observe(self, desired: Desired) -> Observed:
        """What the tenant holds now of what `desired` names, and of what it may have to remove."""

    async def facts(self) -> IdpFacts | None:
        """Issuer, SSO URL and certificates of the application as this connection last saw or wrote it, else as it is.

        None while there is no application, or while it is inactive.
        """

    async def sign_ons(self, people: Sequence[Any]) -> SignOns:
        """What these people, of the plan, would bring to Flex by signing in now. A guess is never made."""

    async def look_around(self, observed: Observed) -> None:
        """Adds to what was observed such things of others as only a check of drift asks for."""

    async def certificates(self) -> Certificates | None:
        """With what the observed application signs, also while it is inactive. None while there is no application."""


class Writer(Protocol):
    """The half that carries changes out. It remembers what it created, so changes must come in the order of the set."""

    async def is_as_seen(self) -> bool:
        """Whether the plan's application still carries the mark that was observed, or is still missing."""

    async def write(self, change: Change) -> None:
        """Carries one change out, or raises. Writing the same change again after a lost answer makes no twin."""

    async def record(self, mark: Mark) -> None:
        """Puts this ownership mark in the place of the plan's former one: its desired state is fully applied.

        Raises `Overtaken` where another run recorded something else since the tenant was observed.
        """


@runtime_checkable
class BatchWriter(Writer, Protocol):
    """A writer whose vendor has a quicker way for many changes."""

    @property
    def batches_at_once(self) -> int:
        """How many batches the vendor takes at one time."""

    def batches(self, wave: Sequence[Change]) -> Sequence[Sequence[Change]]:
        """Those changes of a wave that are quicker together, in groups; all others are written one by one."""

    async def write_batch(self, batch: Sequence[Change]) -> Mapping[str, ProvisionerError]:
        """Carries a group out; what failed of it, by address. Raises where the group failed as a whole."""


@runtime_checkable
class InvitingWriter(Writer, Protocol):
    """A writer that gets links for new people instead of having the vendor mail them."""

    def hand_links_to(self, take: Callable[[str, str], None]) -> None:
        """From now on `take` gets person and link as soon as one is made, "" where none could be made.

        Whoever has a link may use it, so it is never shown or logged.
        """


class Connection(Reader, Protocol):
    """An open connection to one tenant."""

    def writer(self, observed: Observed) -> Writer:
        """The writing half, starting from what was observed."""


class Provider(Protocol):
    """One vendor. `plan` is the provider's own plan model; everything but `connect` is pure."""

    def desired(self, plan: Any, *, adopt: bool = False) -> Desired:
        """What the plan wants."""

    def remark(self, plan: Any, change: Change) -> str:
        """What this change means to people, in a few words; "" where there is nothing to say."""

    def warnings(self, plan: Any, desired: Desired, observed: Observed, changes: ChangeSet) -> tuple[Finding, ...]:
        """What an administrator should know before the change set is applied, or about the tenant as it is."""

    def unmanaged(self, plan: Any, desired: Desired, observed: Observed) -> tuple[Finding, ...]:
        """What is in the tenant, affects sign-in to Flex, and stands in no plan; `warnings` has the same."""

    def left_alone(self, plan: Any, desired: Desired, observed: Observed) -> Iterable[LeftAlone]:
        """What differs from the plan and is left as it is by an apply."""

    def notice(self, plan: Any, difference: Difference) -> str:
        """What agents notice of a difference, in a sentence; "" where there is nothing to say."""

    @property
    def credentials(self) -> type[Any]:
        """The settings model (pydantic-settings) whose fields are the variables that hold credentials."""

    def connect(
        self, plan: Any, network: Any, credentials: Sequence[Any], *, write: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        """Opens the plan's tenant through an `adapters.http.Network`.

        Of `credentials`, instances of the settings model, the first that suffices counts. Raises `CredentialsError`
        where none does, before anything is sent. Without `write` only the permissions for reading are asked for; with
        it all that an apply needs is asked for at once, so that what is missing shows before anything is written.
        """
