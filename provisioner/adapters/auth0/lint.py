"""What can be told of an Auth0 plan before anything is sent: the rules of Flex applied, and Auth0's own. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from provisioner.core.finding import Finding
from provisioner.flex import rules

if TYPE_CHECKING:
    from provisioner.adapters.auth0.plan import Auth0Plan


def findings(plan: Auth0Plan, today: date) -> list[Finding]:
    """Everything that the rules find, in the order of the plan file."""
    return [*rules.connection(plan.flex, today)]
