"""The SAML application: what the plan wants, what Auth0's JSON says, what Auth0 takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.adapters.auth0.action_code import PLAN_KEY
from provisioner.core import ownership
from provisioner.core.ownership import OWNER, Mark
from provisioner.core.resource import Found, Resource, Value, as_value
from provisioner.errors import Refusal, Refused
from provisioner.flex.addresses import acs_url, audience

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

KIND = "application"
# An application that is not the plan's and serves the same Flex connection; seen and reported, never touched.
RIVAL = "rival_application"

# The mark, in `client_metadata`: texts by name, merged name by name (OpenAPI: updateClient).
APPLIED, ACTION, CERTIFICATE = "provisioner_applied", "provisioner_action", "provisioner_certificate"

# What `GET /clients` is asked for: all that is compared, and nothing secret.
FIELDS = ("client_id", "name", "app_type", "oidc_conformant", "callbacks", "addons", "client_metadata")

_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
# The claim that stands for a profile attribute as the subject (Auth0 docs: customize SAML assertions).
_SUBJECT = {"email": "emailaddress", "name": "name"}
_FORMATS = {
    "unspecified": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "emailAddress": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "persistent": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "transient": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
}
# Settings of the add-on that no sign-in to Flex survives, unless both sides know: absent, where the plan does not name
# them (Auth0 docs: customize SAML assertions; Twilio guide "Configure Okta IdP with Flex" on encryption).
_ABSENT = ("issuer", "signingCert", "encryptionCert", "encryptionPublicKey")
_TWILIO = re.compile(r"https://[a-z0-9.-]+\.twilio\.com/")


@dataclass(frozen=True, slots=True)
class App:
    """The application as Auth0 holds it, and the connections that are enabled for it, by name."""

    client: Json
    connections: Mapping[str, Json]


def wanted(plan: Auth0Plan) -> Resource:
    """The application as the plan wants it: the fields of the very body that creates it."""
    return Resource(KIND, plan.application.name, _fields(plan, body(plan), [plan.application.connection]))


def found(plan: Auth0Plan, app: App) -> Found:
    """The application as Auth0 holds it, under the plan's name: it may have been renamed."""
    owner = mark(app.client)
    fields = _fields(plan, app.client, app.connections)
    return Found(KIND, plan.application.name, fields, native=app, owner=owner.plan if owner else "")


def body(plan: Auth0Plan) -> Json:
    """What `POST /clients` takes."""
    return {
        "name": plan.application.name,
        "app_type": "regular_web",
        # Left out, it is false, and a login by SAML is reported to fail; the dashboard sets it, too.
        "oidc_conformant": True,
        "callbacks": _own_callbacks(plan),
        "addons": {"samlp": samlp(plan)},
        "client_metadata": {PLAN_KEY: plan.name},
    }


def patch(plan: Auth0Plan, client: Json) -> Json:
    """What `PATCH /clients/{id}` takes.

    Add-ons are merged one by one, but an add-on is replaced whole (recordings 06, 07), so what the plan does not name
    inside of it goes along, but for what must be absent. Callbacks are replaced, too.
    """
    ours = body(plan)
    others = {name: value for name, value in _samlp_of(client).items() if name not in _ABSENT}
    return {
        **ours,
        "callbacks": _callbacks(plan, client),
        "addons": {"samlp": {**others, **ours["addons"]["samlp"]}},
    }


def samlp(plan: Auth0Plan) -> Json:
    """The SAML add-on: the guide's settings, safe ones where Auth0's own defaults are not, the plan's laid over them.

    A null inside would be refused, so none is sent (terraform-provider-auth0 #20, #314).
    """
    saml, acs = plan.application.saml, acs_url(plan.flex)
    ours: Json = {
        "binding": _POST,
        "audience": audience(plan.flex),
        "recipient": acs,
        "destination": acs,
        "signResponse": saml.sign_response,
        "signatureAlgorithm": saml.signature_algorithm,
        "digestAlgorithm": saml.digest_algorithm,
        **_subject(saml.name_id_from, saml.name_id_format),
        # Whatever is not said by the Action would become attributes of the worker in Flex.
        "mapIdentities": False,
        "passthroughClaimsWithNoMapping": False,
        "mapUnknownClaimsAsIs": False,
        "createUpnClaim": False,
        **plan.application.settings,
    }
    return {key: value for key, value in ours.items() if value is not None}


def mark(client: Json) -> Mark | None:
    """The ownership mark in the application's metadata."""
    metadata: Json = client.get("client_metadata") or {}
    plan = metadata.get(PLAN_KEY)
    applied = ownership.read_applied(metadata.get(APPLIED) or "")
    return Mark(plan, *applied, metadata.get(CERTIFICATE) or "") if plan else None


def marked(mark: Mark, action_id: str) -> Json:
    """The mark of a complete apply, as `client_metadata`; the id of the Action stands beside it."""
    certificate = {CERTIFICATE: mark.certificate} if mark.certificate else {}
    return {PLAN_KEY: mark.plan, APPLIED: mark.applied, ACTION: action_id, **certificate}


def recorded_action(client: Json | None) -> str:
    """The id of the Action that the plan last applied, "" where none is recorded."""
    return str(((client or {}).get("client_metadata") or {}).get(ACTION) or "")


def recorded_actions(clients: Sequence[Json]) -> frozenset[str]:
    """The ids of the Actions that any plan applied last."""
    return frozenset(filter(None, (recorded_action(client) for client in clients if mark(client))))


