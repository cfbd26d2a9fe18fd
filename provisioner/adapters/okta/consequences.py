"""What agents notice while an org differs from its plan, and what an apply leaves as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from provisioner.adapters.okta import app_user, application, assignment, group, membership, roles, user, user_attribute
from provisioner.adapters.okta.statements import PREFIX
from provisioner.core.change import Delete, FieldChange, Update
from provisioner.core.drift import Difference, LeftAlone, sentence
from provisioner.core.resource import Desired, Observed

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

_APP = application.KIND
_NO_CLAIM = "Nobody can sign in: Flex refuses logins without this claim."
_DETAILS = "Workers get other details at the next sign-in."
_NEW_WORKERS = "Agents become new workers at the next sign-in, without their history; the old ones are billed, too."
_ELSEWHERE = "Nobody can sign in: responses go to another address than that of the Flex connection."
# Who starts on Okta's dashboard sends no request.
_UNSIGNED = "Nobody can sign in from Flex's own page: Okta refuses its requests, which are not signed."
_WEAK = "Signatures are weaker than planned; agents notice nothing before Flex stops taking them."
# Whether anybody can sign in at all hangs on other things, which are told beside it.
_UNNAMED = "The plan does not name this person, who is in the group whose members are to sign in to Flex"
_WHEN = "Agents are asked for their password in other cases than planned."

# Action, kind, field, sentence; the worst first, because one is told.
_NOTICES = (
    (
        "create",
        _APP,
        "",
        "Nobody can sign in to Flex: there is no application. An apply makes a new one, with new values for Flex.",
    ),
    ("update", _APP, "status", "Nobody can sign in to Flex: the application is inactive."),
    ("update", _APP, "acs_url", _ELSEWHERE),
    ("update", _APP, "recipient", _ELSEWHERE),
    ("update", _APP, "destination", _ELSEWHERE),
    ("update", _APP, "audience", "Nobody can sign in: Flex refuses assertions that are meant for somebody else."),
    ("update", _APP, "issuer", "Nobody can sign in: Flex knows the identity provider under another issuer."),
    ("update", _APP, "encryption", "Nobody can sign in: Flex cannot read an encrypted assertion."),
    ("update", _APP, "response_signed", "Nobody can sign in: Flex refuses a response that is not signed."),
    ("update", _APP, "signed_requests", _UNSIGNED),
    ("update", _APP, f"{PREFIX}roles gone", _NO_CLAIM),
    ("update", _APP, f"{PREFIX}email gone", _NO_CLAIM),
    ("update", _APP, f"{PREFIX}full_name gone", _NO_CLAIM),
    ("update", _APP, "further_acs_urls gone", "Sign-in to Flex works in another way than planned."),
    (
        "update",
        _APP,
        "further_acs_urls",
        "A login can have its assertion sent to somebody else, who may then be that agent.",
    ),
    ("update", _APP, f"{PREFIX}roles", "Agents get other roles at the next sign-in, or none and cannot sign in."),
    ("update", _APP, "name_id.", _NEW_WORKERS),
    ("update", _APP, "username", _NEW_WORKERS),
    (
        "update",
        _APP,
        "username_type",
        "User names are made by another rule: who gets another one becomes a new worker.",
    ),
    ("update", _APP, f"{PREFIX}email", _DETAILS),
    ("update", _APP, f"{PREFIX}full_name", _DETAILS),
    ("update", _APP, PREFIX, "Workers get other attributes at the next sign-in, and routing goes by them."),
    ("update", _APP, "inline_hooks", "A hook has a say in what Flex gets of every agent."),
    (
        "update",
        _APP,
        "assertion_signed",
        "Agents notice nothing: the response, which is signed, protects the assertion.",
    ),
    ("update", _APP, "signature_algorithm", _WEAK),
    ("update", _APP, "digest_algorithm", _WEAK),
    ("update", _APP, "authn_context", _WHEN),
    ("update", _APP, "honor_force_authn", _WHEN),
    ("update", _APP, "relay_state", "Agents who start on Okta's dashboard end up on another page."),
    ("update", _APP, "settings.", "Sign-in to Flex works in another way than planned."),
    ("update", _APP, "label", "Agents see another name on Okta's dashboard."),
    ("create", group.KIND, "", "Nobody can sign in to Flex: the group that lets people in is gone."),
    ("update", group.KIND, "name", "Agents notice nothing: the group lets in whom it did."),
    ("create", assignment.KIND, "", "Nobody of the group can sign in: the application is not assigned to it."),
    ("create", user_attribute.KIND, "", "Nobody can sign in: the attribute that holds the roles is gone."),
    ("create", user.KIND, "", "This person cannot sign in: there is no account."),
    ("update", user.KIND, "status", "This person cannot sign in to anything: the account is not active."),
    ("update", user.KIND, app_user.OTHER_NAME, "This person may come to Flex as somebody else: the NameID differs."),
    ("update", user.KIND, "", "This person's worker gets other details at the next sign-in."),
    ("create", membership.KIND, "", "This person cannot sign in to Flex."),
)


def notice(plan: OktaPlan, difference: Difference) -> str:
    """What agents notice of it, in a sentence."""
    change = difference.change
    if isinstance(change, Delete):
        return _of_unnamed(change)
    rest = tuple(field for field in difference.fields if field.path != "roles")
    if not isinstance(change, Update) or change.kind != user.KIND or rest == difference.fields:
        return sentence(_NOTICES, difference)
    said = roles.notice(plan, change)
    return sentence(_NOTICES, replace(difference, fields=rest)) if said == roles.SAME and rest else said


def _of_unnamed(change: Delete) -> str:
    closed = user.CLOSED.get(cast(user.Account, change.found.native).status)
    return f"{_UNNAMED}; nothing comes of it while the account is {closed[0]}." if closed else f"{_UNNAMED}."


def left_alone(desired: Desired, observed: Observed) -> Iterator[LeftAlone]:
    """Accounts that are locked out, and names that somebody gave people in the application.

    Both were somebody's decision.
    """
    for wanted in desired.resources:
        found = observed.resources.get(wanted.address) if wanted.kind == user.KIND else None
        if found is None:
            continue
        status = cast(user.Account, found.native).status
        if status in user.LOCKED_OUT:
            change = Update(wanted, found, (FieldChange("status", status, "ACTIVE"),))
            yield LeftAlone(change, user.LOCKED_OUT[status])
        if other := observed.resources.get(f"{app_user.OTHER_NAME}:{wanted.key}"):
            name = FieldChange(app_user.OTHER_NAME, other.fields[app_user.OTHER_NAME], cast(str, other.native))
            yield LeftAlone(Update(wanted, found, (name,)), app_user.OTHER_NAME_HINT)
