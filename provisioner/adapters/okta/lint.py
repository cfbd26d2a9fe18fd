"""What can be told of an Okta plan before anything is sent: the rules of Flex applied, and Okta's own. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from provisioner.adapters.okta import user, user_attribute
from provisioner.core.finding import Finding
from provisioner.flex import rules, settings
from provisioner.flex.roles import ROLES
from provisioner.flex.rules import Rule

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan, Statement
    from provisioner.planfile.people import Person

OKTA_RULES = {
    "OKTA001": Rule("warning", "`${…}` in an attribute statement, which takes an expression"),
    "OKTA002": Rule("warning", "An expression in a dialect or with a function that attribute statements lack"),
    "OKTA003": Rule("error", "A setting that has its own place in the plan"),
    "OKTA004": Rule("warning", "A setting that Okta does not document"),
    "OKTA005": Rule("warning", "The roles come from groups whose names need not be roles"),
    "OKTA006": Rule("warning", "The roles claim does not read the attribute that the plan writes"),
    "OKTA007": Rule("warning", "A URL claim in another format than URI reference"),
    "OKTA008": Rule("warning", "A NameID template without `${…}`: the same text for everyone"),
    "OKTA009": Rule("error", "A login that Okta refuses"),
    "OKTA010": Rule("error", "Someone to be created without an e-mail address"),
    "OKTA011": Rule("error", "A profile attribute that has its own key in the plan"),
    "OKTA012": Rule("error", "Two logins that Okta takes for one"),
    "OKTA013": Rule("error", "A value that Okta does not take for that attribute of a profile"),
}

# OpenAPI: SamlApplicationSettingsSignOn, and samlSignedRequestEnabled, which recordings show and the document lacks.
_SETTINGS = {
    *("acsEndpoints", "allowMultipleAcsEndpoints", "assertionEncryption", "assertionSigned", "audience"),
    *("audienceOverride", "authnContextClassRef", "configuredAttributeStatements", "defaultRelayState"),
    *("destination", "destinationOverride", "digestAlgorithm", "honorForceAuthn", "idpIssuer"),
    *("inlineHooks", "participateSlo", "recipient", "recipientOverride", "requestCompressed"),
    *("responseSigned", "samlAssertionLifetimeSeconds", "samlSignedRequestEnabled", "signatureAlgorithm"),
    *("slo", "spCertificate", "spIssuer", "ssoAcsUrl", "ssoAcsUrlOverride"),
}
_OWN_PLACE = {
    "attributeStatements": "application.attribute_statements",
    "subjectNameIdFormat": "application.name_id.format",
    "subjectNameIdTemplate": "application.name_id.template",
}
_CHECKS: dict[str, Callable[[Any, str], Iterator[Finding]]] = {
    "assertionEncryption": lambda given, path: rules.encryption(_is_enabled(given), path),
    "assertionSigned": rules.assertion_signed,
    "defaultRelayState": rules.relay_state,
    "digestAlgorithm": rules.algorithm,
    "responseSigned": rules.response_signed,
    "samlAssertionLifetimeSeconds": rules.session,
    "samlSignedRequestEnabled": lambda given, path: rules.unsigned_requests(given is True, path),
    "signatureAlgorithm": rules.algorithm,
}
_OWN_KEY = {
    "profile.login": "login",
    "profile.email": "email",
    "profile.firstName": "first_name",
    "profile.lastName": "last_name",
}
# OpenAPI: UserProfile, maxLength. The attributes of every org hold texts.
_LONGEST = {
    **{"email": 100, "first_name": 50, "last_name": 50, "profile.city": 128, "profile.countryCode": 2},
    **{"profile.mobilePhone": 100, "profile.postalAddress": 4096, "profile.primaryPhone": 100},
    **{"profile.secondEmail": 100, "profile.state": 128, "profile.streetAddress": 1024, "profile.zipCode": 50},
}

_STATEMENTS = "application.attribute_statements"


def findings(plan: OktaPlan, today: date) -> list[Finding]:
    """Everything that the rules find, in the order of the plan file."""
    return [
        *rules.connection(plan.flex, today),
        *rules.trusted_urls(plan.flex.trusted_urls, plan.flex.default_redirect_url),
        *_name(plan),
        *rules.claims(plan.application.attribute_statements, _STATEMENTS),
        *_statements(plan),
        *settings.findings(plan.application.settings, plan.flex, _VOCABULARY),
        *_people(plan),
    ]


def _finding(code: str, message: str, path: str, hint: str = "") -> Finding:
    return Finding(code, OKTA_RULES[code].severity, message, hint, path)


_VOCABULARY = settings.Vocabulary(
    where="Okta's signOn",
    documented=_SETTINGS,
    own_place=_OWN_PLACE,
    checks=_CHECKS,
    addresses=("ssoAcsUrl", "recipient", "destination"),
    misplaced="OKTA003",
    undocumented="OKTA004",
    finding=_finding,
)


def _name(plan: OktaPlan) -> Iterator[Finding]:
    name_id = plan.application.name_id
    yield from rules.name_id(name_id.format, "application.name_id.format")
    if "${" not in name_id.template:
        message = f"`{name_id.template}` may be sent as it stands, and everyone would be the same worker"
        yield _finding("OKTA008", message, "application.name_id.template", "such as ${user.userName}")


def _statements(plan: OktaPlan) -> Iterator[Finding]:
    for name, statement in plan.application.attribute_statements.items():
        path = f"{_STATEMENTS}.{name}"
        if statement.value is not None:
            yield from _expression(statement.value, path)
        if name == "image_url" and statement.format != "uri":
            yield _finding("OKTA007", "the guide sends image_url as `format: uri`", path)
        if name == "roles":
            yield from _roles(plan, statement, path)


def _expression(value: str, path: str) -> Iterator[Finding]:
    if "${" in value:
        message = "`${…}` is not documented for attribute statements and may be sent as it stands"
        yield _finding("OKTA001", message, path, 'such as String.join(" ", user.firstName, user.lastName)')
    if "String.split" in value:
        yield _finding("OKTA002", "Okta has no String.split", path, "Arrays.flatten turns commas into several values")
    if "user.profile." in value:
        message = "user.profile.… belongs to another dialect than that of attribute statements"
        yield _finding("OKTA002", message, path, f"write {value.replace('user.profile.', 'user.')}")


def _roles(plan: OktaPlan, statement: Statement, path: str) -> Iterator[Finding]:
    if statement.group is not None:
        if not _names_roles_only(*statement.group.chosen):
            message = "Flex takes the names of these groups as roles, and others than roles may be among them"
            yield _finding("OKTA005", message, path, "regex: ^(agent|admin|supervisor)$")
    elif f"user.{plan.users.roles_attribute}" not in (statement.value or "") and plan.people:
        message = f"the plan writes roles to `{plan.users.roles_attribute}`, and the claim reads `{statement.value}`"
        yield _finding("OKTA006", message, path, f"value: user.{plan.users.roles_attribute}")


def _names_roles_only(kind: str, text: str) -> bool:
    """Whether the filter can only let names through that are roles of Flex."""
    if kind == "EQUALS":
        return text in ROLES
    alternatives = re.fullmatch(r"\^\(?([^()]*)\)?\$", text) if kind == "REGEX" else None
    return alternatives is not None and all(each.replace("\\.", ".") in ROLES for each in alternatives[1].split("|"))


def _is_enabled(encryption: Any) -> bool:
    return isinstance(encryption, Mapping) and encryption.get("enabled") is True


def _people(plan: OktaPlan) -> Iterator[Finding]:
    yield from rules.insights((person.identity, person.roles) for person in plan.people)
    if not plan.users.create:
        yield from rules.unwritten(person.attributes for person in plan.people)
    own = _OWN_KEY | {f"profile.{plan.users.roles_attribute}": "roles"}
    logins: dict[str, str] = {}
    for person in plan.people:
        for code, message, hint in _person(person, plan.users.create, own):
            yield _finding(code, message, f"user:{person.key}", hint)
        first = logins.setdefault(user.folded(person.key), person.identity)
        if first != person.identity:
            message = f"Okta takes `{person.identity}` and `{first}` for the same login"
            yield _finding("OKTA012", message, f"user:{person.key}", "it does not tell diacritics apart")


def _person(person: Person, create: bool, own: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    # OpenAPI: UserProfile, login.
    login, attributes = person.identity, person.attributes
    if not 5 <= len(login) <= 100 or not login.isprintable():
        yield "OKTA009", f"the login {login!r} must have 5 to 100 printable characters", ""
    if create and "email" not in attributes and "@" not in login:
        yield "OKTA010", f"`{login}` is no e-mail address, and Okta creates nobody without one", "give `email`"
    for name in own.keys() & attributes.keys():
        yield "OKTA011", f"the attribute `{name}` is the plan's `{own[name]}`", f"use `{own[name]}`"
    for name, value in attributes.items() if create else ():
        yield from (("OKTA013", message, hint) for message, hint in _refused(name, value))


def _refused(name: str, value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str):
        if name.removeprefix("profile.") in user_attribute.BASE:
            yield f"`{name}` holds a text, and `{value}` is none", "put it in quotes"
    elif len(value) > _LONGEST.get(name, len(value)):
        yield f"`{name}` is longer than {_LONGEST[name]} characters", ""
    # Its format is uri (recording 52); agents' pictures come from it.
    elif name == "profile.profileUrl" and value and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]", value):
        yield f"`{name}` holds a full URL, and `{value}` is none", "write it with https:// and a host name"
