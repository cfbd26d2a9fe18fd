"""What people should know of Auth0 when they fill in Twilio Console's page."""

from __future__ import annotations

from provisioner.flex.console import Notes

# Twilio guide "Configure Auth0 IdP with Twilio Flex", steps 5 and 6 of its last part; Auth0 docs "Rotate signing keys".
NOTES = Notes(
    trusted_urls="Sign-in runs through the Auth0 tenant, so Flex must trust it; its custom domain too, if it has one."
    " One URL each, no wildcards.",
    login_popup="Twilio's guide for Auth0 turns it on; agents' browsers must then allow pop-ups from Flex.",
    rotation=(
        "One key of the tenant signs for all its applications. From the moment when it is rotated Auth0 signs with the"
        " next one, even while the old one is not revoked."
    ),
    refusal="The login page says that the person has no role in Twilio Flex",
    remedy="Give the person roles in the plan and apply it, then sign in again.",
)
