"""What a change means to the people concerned, in a few words. Pure."""

from __future__ import annotations

from provisioner.adapters.okta import application, group, membership, user, user_attribute
from provisioner.core.change import Change, Update
from provisioner.core.ownership import OWNER

_REMARKS = {
    ("create", user.KIND): "gets an activation e-mail",
    ("delete", user.KIND): "is deactivated in Okta",
    ("create", membership.KIND): "is in Okta already: only roles and membership change",
    ("delete", membership.KIND): "cannot sign in to Flex any more",
    ("create", user_attribute.KIND): "a new attribute in everybody's Okta profile",
}
_TAKEN_OVER = {
    application.KIND: "is taken over by this plan",
    group.KIND: "is taken over: people can be removed from now on",
}


def remark(change: Change) -> str:
    """The remark, "" where there is nothing to say beyond the change itself."""
    if isinstance(change, Update) and any(field.path == OWNER for field in change.fields):
        return _TAKEN_OVER.get(change.kind, "")
    return _REMARKS.get((change.action, change.kind), "")
