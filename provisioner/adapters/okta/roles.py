"""What agents notice of roles that differ in somebody's profile: it hangs on what Flex takes from the claim. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from provisioner.adapters.okta import claims, statements, user
from provisioner.core.change import Update
from provisioner.flex.roles import FLEX_ROLES, ROLES
from provisioner.flex.worker import split_roles

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

SAME = "Agents notice nothing: Flex takes the same roles from it."
_OTHER = "This person has other rights in Flex from the next sign-in on."
_UNKNOWN = "This person may have other rights in Flex from the next sign-in on."
_EMPTY = "This person cannot sign in to Flex: there are no roles."
_NONE = "This person cannot sign in to Flex: none of these is a role of Flex."
_INSIGHTS_ALONE = "This person cannot work in Flex: none of these is agent, supervisor or admin."


def notice(plan: OktaPlan, change: Update) -> str:
    """What comes of the roles that the tenant holds, where the plan's would be."""
    held, name = cast(user.Account, change.found.native).roles, plan.users.roles_attribute
    planned = user.attributes(plan, {"roles": change.wanted.fields["roles"]}, as_list=isinstance(held, tuple))[name]
    there, wanted = _taken(plan, held), _taken(plan, planned)
    if there is None or wanted is None:
        return _UNKNOWN
    if there == wanted:
        return SAME
    if not there:
        return _NONE if change.found.fields["roles"] else _EMPTY
    return _INSIGHTS_ALONE if there.isdisjoint(FLEX_ROLES) else _OTHER


def _taken(plan: OktaPlan, held: Any) -> frozenset[str] | None:
    """The roles that Flex takes from a login where the attribute holds this; None where more decides than that."""
    statement = plan.application.attribute_statements.get("roles")
    if statement is None:
        return None
    (claim,) = statements.to_okta({"roles": statement})
    texts = claims.of_attribute(claim, plan.users.roles_attribute, list(held) if isinstance(held, tuple) else held)
    return None if texts is None else ROLES.intersection(split_roles(texts))
