"""The sections of a plan file that every provider shares, as pydantic models. A provider's own stand in its adapter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from provisioner.core.finding import Finding
from provisioner.planfile.fields import IgnoredPath, Text, UserFile, WebAddress, Words, mistake
from provisioner.planfile.people import Columns, Person

if TYPE_CHECKING:
    from provisioner.core.adapter import IdpFacts
    from provisioner.core.guards import Limits
    from provisioner.flex.console import Notes
    from provisioner.flex.values import Values

_CONNECTION_SID = r"^JQ[0-9a-f]{32}$"
_ACCOUNT_SID = r"^AC[0-9a-f]{32}$"
_NAME = r"^[a-z0-9][a-z0-9-]{0,62}$"
_RUNTIME_DOMAIN = r"^[A-Za-z0-9][A-Za-z0-9-]*$"

# What the patterns mean, in words for people.
EXPECTED = {
    _CONNECTION_SID: "JQ and 32 digits of 0-9a-f",
    _ACCOUNT_SID: "AC and 32 digits of 0-9a-f",
    _NAME: "lower-case letters, digits and hyphens, 63 at most, a letter or digit first",
    _RUNTIME_DOMAIN: "the last part of https://flex.twilio.com/RUNTIME-DOMAIN",
}


class Section(BaseModel):
    """Base of all: unknown keys and wrong types are errors, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Flex(Section):
    """The Flex side: which SSO connection, and what the Console form asks for beside the IdP's values."""

    sso: Literal["enhanced", "legacy"] = Field(default="enhanced", description="Twilio ended legacy SSO on 2026-03-31.")
    connection_sid: str | None = Field(
        default=None, pattern=_CONNECTION_SID, description='From the Console page "Set up your identity provider".'
    )
    account_sid: str | None = Field(
        default=None, pattern=_ACCOUNT_SID, description="Twilio account, for legacy SSO only."
    )
    friendly_name: Text | None = Field(
        default=None, description="Name of the connection in the Console; else the application's."
    )
    runtime_domain: str | None = Field(
        None,
        pattern=_RUNTIME_DOMAIN,
        description="Agents of a hosted Flex UI sign in at flex.twilio.com/RUNTIME-DOMAIN.",
    )
    default_redirect_url: WebAddress | None = Field(
        default=None, description="Where a login that the IdP starts ends up."
    )
    login_url: WebAddress | None = Field(
        default=None, description="Where agents sign in, when it is not the runtime domain."
    )
    trusted_urls: list[Text] = Field(default=[], description="Origins of a self-hosted Flex UI; no wildcards.")
    login_popup: bool | None = Field(
        default=None, description="Console switch; left out, what the provider's guide asks for."
    )

    @model_validator(mode="after")
    def _has_its_sid(self) -> Self:
        needed = "account_sid" if self.sso == "legacy" else "connection_sid"
        if getattr(self, needed) is None:
            raise mistake(f"missing key `{needed}`", f"{self.sso} SSO needs it")
        return self


class MaxRemovals(Section):
    """How many people one apply may remove: within either bound passes."""

    count: int = Field(default=3, ge=0)
    percent: float = Field(default=25, ge=0, le=100)


class Guards(Section):
    """Bounds beyond which an apply is refused."""

    max_removals: MaxRemovals = Field(default_factory=MaxRemovals)
    min_admins: int = Field(default=1, ge=0, description="How many Flex admins must be left.")

    @property
    def limits(self) -> Limits:
        """The same for `core.guards.check`."""
        from provisioner.core.guards import Limits

        return Limits(self.max_removals.count, self.max_removals.percent, self.min_admins)


class Ignore(Section):
    """One kind of drift that is known and accepted for a while."""

    path: IgnoredPath = Field(description="ADDRESS.FIELD; `*` stands for anything: application:*.label")
    reason: Words
    until: date | None = Field(default=None, description="Last day on which it is ignored; left out: for ever.")


class Drift(Section):
    """What `drift` reports."""

    certificate_warn_days: int = Field(
        default=60, ge=0, description="Warn so long before the signing certificate ends."
    )
    ignore: list[Ignore] = []


class Users(Section):
    """Where the people stand, inline or in a CSV file; a provider adds its own keys and the type of `items`."""

    source: Literal["inline", "csv"] = "inline"
    path: UserFile | None = Field(default=None, description="CSV file, seen from the plan file and below its folder.")
    create: bool = Field(
        default=True, description="false: everyone must exist already; then only role and membership are ours."
    )
    items: Sequence[Any] | None = None

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        wanted, other = ("path", "items") if self.source == "csv" else ("items", "path")
        if getattr(self, wanted) is None:
            raise mistake(f"missing key `{wanted}`", f"source: {self.source} needs it")
        if getattr(self, other) is not None:
            raise mistake(f"`{other}` has no meaning with source: {self.source}", "leave it out, or change `source`")
        return self


class PlanFile(Section):
    """Base of every provider's plan model; `people` are the users of whatever source."""

    columns: ClassVar[Columns]

    version: Literal[1] = Field(description="Version of this file format.")
    name: str = Field(pattern=_NAME, description="This plan's identity; also the ownership mark in the tenant.")
    flex: Flex
    guards: Guards = Field(default_factory=Guards)
    drift: Drift = Field(default_factory=Drift)
    _people: tuple[Person, ...] = PrivateAttr(())

    @property
    def people(self) -> Sequence[Person]:
        """Everyone whom the plan names, in its order."""
        return self._people

    def take_in(self, people: Sequence[Person]) -> None:
        """Called once, by `load`."""
        self._people = tuple(people)

    def findings(self, today: date) -> Sequence[Finding]:
        """What the rules find in a plan that is valid in form. Each provider's model says it."""
        raise NotImplementedError

    def values(self, facts: IdpFacts) -> Values:
        """The Flex values, with what the live identity provider adds. Each provider's model says it."""
        raise NotImplementedError

    def notes(self) -> Notes:
        """What to know of the vendor at Twilio Console's page. Each provider's model says it."""
        raise NotImplementedError