def is_ours(plan: Auth0Plan, client: Json) -> bool:
    """Whether the application carries the plan's mark."""
    owner = mark(client)
    return owner is not None and owner.plan == plan.name


def choose(plan: Auth0Plan, clients: Sequence[Json]) -> Json | None:
    """The plan's application: the one with its mark, else the one with its name; names are not unique in Auth0.

    Raises `Refused` where two carry the mark, or two the name and none the mark.
    """
    marked = [client for client in clients if is_ours(plan, client)]
    named = [client for client in clients if client.get("name") == plan.application.name]
    candidates = marked or named
    if len(candidates) > 1:
        each = ", ".join(f"{client['client_id']} ({client.get('name')})" for client in candidates)
        why, remedy = "carry this name", "rename them"
        if marked:
            why, remedy = "carry the mark of this plan", f"take {PLAN_KEY} out of their metadata"
        message = f"{len(candidates)} applications in Auth0 {why}: {each}; delete all but one, or {remedy}"
        raise Refused((Refusal("twins", message, (f"{KIND}:{plan.application.name}",)),))
    return candidates[0] if candidates else None


def other_plans(plan: Auth0Plan, clients: Sequence[Json], chosen: Json | None) -> list[str]:
    """The plans that manage the tenant beside this one, by the marks of applications that are not this plan's."""
    marks = [mark(client) for client in clients if client is not chosen]
    return sorted({each.plan for each in marks if each and each.plan != plan.name})


def rivals(plan: Auth0Plan, clients: Sequence[Json], chosen: Json | None) -> list[Found]:
    """Other applications with a SAML add-on that post to the plan's ACS URL."""
    acs = acs_url(plan.flex)
    return [
        Found(RIVAL, client["name"])
        for client in clients
        if client is not chosen and "samlp" in (client.get("addons") or {}) and acs in (client.get("callbacks") or ())
    ]


def name_id(add_on: Json) -> tuple[object, ...]:
    """What an add-on makes the NameID of: its format, the claims that may be it, and what is mapped to these."""
    claims, mappings = add_on.get("nameIdentifierProbes") or (), add_on.get("mappings")
    pairs = mappings.items() if isinstance(mappings, Mapping) else ()
    return add_on.get("nameIdentifierFormat"), claims, {name: claim for name, claim in pairs if claim in claims}


def changes_name_id(plan: Auth0Plan, app: App) -> bool:
    """Whether the plan makes the NameID of something else than the application does now."""
    return name_id(_samlp_of(app.client)) != name_id(patch(plan, app.client)["addons"]["samlp"])


def spare_settings(plan: Auth0Plan, client: Json) -> Json:
    """What the SAML add-on holds beside the plan's settings."""
    ours = samlp(plan)
    return {name: value for name, value in _samlp_of(client).items() if name not in ours}


def spare_callbacks(plan: Auth0Plan, client: Json) -> list[str]:
    """The callback URLs that the plan does not name and an apply would leave."""
    return [url for url in _callbacks(plan, client) if url not in _own_callbacks(plan)]


def _subject(name_id_from: str, name_id_format: str | None) -> Json:
    """The subject's attribute, mapped to the one claim that Auth0 is told to take it from."""
    claim = _CLAIMS + _SUBJECT.get(name_id_from, "nameidentifier")
    subject: Json = {"mappings": {name_id_from: claim}, "nameIdentifierProbes": [claim]}
    if name_id_format:
        subject["nameIdentifierFormat"] = _FORMATS[name_id_format]
    return subject


def _own_callbacks(plan: Auth0Plan) -> list[str]:
    """The ACS URL first: the SAML add-on posts to the first one (Auth0 docs: configure Auth0 as SAML IdP).

    For legacy SSO, Twilio's guide wants the entity ID among them, too.
    """
    legacy = [audience(plan.flex)] if plan.flex.sso == "legacy" else []
    return [acs_url(plan.flex), *legacy]


def _callbacks(plan: Auth0Plan, client: Json) -> list[str]:
    """The plan's callbacks, then all others unless the plan says `exact`.

    What stands first in the plan's own application was the ACS URL of the connection that it had before.
    """
    ours, there = _own_callbacks(plan), list(client.get("callbacks") or ())
    if plan.application.callbacks == "exact":
        return ours
    former = there[0] if there and is_ours(plan, client) and _TWILIO.match(there[0]) else None
    return [*ours, *(url for url in there if url not in ours and url != former)]


def _fields(plan: Auth0Plan, client: Json, connections: Iterable[str]) -> Mapping[str, Value]:
    there, add_on, owner = list(client.get("callbacks") or ()), _samlp_of(client), mark(client)
    exact = plan.application.callbacks == "exact"
    return {
        "name": client.get("name"),
        "app_type": client.get("app_type"),
        "oidc_conformant": bool(client.get("oidc_conformant")),
        "acs_url": there[0] if there else None,
        "callbacks": tuple(there) if exact else tuple(url for url in _own_callbacks(plan) if url in there),
        **{f"saml.{key}": as_value(add_on.get(key)) for key in {**samlp(plan), **dict.fromkeys(_ABSENT)}},
        "connections": tuple(sorted(connections)),
        OWNER: owner.plan if owner else None,
    }


def _samlp_of(client: Json) -> Json:
    add_on: Json = (client.get("addons") or {}).get("samlp") or {}
    return {key: value for key, value in add_on.items() if value is not None}
