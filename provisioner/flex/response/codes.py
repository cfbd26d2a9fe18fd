"""What can be said of a captured response beside its claims: the codes from FLEX360 on, with symptom and remedy."""

from __future__ import annotations

from provisioner.core.finding import Finding
from provisioner.flex import notices

RESPONSE: notices.Table = {
    "FLEX360": (
        "error",
        "The identity provider answered {status} instead of Success{message}: {meaning}.",
        "{fix}",
    ),
    "FLEX361": (
        "error",
        "There is no assertion in the response: Flex cannot tell who signs in.",
        "look into the identity provider's log for this login",
    ),
    "FLEX362": (
        "error",
        "There are {count} assertions in the response, and Flex takes exactly one: it refuses the login.",
        "look at what makes the response: neither Okta nor Auth0 does this by itself",
    ),
    "FLEX363": (
        "error",
        "The assertion is encrypted, and Flex has no key to read it: it refuses the login.",
        "switch the encryption of assertions off in the application",
    ),
    "FLEX364": (
        "error",
        "Nothing in the response is signed: Flex refuses the login.",
        "let the application sign the response",
    ),
    "FLEX365": (
        "error",
        "Only the assertion is signed, and Twilio wants the response signed:"
        " The Message of SAML response is not signed.",
        "let the application sign the response (Okta: Response, Signed; Auth0: signResponse)",
    ),
    "FLEX366": (
        "error",
        "The {what} is signed with another key than Flex was given: nobody can sign in like this."
        " It carries the certificate {theirs}; Flex has {ours}.",
        "{fix}",
    ),
    "FLEX367": (
        "error",
        "The signature of the {what} does not hold: {reason}. Flex refuses the login.",
        "capture the field SAMLResponse as it was posted, for viewers that indent XML break its signature; if it was"
        " posted like this, find out what changes responses on their way to Flex",
    ),
    "FLEX368": (
        "error",
        "What is signed is not what is read: {reason}. Forged responses look like this, and Flex refuses them.",
        "find out where this response comes from; no identity provider makes one like it",
    ),
    "FLEX369": (
        "warning",
        "The {what} is signed with SHA-1 ({algorithm}), which is weak and may be refused any day.",
        "set RSA-SHA256 and SHA-256 in the application",
    ),
    "FLEX370": (
        "error",
        "The certificate that Flex has ended on {date}; whether Flex minds is not documented.",
        "rotate the signing key of the identity provider, and paste the new certificate into Twilio Console",
    ),
    "FLEX371": (
        "warning",
        "The {what} carries another certificate than Flex has, of the same key: {theirs}; Flex has {ours}.",
        "paste the certificate that `provisioner outputs` prints into Twilio Console when there is time",
    ),
    "FLEX372": (
        "error",
        "The issuer of {what} is {found}, and Flex was told {wanted}:"
        " it refuses the login, or shows Twilio's own password dialog.",
        "the response is another application's, or `Identity Provider Issuer` in Twilio Console is wrong",
    ),
    "FLEX373": (
        "error",
        "The audience is {found}{whose}: Flex refuses the login (Audience is invalid).",
        "the application's audience (SP entity ID) must be {wanted}",
    ),
    "FLEX374": (
        "error",
        "{what} must be Flex's ACS URL, and here it is {found}{whose}: Flex refuses the login.",
        "the application's ACS URL (single sign-on URL, recipient, destination) must be {wanted}",
    ),
    "FLEX375": (
        "error",
        "The response is valid from {limit} on, {offset} after {reference}: Flex refuses it as not yet valid.",
        "set the clock of the identity provider, or of this machine, by NTP",
    ),
    "FLEX376": (
        "error",
        "The response was valid until {limit}, {offset} before {reference}: Flex refuses it as expired.",
        "sign in anew where it is merely old; else set the clock of the identity provider by NTP",
    ),
    "FLEX377": (
        "error",
        "The response was issued at {limit}, {offset} after {reference}: one of the two clocks is wrong.",
        "set the clock of the identity provider, or of this machine, by NTP",
    ),
    "FLEX378": (
        "error",
        "The {what} is missing: Flex refuses the login.",
        "look at what makes the response: SAML's Web Browser SSO profile asks for it",
    ),
    "FLEX379": (
        "error",
        "{what} is no time as SAML writes it: `{text}`.",
        "look at what makes the response: it must be like 2026-03-31T12:00:00Z",
    ),
    "FLEX380": (
        "warning",
        "The session ends {offset} after sign-on: agents are logged out in the middle of a shift.",
        "leave SessionNotOnOrAfter out, or give sessions 8 to 10 hours",
    ),
    "FLEX381": (
        "error",
        "The session ended {offset} before the response was issued: Flex refuses the login.",
        "leave SessionNotOnOrAfter out, or give sessions 8 to 10 hours",
    ),
    "FLEX382": (
        "error",
        "Response and assertion answer different requests ({outer}, {inner}): Flex refuses the login.",
        "sign in anew; if it stays, look at what makes the response",
    ),
    "FLEX383": (
        "error",
        "A {kind} stands inside the {what}: careless readers take the text before it for the whole.",
        "find out where this response comes from; this is how one person passes for another",
    ),
    "FLEX384": (
        "error",
        "The claim `{name}` stands in the assertion twice: Flex takes one of them, or refuses the login.",
        "send it once, with several values if need be",
    ),
    "FLEX385": (
        "error",
        "The {what} is of SAML {version}, and Flex speaks 2.0.",
        "let the application speak SAML 2.0",
    ),
    "FLEX386": (
        "error",
        "The response was posted to {found}{whose}: this Flex did not get it.",
        "the address to which the application posts (ACS URL, in Okta the single sign-on URL) must be {wanted};"
        " or the capture is of another login",
    ),
    "FLEX387": (
        "warning",
        "The response is deflated, as SAML does in addresses alone; from a form Flex cannot read it.",
        "let the identity provider post it as it is (HTTP-POST binding), unless the capture deflated it",
    ),
}


def finding(code: str, path: str = "", **filled_in: object) -> Finding:
    """The finding with this code; message and hint are filled in."""
    return notices.finding(RESPONSE, code, path, **filled_in)
