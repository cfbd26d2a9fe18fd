"""Okta's sections of the plan file. What they mean on the wire is said by the other files of this folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from provisioner.core.finding import Finding
from provisioner.planfile.fields import Attributes, FreeForm, Line, Roles, Text, mistake, split_url
from provisioner.planfile.people import Columns
from provisioner.planfile.sections import PlanFile, Section, Users
from provisioner.planfile.tenant import is_loopback, is_origin, is_sandbox, origin, sandbox_url

if TYPE_CHECKING:
    from provisioner.core.adapter import IdpFacts
    from provisioner.flex.console import Notes
    from provisioner.flex.values import Values

_ADMIN_CONSOLE = r"-admin(?=\.(okta|oktapreview|okta-emea)\.com$)"


def org_address(text: str) -> str:
    """`sandbox`, `sandbox:NAME`, or the origin of an org without a closing slash; raises for anything else."""
    if is_sandbox(text):
        return text
    parts = split_url(text)
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host:
        raise mistake(f"expected `sandbox`, `sandbox:NAME` or https://…, found `{text}`", _with_scheme(text))
    if parts.username is not None:
        raise mistake("a credential in `org_url`", "credentials never stand in a plan file")
    if parts.scheme == "http" and not is_loopback(host):
        raise mistake(f"http to `{host}` would send the credentials in the clear", f"https://{host}")
    if re.search(_ADMIN_CONSOLE, host):
        raise mistake(
            "this is the address of the admin console", f"the org is https://{re.sub(_ADMIN_CONSOLE, '', host)}"
        )
    if not is_origin(parts):
        raise mistake("expected the address of the org alone", f"{parts.scheme}://{parts.netloc}")
    return origin(parts)


class Provider(Section):
    """The org."""

    type: Literal["okta"]
    org_url: Annotated[str, AfterValidator(org_address)] = Field(
        description="sandbox (embedded), sandbox:NAME for a second one, or https://acme.okta.com."
    )

    @property
    def embedded(self) -> bool:
        """Whether the run plays the vendor itself."""
        return is_sandbox(self.org_url)

    @property
    def base_url(self) -> str:
        """The origin of the org; for the embedded sandbox, that of a served one on its default port."""
        return sandbox_url(self.org_url) if self.embedded else self.org_url


class NameId(Section):
    """The subject of the assertion; Flex makes it the worker's name, so changing it makes new workers."""

    format: Literal["unspecified", "emailAddress", "persistent", "transient", "x509SubjectName"] = "unspecified"
    template: Text = "${user.userName}"


class GroupFilter(Section):
    """Which of a user's groups a GROUP statement sends, by name; exactly one of the four."""

    starts_with: Text | None = None
    equals: Text | None = None
    contains: Text | None = None
    regex: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(value is not None for _, value in self) != 1:
            raise mistake("expected exactly one of `starts_with`, `equals`, `contains` and `regex`")
        return self

    @property
    def chosen(self) -> tuple[str, str]:
        """The filter as Okta names it, and its text (OpenAPI: SamlAttributeStatementGroup)."""
        name, text = next((name, value) for name, value in self if value is not None)
        return name.upper(), text


class Statement(Section):
    """One claim: an expression (`value`), or the names of groups (`group`)."""

    format: Literal["basic", "uri", "unspecified"] = "basic"
    value: str | None = Field(
        default=None, min_length=1, max_length=1024, description="Okta expression, such as user.email."
    )
    group: GroupFilter | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.value is None) == (self.group is None):
            raise mistake("expected exactly one of `value` and `group`")
        return self


def guide_statements() -> dict[str, Statement]:
    """The claims of Twilio's guide "Configure Okta IdP with Flex"."""
    return {
        "full_name": Statement(value='String.join(" ", user.firstName, user.lastName)'),
        "roles": Statement(value="user.userType"),
        "email": Statement(value="user.email"),
        "image_url": Statement(format="uri", value="user.profileUrl"),
    }


class Application(Section):
    """The SAML application."""

    label: Line = Field(min_length=1, max_length=100, description="Its name in Okta.")
    name_id: NameId = Field(default_factory=NameId)
    username: Text = Field(default="${source.login}", description="Application username; feeds ${user.userName}.")
    attribute_statements: dict[Annotated[str, Field(min_length=1, max_length=512)], Statement] = Field(
        default_factory=guide_statements, description="Claims by name; those of the guide when left out."
    )
    settings: FreeForm = Field(default={}, description="Any other signOn field, as Okta names it.")
    protect: bool = Field(default=True, description="Never deleted, not even by destroy, while this stands.")


class Assign(Section):
    """Who may use the application."""

    group: Line = Field(min_length=1, max_length=255, description="Carries the assignment; users are its members.")


class UserItem(Section):
    """One person; what is left out is not managed."""

    login: Text
    email: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    roles: Roles
    profile: Attributes | None = Field(default=None, description="Further profile attributes, as Okta names them.")


class OktaUsers(Users):
    """The people and what becomes of them."""

    roles_attribute: str = Field(
        default="userType", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="Profile attribute that holds the roles."
    )
    on_removal: Literal["unassign", "deactivate", "keep"] = "unassign"
    items: list[UserItem] | None = None


class OktaPlan(PlanFile):
    """A plan for one Okta org."""

    columns: ClassVar[Columns] = Columns("login", ("email", "first_name", "last_name"), further="profile")

    provider: Provider
    application: Application
    assign: Assign
    # Without the section nobody is managed, and so nobody removed.
    users: OktaUsers = Field(default_factory=lambda: OktaUsers(on_removal="keep", items=[]))

    def findings(self, today: date) -> Sequence[Finding]:
        """What the rules of Flex and of Okta find."""
        from provisioner.adapters.okta.lint import findings

        return findings(self, today)

    def values(self, facts: IdpFacts) -> Values:
        """The Flex values; the application's label names the connection, and Okta's guide asks for no popup."""
        from provisioner.flex.values import values

        return values(self.flex, facts, application=self.application.label, login_popup=False)

    def notes(self) -> Notes:
        """What to know of Okta at Twilio Console's page."""
        from provisioner.adapters.okta.notes import NOTES

        return NOTES


def _with_scheme(text: str) -> str:
    return f"did you mean https://{text}?" if "." in text and "://" not in text else ""
