"""What people should know of Okta when they fill in Twilio Console's page."""

from __future__ import annotations

from provisioner.flex.console import Notes

# Popup and frames: Twilio guide "Configure Google Workspace". Certificates: Okta help, "Manage signing certificates".
NOTES = Notes(
    trusted_urls="Only a Flex UI under an address of your own needs entries: one URL each, no wildcards.",
    login_popup="Twilio's guide for Okta leaves it off. Flex inside another page's frame needs it on.",
    rotation=(
        "Okta writes to its administrators before a certificate ends, and never activates the next one by itself."
        " Activating it is what changes the signature, for this application alone."
    ),
    refusal="Okta says that you are not assigned the app",
    remedy="The person is not in the plan's group yet. Take them into the plan and apply it.",
)
