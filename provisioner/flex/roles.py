"""The roles that Flex takes from the `roles` claim. All are lower case and case sensitive."""

from __future__ import annotations

from provisioner.flex.spelling import nearest

# Twilio guide "Flex UI users": a read-only admin cannot be given through SSO.
FLEX_ROLES = frozenset({"admin", "agent", "supervisor"})

# Twilio guide "Insights user roles": they count only beside one of SENIOR_ROLES.
INSIGHTS_ROLES = frozenset(
    {
        "wfo.dashboard_viewer",
        "wfo.data_analyst",
        "wfo.data_auditor",
        "wfo.full_access",
        "wfo.quality_manager",
        "wfo.quality_process_manager",
        "wfo.team_leader",
    }
)
SENIOR_ROLES = frozenset({"admin", "supervisor"})
ROLES = FLEX_ROLES | INSIGHTS_ROLES


def suggestion(role: str) -> str | None:
    """The role that an unknown one was probably meant to be; None where nothing is near."""
    word = role.strip().casefold()
    prefixes = [known for known in sorted(FLEX_ROLES) if word.startswith(known)]
    return prefixes[0] if prefixes else nearest(word, sorted(ROLES))
