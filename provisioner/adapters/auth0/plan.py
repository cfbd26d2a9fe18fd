"""Auth0's sections of the plan file. What they mean on the wire is said by the other files of this folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from provisioner.adapters.auth0 import expression
from provisioner.core.finding import Finding
from provisioner.errors import InvalidPlan
from provisioner.planfile.document import read_text
from provisioner.planfile.people import Columns
from provisioner.planfile.sections import (
    Attributes,
    FreeForm,
    PlanFile,
    Roles,
    Section,
    Source,
    Text,
    Users,
    mistake,
    split_url,
)
from provisioner.planfile.tenant import is_loopback, is_origin, is_sandbox, origin, sandbox_url

if TYPE_CHECKING:
    from provisioner.core.adapter import IdpFacts
    from provisioner.flex.values import Values

_DOMAIN = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])"
_DASHBOARD = r"manage\.([a-z0-9-]+\.)*auth0\.com"
_PASSWORD_VARIABLE = r"\$\{env\.[^{}]+\}"  # noqa: S105 - the form of a variable, no password


def tenant_domain(text: str) -> str:
    """`sandbox`, `sandbox:NAME`, a domain, or the origin of a sandbox served on this machine; raises for all else."""
    if is_sandbox(text):
        return text
    parts = split_url(text if "://" in text or text.startswith("sandbox:") else f"//{text}")
    host = parts.hostname or ""
    if parts.username is not None:
        raise mistake("a credential in `domain`", "credentials never stand in a plan file")
    if re.fullmatch(_DASHBOARD, host):
        raise mistake("this is the address of the dashboard", _tenant_shown_at(parts.path))
    if is_loopback(host) and parts.scheme in ("http", "https") and is_origin(parts):
        return origin(parts)
    if is_loopback(host):
        raise mistake(f"expected the origin of a served sandbox, found `{text}`", f"http://{parts.netloc}")
    if not re.fullmatch(_DOMAIN, host):
        raise mistake(f"expected `sandbox`, `sandbox:NAME` or a domain such as acme.us.auth0.com, found `{text}`")
    if text.casefold() != host:
        raise mistake(f"expected the domain alone, found `{text}`", host)
    return host


def application_name(text: str) -> str:
    """The text itself; raises where Auth0 takes no such name (OpenAPI: post_clients, name)."""
    if not text or re.search("[<>]", text):
        raise mistake(f"expected a name without < and >, found `{text}`")
    return text


def path_into_event(text: str) -> str:
    """The text itself; raises where it is not a path such as `event.user.email`."""
    try:
        expression.steps(text)
    except ValueError as error:
        hint = "such as event.user.email; what somebody lacks is left out of the login"
        raise mistake(f"`{text}` is not a path into `event`: {error}", hint) from error
    return text


class SourceFile(NamedTuple):
    """A file beside the plan, and its text as it is."""

    path: str
    text: str


def source_file(given: object, info: ValidationInfo) -> SourceFile:
    """The file of this name, seen from the plan file; raises where it cannot be read."""
    if not isinstance(given, str) or not given:
        raise mistake("expected the name of a file")
    source: Source | None = info.context
    path = source.folder / given if source else Path(given)
    try:
        return SourceFile(given, read_text(path, str(path)))
    except InvalidPlan as error:
        raise mistake(str(error.problems[0]), "the path is seen from the plan file") from error


class Position(NamedTuple):
    """Where the Action stands in the login flow; `name` is that of the Action before or after which."""

    where: Literal["first", "last", "before", "after"]
    name: str = ""


def place_in_flow(given: object) -> Position:
    """A word, or a mapping of one key; raises for anything else."""
    match given:
        case "first" | "last":
            return Position(given)
        case {"before": str(name), **others} if name and not others:
            return Position("before", name)
        case {"after": str(name), **others} if name and not others:
            return Position("after", name)
    raise mistake("expected last, first, {before: NAME} or {after: NAME}")


def _neighbour(where: str) -> dict[str, object]:
    properties = {where: {"type": "string", "minLength": 1}}
    return {"type": "object", "properties": properties, "required": [where], "additionalProperties": False}


_POSITION = {"anyOf": [{"enum": ["last", "first"]}, _neighbour("before"), _neighbour("after")]}

ClaimName = Annotated[str, Field(min_length=1, max_length=512)]
Expression = Annotated[
    str, AfterValidator(path_into_event), Field(json_schema_extra={"pattern": r"^\s*event\s*(\?|\.|\[)"})
]


class Provider(Section):
    """The tenant."""

    type: Literal["auth0"]
    domain: Annotated[str, AfterValidator(tenant_domain)] = Field(
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

    name: Annotated[str, AfterValidator(application_name)] = Field(
        description="Its name in Auth0.", json_schema_extra={"pattern": "^[^<>]+$"}
    )
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
    attributes: dict[ClaimName, Expression] = Field(
        default_factory=guide_attributes, description="Paths into `event` by claim; those of the guide when left out."
    )
    on_missing_roles: Literal["deny", "omit"] = Field(
        default="deny", description="What becomes of a login to Flex by somebody without a role."
    )
    position: Annotated[Position, PlainValidator(place_in_flow), WithJsonSchema(_POSITION)] = Field(
        default_factory=lambda: Position("last"), description="Its place in the login flow."
    )
    code_file: Annotated[SourceFile, PlainValidator(source_file), WithJsonSchema({"type": "string"})] | None = Field(
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

    initial_password: Literal["ticket", "none"] | SecretStr = Field(
        default="ticket",
        description="For whoever is created: a link to choose one, none, or ${env.NAME}.",
        json_schema_extra={"type": "string", "pattern": rf"^(ticket|none|{_PASSWORD_VARIABLE})$"},
    )
    on_removal: Literal["revoke_roles", "block", "keep"] = "revoke_roles"
    items: list[UserItem] | None = None

    @field_validator("initial_password", mode="plain")
    @classmethod
    def _comes_from_the_environment(cls, given: object, info: ValidationInfo) -> str | SecretStr:
        source: Source | None = info.context
        written = source.written(("users", "initial_password")) if source else given
        if written in ("ticket", "none"):
            return str(written)
        if not isinstance(given, str) or (source and not re.fullmatch(_PASSWORD_VARIABLE, str(written))):
            # What was found is not shown: it may be a password.
            raise mistake("expected `ticket`, `none` or `${env.NAME}`", "a password never stands in a plan file")
        if not given:
            raise mistake(f"`{written}` is empty")
        return SecretStr(given)


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


def _tenant_shown_at(path: str) -> str:
    """The dashboard of a tenant is at /dashboard/REGION/TENANT/…"""
    found = re.match(r"/dashboard/([a-z0-9-]+)/([a-z0-9-]+)", path)
    return f"the domain is {found[2]}.{found[1]}.auth0.com" if found else "the domain is such as acme.us.auth0.com"
