"""What agents notice while a tenant differs from its plan, and what an apply leaves as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.auth0 import action, application, binding, user
from provisioner.core import drift
from provisioner.core.change import Delete, FieldChange, Update
from provisioner.core.drift import Difference, LeftAlone
from provisioner.core.resource import Desired, Found, Observed

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

Json = dict[str, Any]

_APP = application.KIND
_ELSEWHERE = "Nobody can sign in: responses go to another address than that of the Flex connection."
_UNREADABLE = "Nobody can sign in: Flex cannot read an encrypted assertion."
_NEW_WORKERS = "Agents become new workers at the next sign-in, without their history; the old ones are billed, too."
_WEAK = "Signatures are weaker than planned; agents notice nothing before Flex stops taking them."
_NO_CLAIMS = "Nobody can sign in: Flex gets no claims, and refuses logins without them."
_EDITED = "Agents get what the edited code sends, from their next sign-in on."
_NO_PACKAGES = "Agents notice nothing: the generated code uses no packages."
_NO_SECRETS = "Agents notice nothing: the generated code uses no secrets."
_RUNTIME = "Agents notice nothing, as long as the code runs there."
_NOT_OURS = "Agents get what other Actions set, and nothing of the plan's."

# What changes of a field come to, where that depends on its values.
_SWAPPED, _OTHER_NAME_ID, _NO_ROLE, _SAME_ROLES = "connections swapped", "another NameID", "no role", "same roles"
_NAME_ID = ("saml.nameIdentifierFormat", "saml.nameIdentifierProbes", "saml.mappings")

# Action, kind, field, sentence; the worst first, because one is told.
NOTICES = (
    (
        "create",
        _APP,
        "",
        "Nobody can sign in to Flex: there is no application. An apply makes a new one, with new values for Flex.",
    ),
    ("update", _APP, "acs_url", _ELSEWHERE),
    ("update", _APP, "saml.recipient", _ELSEWHERE),
    ("update", _APP, "saml.destination", _ELSEWHERE),
    ("update", _APP, "saml.audience", "Nobody can sign in: Flex refuses assertions that are meant for somebody else."),
    ("update", _APP, "saml.issuer", "Nobody can sign in: Flex knows the identity provider under another issuer."),
    ("update", _APP, "saml.encryptionCert", _UNREADABLE),
    ("update", _APP, "saml.encryptionPublicKey", _UNREADABLE),
    (
        "update",
        _APP,
        "saml.signingCert",
        "Nobody can sign in: Auth0 refuses requests without signature, as Flex's are.",
    ),
    ("update", _APP, "connections gone", "Nobody can sign in: no connection is enabled for the application."),
    ("update", _APP, _SWAPPED, "Nobody of the plan can sign in: their connection is not enabled for the application."),
    ("update", _APP, "connections", "Others than planned may reach the login, or those of the plan may not."),
    ("update", _APP, "saml.signResponse", "Nobody can sign in: Flex refuses a response that is not signed."),
    ("update", _APP, "saml.binding", "Nobody can sign in: Flex takes a response by POST alone."),
    ("update", _APP, _OTHER_NAME_ID, _NEW_WORKERS),
    ("update", _APP, "saml.signatureAlgorithm", _WEAK),
    ("update", _APP, "saml.digestAlgorithm", _WEAK),
    ("update", _APP, "saml.", "Workers get attributes that are not planned, or logins work in another way."),
    ("update", _APP, "oidc_conformant", "Logins by SAML are reported to fail."),
    ("update", _APP, "app_type", "Agents notice nothing: only the Dashboard shows the application differently."),
    ("update", _APP, "callbacks", "Agents notice nothing while the ACS URL stands first."),
    ("update", _APP, "name", "Agents may see another name on the login page."),
    ("create", action.KIND, "", _NO_CLAIMS),
    ("update", action.KIND, "managed_by", "What runs is no longer the plan's Action: agents may get any claims."),
    ("update", action.KIND, "deployed.code", _EDITED),
    ("update", action.KIND, "deployed.runtime", _RUNTIME),
    ("update", action.KIND, "deployed.dependencies", _NO_PACKAGES),
    ("update", action.KIND, "deployed.secrets", _NO_SECRETS),
    ("update", action.KIND, "deployed", "Agents notice nothing yet: the flow runs the plan's code."),
    ("update", action.KIND, "code", _EDITED),
    ("update", action.KIND, "dependencies", _NO_PACKAGES),
    ("update", action.KIND, "secrets", _NO_SECRETS),
    ("update", action.KIND, "runtime", _RUNTIME),
    ("update", action.KIND, "name", "Agents notice nothing: only the Dashboard shows the Action differently."),
    (
        "update",
        binding.KIND,
        "order",
        "Agents get what the last Action of the flow sets, which may not be the plan's.",
    ),
    ("create", user.KIND, "", "This person cannot sign in: there is no account."),
    ("update", user.KIND, "blocked", "This person cannot sign in to anything: the account is blocked."),
    ("update", user.KIND, "roles gone", "This person cannot sign in to Flex: there are no roles."),
    ("update", user.KIND, _NO_ROLE, "This person cannot sign in to Flex: none of the roles is one of Flex's."),
    ("update", user.KIND, _SAME_ROLES, "Agents notice nothing: the Action sends the roles that are planned."),
    ("update", user.KIND, "roles", "This person has other rights in Flex from the next sign-in on."),
    ("update", user.KIND, "", "This person's worker gets other details at the next sign-in."),
    ("delete", user.KIND, "", "This person can sign in to Flex, and the plan does not name them."),
)


def notice(plan: Auth0Plan, difference: Difference) -> str:
    """What agents notice of it; whether the plan's Action runs at all only what was found tells."""
    match difference.change:
        case Update(found=Found(kind=binding.KIND, native=binding.Flow(now=None) as flow)):
            return _NOT_OURS if flow.is_written_by_others else _NO_CLAIMS
        case Update(found=Found(kind=action.KIND, native=native)) if not action.was_deployed(cast(Json, native)):
            return _NO_CLAIMS
        case Delete(found=Found(native=user.Account(blocked=True))):
            return (
                "Nothing, while the account is blocked: after that, somebody whom the plan does not name can sign in."
            )
        case Update() as change:
            fields = tuple(replace(field, path=_effect(plan, change, field)) for field in difference.fields)
            return drift.sentence(NOTICES, replace(difference, fields=fields))
    return drift.sentence(NOTICES, difference)


def _effect(plan: Auth0Plan, change: Update, field: FieldChange) -> str:
    """The field, or what its change comes to where that depends on the values."""
    if change.kind == user.KIND and field.path == "roles" and not plan.action.code_file:
        sent = user.sent_roles(field.before)
        return (
            _NO_ROLE if field.before and not sent else _SAME_ROLES if sent == user.sent_roles(field.after) else "roles"
        )
    if change.kind != _APP:
        return field.path
    there = cast(application.App, change.found.native)
    if field.path == "connections" and there.connections and plan.application.connection not in there.connections:
        return _SWAPPED
    is_name_id = field.path in _NAME_ID and application.changes_name_id(plan, there)
    return _OTHER_NAME_ID if is_name_id else field.path


def left_alone(desired: Desired, observed: Observed) -> Iterator[LeftAlone]:
    """The accounts that are blocked: it was somebody's decision."""
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address) if wanted.kind == user.KIND else None
        if found and cast(user.Account, found.native).blocked:
            change = Update(wanted, found, (FieldChange("blocked", True, False),))
            yield LeftAlone(change, user.BLOCKED_HINT)
