"""What can be told of an Auth0 plan before anything is sent: the rules of Flex applied, and Auth0's own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from provisioner.adapters.auth0 import expression
from provisioner.core.finding import Finding
from provisioner.flex import rules, settings
from provisioner.flex.rules import Rule
from provisioner.flex.spelling import did_you_mean

if TYPE_CHECKING:
    from provisioner.adapters.auth0.fields import SourceFile
    from provisioner.adapters.auth0.plan import Action, Auth0Plan

AUTH0_RULES = {
    "AUTH0001": Rule("warning", "A NameID from user_id: workers are called auth0|…"),
    "AUTH0002": Rule("warning", "A NameID from an attribute that need not be unique"),
    "AUTH0003": Rule("error", "A setting that has its own place in the plan"),
    "AUTH0004": Rule("warning", "A setting that Auth0 does not document"),
    "AUTH0005": Rule("warning", "A setting that sends Twilio more of the profile than the claims"),
    "AUTH0006": Rule("warning", "A path into `event` that is nearly one that Auth0 documents"),
    "AUTH0007": Rule("warning", "The roles claim does not read what the plan writes"),
    "AUTH0008": Rule("error", "Own code without a post-login handler"),
    "AUTH0009": Rule("warning", "Own code that concerns the logins of every application"),
    "AUTH0010": Rule("warning", "Own code that may send the text null"),
    "AUTH0011": Rule("warning", "Own code that throws for people without roles"),
    "AUTH0012": Rule("error", "Own code that is larger than Auth0 takes"),
    "AUTH0013": Rule("error", "People to be created in a social connection"),
    "AUTH0014": Rule("error", "An e-mail address that is none"),
    "AUTH0015": Rule("warning", "A domain that may be a custom one"),
    "AUTH0016": Rule("error", "A place in the login flow beside itself"),
}

# Auth0 docs "Post-login event object".
_EVENT = {
    *("authentication", "authorization", "client", "connection", "custom_domain", "organization", "prompt"),
    *("refresh_token", "request", "resource_server", "secrets", "session", "stats", "tenant", "transaction", "user"),
}
_USER = {
    *("app_metadata", "created_at", "email", "email_verified", "enrolledFactors", "family_name", "given_name"),
    *("identities", "last_password_reset", "multifactor", "name", "nickname", "phone_number", "phone_verified"),
    *("picture", "updated_at", "user_id", "user_metadata", "username"),
}
_ROLES = ("user", "app_metadata", "flex", "roles")

# Those that are unique within a connection.
_UNIQUE = {"email", "user_id", "username", "phone_number"}

# The names that Auth0 gives to connections of these strategies.
_SOCIAL = {"apple", "facebook", "github", "google-oauth2", "linkedin", "twitter", "windowslive"}

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

# Auth0 docs "Actions: limits".
_LARGEST_CODE = 100 * 1024
# A `//` behind a colon belongs to an address.
_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.S)


def _finding(code: str, message: str, path: str, hint: str = "") -> Finding:
    return Finding(code, AUTH0_RULES[code].severity, message, hint, path)


def _sends_more(given: object, path: str) -> Iterator[Finding]:
    if given:
        message = "Flex keeps all that it is sent with the worker: identities, and possibly their access tokens"
        yield _finding("AUTH0005", message, path, "leave it out: false")


_VOCABULARY = settings.Vocabulary(
    where="Auth0's addons.samlp",
    # OpenAPI: ClientAddonSAML, and Auth0 docs "Customize SAML assertions".
    documented={
        *("audience", "authnContextClassRef", "binding", "createUpnClaim", "destination", "encryptionCert"),
        *("encryptionPublicKey", "includeAttributeNameFormat", "issuer", "lifetimeInSeconds", "logout"),
        *("mapIdentities", "mapUnknownClaimsAsIs", "mappings", "passthroughClaimsWithNoMapping", "recipient"),
        *("signingCert", "typedAttributes"),
    },
    own_place={
        "digestAlgorithm": "application.saml.digest_algorithm",
        "nameIdentifierFormat": "application.saml.name_id_format",
        "nameIdentifierProbes": "application.saml.name_id_from",
        "signResponse": "application.saml.sign_response",
        "signatureAlgorithm": "application.saml.signature_algorithm",
    },
    checks={
        "createUpnClaim": _sends_more,
        "encryptionCert": lambda given, path: rules.encryption(bool(given), path),
        "encryptionPublicKey": lambda given, path: rules.encryption(bool(given), path),
        "lifetimeInSeconds": rules.session,
        "mapIdentities": _sends_more,
        "passthroughClaimsWithNoMapping": _sends_more,
        "signingCert": lambda given, path: rules.unsigned_requests(bool(given), path),
    },
    addresses=("recipient", "destination"),
    misplaced="AUTH0003",
    undocumented="AUTH0004",
    finding=_finding,
)


def findings(plan: Auth0Plan, today: date) -> list[Finding]:
    """Everything that the rules find, in the order of the plan file."""
    return [
        *_domain(plan),
        *rules.connection(plan.flex, today),
        *rules.trusted_urls(plan.flex.trusted_urls, plan.flex.default_redirect_url),
        *_connection(plan),
        *_saml(plan),
        *settings.findings(plan.application.settings, plan.flex, _VOCABULARY),
        *_action(plan),
        *_people(plan),
    ]


def _domain(plan: Auth0Plan) -> Iterator[Finding]:
    domain = plan.provider.domain
    if not plan.provider.embedded and "://" not in domain and not domain.endswith(".auth0.com"):
        message = f"`{domain}` may be a custom domain, and the Management API knows the tenant's own alone"
        yield _finding("AUTH0015", message, "provider.domain", "such as acme.us.auth0.com, unless on a private cloud")


def _connection(plan: Auth0Plan) -> Iterator[Finding]:
    if plan.application.connection in _SOCIAL and plan.users.create and plan.people:
        message = f"nobody can be created in `{plan.application.connection}`: people come with their first login"
        yield _finding("AUTH0013", message, "application.connection", "set users.create: false")


def _saml(plan: Auth0Plan) -> Iterator[Finding]:
    saml, at = plan.application.saml, "application.saml"
    yield from rules.response_signed(saml.sign_response, f"{at}.sign_response")
    yield from rules.algorithm(saml.signature_algorithm, f"{at}.signature_algorithm")
    yield from rules.algorithm(saml.digest_algorithm, f"{at}.digest_algorithm")
    yield from rules.name_id(saml.name_id_format or "", f"{at}.name_id_format")
    if saml.name_id_from == "user_id":
        message = "workers are called auth0|…, and somebody who also signs in otherwise is billed as two"
        yield _finding("AUTH0001", message, f"{at}.name_id_from", "use email")
    elif saml.name_id_from not in _UNIQUE:
        message = f"two people with the same `{saml.name_id_from}` would be one worker"
        yield _finding("AUTH0002", message, f"{at}.name_id_from", "use email")


def _action(plan: Auth0Plan) -> Iterator[Finding]:
    action = plan.action
    if action.position.name == action.name:
        yield _finding("AUTH0016", f"`{action.name}` cannot stand beside itself", "action.position", "last")
    if action.code_file:
        yield from _own_code(action.code_file)
    else:
        yield from rules.claims(action.attributes, "action.attributes")
        yield from _paths(action)
        yield from _roles(plan)


def _paths(action: Action) -> Iterator[Finding]:
    for name, text in action.attributes.items():
        first, second = (*expression.steps(text), None)[:2]
        for step, known in ((first, _EVENT), (second if first == "user" else None, _USER)):
            if isinstance(step, str) and step not in known and (hint := did_you_mean(step, known)):
                yield _finding("AUTH0006", f"Auth0 documents no `{step}` there", f"action.attributes.{name}", hint)


def _roles(plan: Auth0Plan) -> Iterator[Finding]:
    roles = plan.action.attributes.get("roles")
    if roles and plan.people and expression.steps(roles) != _ROLES:
        message = f"the plan writes roles to app_metadata.flex.roles, and the claim reads `{roles}`"
        yield _finding("AUTH0007", message, "action.attributes.roles", f"event.{'.'.join(_ROLES)}")


def _own_code(file: SourceFile) -> Iterator[Finding]:
    """What a text can show, and no more: nothing is run."""
    at = "action.code_file"
    code = _COMMENT.sub("", file.text)
    if len(file.text.encode()) > _LARGEST_CODE:
        yield _finding("AUTH0012", f"`{file.path}` has more than {_LARGEST_CODE // 1024} kB", at)
    if not re.search(r"\bexports\.onExecutePostLogin\s*=", code):
        message = f"`{file.path}` does not set exports.onExecutePostLogin, so nothing would run"
        yield _finding("AUTH0008", message, at)
    if not re.search(r"\bclient\b", code):
        message = "it runs at every login of the tenant, and does not ask for which application"
        yield _finding("AUTH0009", message, at, "return at once unless event.client is the Flex application")
    if re.search(r"(\|\||\?\?)\s*null\b", code):
        yield _finding("AUTH0010", "a missing value would arrive at Flex as the text null", at, "leave it out instead")
    if re.search(r"\bapp_metadata\.flex\.roles\b", code):
        message = "it throws for whoever has no app_metadata.flex, and nobody of them can sign in anywhere"
        yield _finding("AUTH0011", message, at, "app_metadata?.flex?.roles")
    if names := re.findall(r"\bsetAttribute\(\s*[\"'`]([^\"'`]+)[\"'`]", code):
        yield from rules.claims(names, at)


def _people(plan: Auth0Plan) -> Iterator[Finding]:
    yield from rules.insights((person.identity, person.roles) for person in plan.people)
    if not plan.users.create:
        yield from rules.unwritten(person.attributes for person in plan.people)
    for person in plan.people:
        if not _EMAIL.fullmatch(person.identity):
            message = f"{person.identity!r} is no e-mail address"
            yield _finding("AUTH0014", message, f"user:{person.key}")
