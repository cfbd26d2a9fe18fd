"""Kinds of values in the Auth0 sections of a plan file: what is taken, what is made of it, what is refused and why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, PlainValidator, SecretStr, ValidationInfo, WithJsonSchema

from provisioner.adapters.auth0 import expression
from provisioner.errors import InvalidPlan
from provisioner.planfile.document import read_text
from provisioner.planfile.fields import Line, Source, below, mistake, split_url
from provisioner.planfile.tenant import is_loopback, is_origin, is_sandbox, origin

_DOMAIN = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])"
_DASHBOARD = r"manage\.([a-z0-9-]+\.)*auth0\.com"
_VARIABLE = r"\$\{env\.[^{}]+\}"


class SourceFile(NamedTuple):
    """A file beside the plan, and its text as it is."""

    path: str
    text: str


class Position(NamedTuple):
    """Where the Action stands in the login flow; `name` is that of the Action before or after which."""

    where: Literal["first", "last", "before", "after"]
    name: str = ""


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


def source_file(given: object, info: ValidationInfo) -> SourceFile:
    """The file of this name, seen from the plan file; raises where it cannot be read."""
    if not isinstance(given, str) or not given:
        raise mistake("expected the name of a file")
    source: Source | None = info.context
    path = below(source.folder if source else Path(), given)
    try:
        return SourceFile(given, read_text(path, str(path)))
    except InvalidPlan as error:
        raise mistake(str(error.problems[0]), "the path is seen from the plan file") from error


def initial_password(given: object, info: ValidationInfo) -> str | SecretStr:
    """One of two words as it is written in the file, or the value of a variable of the environment; raises else."""
    source: Source | None = info.context
    written = source.written(("users", "initial_password")) if source else given
    if written in ("ticket", "none"):
        return str(written)
    if not isinstance(given, str) or (source and not re.fullmatch(_VARIABLE, str(written))):
        # What was found is not shown: it may be a password.
        raise mistake("expected `ticket`, `none` or `${env.NAME}`", "a password never stands in a plan file")
    if not given:
        raise mistake(f"`{written}` is empty")
    return SecretStr(given)


def _tenant_shown_at(path: str) -> str:
    """The dashboard of a tenant is at /dashboard/REGION/TENANT/…"""
    found = re.match(r"/dashboard/([a-z0-9-]+)/([a-z0-9-]+)", path)
    return f"the domain is {found[2]}.{found[1]}.auth0.com" if found else "the domain is such as acme.us.auth0.com"


def _neighbour(where: str) -> dict[str, Any]:
    properties = {where: {"type": "string", "minLength": 1}}
    return {"type": "object", "properties": properties, "required": [where], "additionalProperties": False}


Domain = Annotated[str, AfterValidator(tenant_domain)]
ApplicationName = Annotated[Line, AfterValidator(application_name), Field(json_schema_extra={"pattern": "^[^<>]+$"})]
ClaimName = Annotated[str, Field(min_length=1, max_length=512)]
EventPath = Annotated[
    str, AfterValidator(path_into_event), Field(json_schema_extra={"pattern": r"^\s*event\s*(\?|\.|\[)"})
]
FlowPosition = Annotated[
    Position,
    PlainValidator(place_in_flow),
    WithJsonSchema({"anyOf": [{"enum": ["last", "first"]}, _neighbour("before"), _neighbour("after")]}),
]
CodeFile = Annotated[SourceFile, PlainValidator(source_file), WithJsonSchema({"type": "string"})]
InitialPassword = Annotated[
    Literal["ticket", "none"] | SecretStr,
    PlainValidator(initial_password),
    WithJsonSchema({"type": "string", "pattern": rf"^(ticket|none|{_VARIABLE})$"}),
]
