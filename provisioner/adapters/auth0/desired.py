"""What a plan wants of its tenant, as resources in a safe order. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.adapters.auth0 import action, application, binding, user
from provisioner.core.resource import Desired

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan

ORDER = (application.KIND, action.KIND, binding.KIND, user.KIND)


def desired(plan: Auth0Plan) -> Desired:
    """Everything that the plan names. Whoever is no longer named loses access as `users.on_removal` says."""
    app = application.wanted(plan)
    return Desired(
        plan=plan.name,
        resources=(
            app,
            action.wanted(plan),
            binding.wanted(plan),
            *(user.wanted(plan, person) for person in plan.people),
        ),
        order=ORDER,
        prune=frozenset({user.KIND} if plan.users.on_removal != "keep" else ()),
        protected=frozenset({app.address}) if plan.application.protect else frozenset(),
        leaves=frozenset({user.KIND}),
        removal=plan.users.on_removal,
    )
