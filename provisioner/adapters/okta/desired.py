"""What a plan wants of its org, as resources in a safe order. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.adapters.okta import application, assignment, group, membership, user, user_attribute
from provisioner.core.resource import Desired

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan

ORDER = (user_attribute.KIND, application.KIND, group.KIND, assignment.KIND, user.KIND, membership.KIND)

_PRUNE = {
    "unassign": frozenset({membership.KIND}),
    "deactivate": frozenset({membership.KIND, user.KIND}),
    "keep": frozenset[str](),
}


def desired(plan: OktaPlan, *, adopt: bool) -> Desired:
    """Everything that the plan names. Whoever is no longer named goes as `users.on_removal` says."""
    app = application.wanted(plan)
    return Desired(
        plan=plan.name,
        resources=(
            *user_attribute.wanted(plan),
            app,
            group.wanted(plan, adopt=adopt),
            assignment.wanted(plan),
            *(user.wanted(plan, person) for person in plan.people),
            *(membership.wanted(plan, person.key) for person in plan.people),
        ),
        order=ORDER,
        prune=_PRUNE[plan.users.on_removal],
        protected=frozenset({app.address}) if plan.application.protect else frozenset(),
        leaves=frozenset({user.KIND, membership.KIND}),
    )
