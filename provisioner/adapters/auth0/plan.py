"""Auth0's sections of the plan file. What they mean on the wire is said by the other files of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator

from provisioner.adapters.auth0.fields import (
    ApplicationName,
    ClaimName,
    CodeFile,
    Domain,
    EventPath,
    FlowPosition,
    InitialPassword,
    Position,
)
from provisioner.core.finding import Finding
from provisioner.planfile.fields import Attributes, FreeForm, Roles, Text, mistake
from provisioner.planfile.people import Columns
from provisioner.planfile.sections import PlanFile, Section, Users
from provisioner.planfile.tenant import is_sandbox, sandbox_url

if TYPE_CHECKING:
    from provisioner.core.adapter import IdpFacts
    from provisioner.flex.console import Notes
    from provisioner.flex.values import Values


class Provider(Section):
    """The tenant."""

    type: Literal["auth0"]
    domain: Domain = Field(
        description="sandbox (embedded), sandbox:NAME for a second one, or the tenant's domain: acme.us.auth0.com."
    )

    @property
    def embedded(self) -> bool:
        """Whether the run plays the vendor itself."""
        return is_sandbox(self.domain)

    @property
    def base_url(self) -> str:
        """The origin of the tenant; for the embedded sandbox, that of a served one on its default port."""
        if self.embedded:
            return sandbox_url(self.domain)
        return self.domain if "://" in self.domain else f"https://{self.domain}"


class Saml(Section):
    """What Auth0's own defaults leave too weak or too wide for Flex."""

    sign_response: bool = Field(default=True, description="Auth0 signs the response instead of the assertion.")
    signature_algorithm: Literal["rsa-sha256", "rsa-sha1"] = "rsa-sha256"
    digest_algorithm: Literal["sha256", "sha1"] = "sha256"
    name_id_from: Text = Field(
        default="email", description="Attribute of the user that becomes the NameID, and so the worker's name."
    )
    name_id_format: Literal["unspecified", "emailAddress", "persistent", "transient"] | None = None


class Application(Section):
    """The SAML application."""

    name: ApplicationName = Field(description="Its name in Auth0.")
    connection: Text = Field(
        default="Username-Password-Authentication",
        description="Enabled for the application, and appended to the SSO URL.",
    )
    callbacks: Literal["additive", "exact"] = Field(
        default="additive", description="Whether callback URLs of others stay; the ACS URL is always first."
    )
    saml: Saml = Field(default_factory=Saml)
    settings: FreeForm = Field(default={}, description="Any other field of addons.samlp, as Auth0 names it.")
    protect: bool = Field(default=True, description="Never deleted, not even by destroy, while this stands.")


def guide_attributes() -> dict[str, str]:
    """The claims of Twilio's guide "Configure Auth0 IdP with Twilio Flex"."""
    return {
        "email": "event.user.email",
        "full_name": "event.user.name",
        "image_url": "event.user.picture",
        "roles": "event.user.app_metadata.flex.roles",
    }


class Action(Section):
    """The post-login Action that sends the claims."""

    name: Text
    runtime: Literal["node22", "node18"] = "node22"
    attributes: dict[ClaimName, EventPath] = Field(
        default_factory=guide_attributes, description="Paths into `event` by claim; those of the guide when left out."
    )
    on_missing_roles: Literal["deny", "omit"] = Field(
        default="deny", description="What becomes of a login to Flex by somebody without a role."
    )
    position: FlowPosition = Field(default_factory=lambda: Position("last"), description="Its place in the login flow.")
    code_file: CodeFile | None = Field(
        default=None, description="Your own code instead of attributes; the path is seen from the plan file."
    )

    @model_validator(mode="after")
    def _is_written_or_generated(self) -> Self:
        if self.code_file and "attributes" in self.model_fields_set:
            raise mistake("expected either `attributes` or `code_file`", "your own code says itself what it sends")
        return self


class UserItem(Section):
    """One person; what is left out is not managed."""

    email: Text
    name: Text | None = None
    given_name: Text | None = None
    family_name: Text | None = None
    picture: Text | None = None
    roles: Roles
    user_metadata: Attributes | None = Field(default=None, description="Further attributes, such as those for routing.")


class Auth0Users(Users):
    """The people and what becomes of them."""

    initial_password: InitialPassword = Field(
        default="ticket",
        description="For whoever is created: a link to choose one (fewer than 40 at a time), none, or ${env.NAME}.",
    )
    on_removal: Literal["revoke_roles", "block", "keep"] = "revoke_roles"
    items: list[UserItem] | None = None


class Auth0Plan(PlanFile):
    """A plan for one Auth0 tenant."""

    columns: ClassVar[Columns] = Columns(
        "email", ("name", "given_name", "family_name", "picture"), further="user_metadata"
    )

    provider: Provider
    application: Application
    action: Action
    # Without the section nobody is managed, and so nobody removed.
    users: Auth0Users = Field(default_factory=lambda: Auth0Users(on_removal="keep", items=[]))

    def findings(self, today: date) -> Sequence[Finding]:
        """What the rules of Flex and of Auth0 find."""
        from provisioner.adapters.auth0.lint import findings

        return findings(self, today)

    def values(self, facts: IdpFacts) -> Values:
        """The Flex values; Auth0's guide asks for the popup, and for the tenant among the trusted URLs."""
        from provisioner.flex.values import values

        trusted = (self.provider.base_url,)
        return values(self.flex, facts, application=self.application.name, login_popup=True, trusted_urls=trusted)

    def notes(self) -> Notes:
        """What to know of Auth0 at Twilio Console's page."""
        from provisioner.adapters.auth0.notes import NOTES

        return NOTES
