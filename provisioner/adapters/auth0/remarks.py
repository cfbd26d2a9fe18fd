"""What a change means to the people concerned, in a few words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.adapters.auth0 import action, application, binding, user
from provisioner.core.change import Change, Update
from provisioner.core.ownership import OWNER

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

_REMARKS = {
    ("create", action.KIND): "is built and deployed",
    ("update", action.KIND): "is built and deployed again",
    ("update", binding.KIND): "the login flow of the whole tenant",
}
_REMOVED = {
    "revoke_roles": "loses the Flex roles and cannot sign in to Flex any more",
    "block": "is blocked in Auth0: no sign-in at all",
}
_CREATED = {
    "ticket": "gets no mail",
    "none": "gets no mail, and chooses a password on the login page",
}


def remark(plan: Auth0Plan, change: Change) -> str:
    """The remark, "" where there is nothing to say beyond the change itself."""
    if change.kind == user.KIND and change.action == "delete":
        return _REMOVED.get(plan.users.on_removal, "")
    if change.kind == user.KIND and change.action == "create":
        return _CREATED.get(str(plan.users.initial_password), "gets the plan's initial password and no mail")
    if isinstance(change, Update) and change.kind in (application.KIND, action.KIND):
        fields = {field.path for field in change.fields}
        if OWNER in fields:
            return "is taken over by this plan"
        if fields == {"connections"}:
            return "through whom people may sign in"
    return _REMARKS.get((change.action, change.kind), "")
