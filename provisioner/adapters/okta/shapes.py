"""What the program reads of Okta's answers (OpenAPI: the schemas of these names)."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from provisioner.adapters.okta.paths import APPS, GROUP_RULES, GROUPS, USER_SCHEMA, USERS
from provisioner.adapters.shapes import Id, Shape, Shapes


class _Statement(Shape):
    name: str
    values: list[str] | None = None
    filterType: str | None = None
    filterValue: str | None = None


class _Endpoint(Shape):
    url: str | None = None


class _SignOn(Shape):
    ssoAcsUrl: str | None = None
    ssoAcsUrlOverride: str | None = None
    acsEndpoints: list[_Endpoint] | None = None
    recipient: str | None = None
    destination: str | None = None
    audience: str | None = None
    subjectNameIdTemplate: str | None = None
    subjectNameIdFormat: str | None = None
    idpIssuer: str | None = None
    attributeStatements: list[_Statement] | None = None
    assertionEncryption: dict[str, Any] | None = None
    inlineHooks: list[dict[str, Any]] | None = None


class _Notes(Shape):
    admin: str | None = None


class _Settings(Shape):
    signOn: _SignOn | None = None
    notes: _Notes | None = None


class _Signing(Shape):
    kid: Id | None = None


class _AppCredentials(Shape):
    signing: _Signing | None = None
    userNameTemplate: dict[str, Any] | None = None


class _App(Shape):
    id: Id
    label: str
    status: str
    signOnMode: str | None = None
    settings: _Settings | None = None
    credentials: _AppCredentials | None = None

    @model_validator(mode="after")
    def _has_saml_settings(self) -> Self:
        if self.signOnMode == "SAML_2_0" and (self.settings is None or self.settings.signOn is None):
            raise ValueError("a SAML application needs settings.signOn")
        return self


class _GroupProfile(Shape):
    name: str
    description: str | None = None


class _Group(Shape):
    id: Id
    type: str
    profile: _GroupProfile


class _GroupRule(Shape):
    name: str
    status: str
    actions: dict[str, Any] | None = None


class _UserProfile(Shape):
    login: str


class _User(Shape):
    id: Id
    status: str
    profile: _UserProfile


class _EmbeddedGroup(Shape):
    group: _Group


class _Assignment(Shape):
    id: Id
    embedded: _EmbeddedGroup | None = Field(default=None, alias="_embedded")


class _AppUser(Shape):
    id: Id
    scope: str
    credentials: dict[str, Any] | None = None
    profile: dict[str, Any] | None = None


class _Key(Shape):
    kid: Id
    x5c: Annotated[list[str], Field(min_length=1)]


class _Attribute(Shape):
    items: dict[str, Any] | None = None


class _SchemaPart(Shape):
    properties: dict[str, _Attribute] | None = None


class _UserSchema(Shape):
    definitions: dict[str, _SchemaPart | None] | None = None


SHAPES = Shapes(
    "Okta",
    {
        f"GET {APPS}": list[_App],
        f"POST {APPS}|(GET|PUT) {APPS}/[^/]+": _App,
        f"GET {APPS}/[^/]+/groups": list[_Assignment],
        f"GET {APPS}/[^/]+/users": list[_AppUser],
        f"GET {APPS}/[^/]+/credentials/keys": list[_Key],
        f"GET {GROUPS}": list[_Group],
        f"GET {GROUP_RULES}": list[_GroupRule],
        f"POST {GROUPS}|GET {GROUPS}/[^/]+": _Group,
        f"GET {GROUPS}/[^/]+/users|GET {USERS}": list[_User],
        f"GET {USERS}/[^/]+": _User,
        f"GET {USER_SCHEMA}": _UserSchema,
    },
)
