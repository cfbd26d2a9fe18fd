"""What Flex checks of a response beside signature and claims: status, structure, addresses, requests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from provisioner.core.finding import Finding
from provisioner.core.text import shortened
from provisioner.flex.response.capture import Capture
from provisioner.flex.response.codes import finding
from provisioner.flex.response.contents import Contents, attribute_elements
from provisioner.flex.response.document import BEARER, NAMES, SUCCESS, Element, comment, first, own_text
from provisioner.flex.response.trusted import Trusted

_LONGEST = 200
_SID = re.compile(r"JQ[0-9a-f]{32}|AC[0-9a-f]{32}")
_VERSION = "2.0"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

# What the identity provider means, and what to do: SAML 2.0 core 3.2.2.2, Twilio guide "SSO configuration".
_STATUS = {
    "InvalidNameIDPolicy": (
        "it cannot give a NameID of the kind that Flex asks for, and Twilio shows its own password dialog",
        "set the application's NameID format to unspecified or emailAddress",
    ),
    "AuthnFailed": (
        "it did not let this person in, or could not tell who it is",
        "its words say why, where there are any; else look into its log for this login",
    ),
    "NoAuthnContext": (
        "it cannot authenticate people in the way that Flex asks for, by password",
        "let the application take any authentication context",
    ),
    "RequestDenied": (
        "it does not let this person in",
        "assign the application to the person, and look at its sign-on policy",
    ),
    "RequestUnsupported": ("it does not take such requests", "compare the SSO URL in Twilio Console with `outputs`"),
}
_OTHER_STATUS = ("there was no login", "look into its log for this login")


def status(root: Element, cover: Callable[[str], str]) -> Iterator[Finding]:
    """The status and its inner codes; the innermost one that is known explains it. Of its words what `cover` leaves."""
    chain = [code.get("Value", "") for code in root.iterfind("samlp:Status//samlp:StatusCode", NAMES)]
    if chain[:1] == [SUCCESS]:
        return
    if not chain:
        yield finding("FLEX378", "status", what="status")
        return
    names = [shortened(code.rpartition(":")[2]) for code in chain]
    meaning, fix = next((_STATUS[name] for name in reversed(names) if name in _STATUS), _OTHER_STATUS)
    said = own_text(first(root, "samlp:Status/samlp:StatusMessage"))
    message = f", with the words `{shortened(cover(said), _LONGEST)}`" if said else ""
    yield finding("FLEX360", "status", status="/".join(names), message=message, meaning=meaning, fix=fix)


def structure(root: Element) -> Iterator[Finding]:
    """One plain assertion, of the right version, with the parts that a login needs."""
    count = len(root.findall("saml:Assertion", NAMES))
    encrypted = root.find("saml:EncryptedAssertion", NAMES) is not None
    if encrypted:
        yield finding("FLEX363", "assertion")
    if count > 1:
        yield finding("FLEX362", "assertion", count=count)
    if count == 0 and not encrypted:
        yield finding("FLEX361", "assertion")
    for what, element in (("response", root), ("assertion", root.find("saml:Assertion", NAMES))):
        if element is not None and element.get("Version") != _VERSION:
            version = shortened(element.get("Version", "no version"))
            yield finding("FLEX385", what, what=what, version=version)
    yield from _commented(root)


def _commented(root: Element) -> Iterator[Finding]:
    """Looked for in the document as it came: what was signed has no comments any more."""
    for assertion in root.iterfind("saml:Assertion", NAMES):
        name_id = first(assertion, "saml:Subject/saml:NameID")
        if name_id is not None and (kind := comment(name_id)):
            yield finding("FLEX383", "name_id", kind=kind, what="NameID")
        for each in attribute_elements(assertion):
            if kind := comment(each):
                yield finding("FLEX383", "attributes", kind=kind, what=f"claim `{shortened(each.get('Name', ''))}`")


def posting(captured: Capture, trusted: Trusted) -> Iterator[Finding]:
    """Where the browser took the response, and how; on this machine the sandbox stands for Flex."""
    if captured.deflated:
        yield finding("FLEX387", "response")
    sent, wanted = captured.posted_to, trusted.acs_url
    host = urlsplit(sent).hostname or ""
    is_here = host in _LOOPBACK or host.endswith(".localhost")
    if (_sid(sent) != _sid(wanted)) if is_here else (sent not in ("", wanted)):
        yield finding("FLEX386", "response", found=_quoted(sent), whose=_whose(sent, wanted), wanted=wanted)


def _sid(address: str) -> str:
    found = _SID.search(address)
    return found[0] if found else ""


def addresses(said: Contents, trusted: Trusted) -> Iterator[Finding]:
    """Issuers, audience, destination and recipient, compared letter by letter."""
    yield from _issuers(said, trusted)
    if said.assertion is not None:
        yield from _audience(said.assertion, trusted)
    data = bearer(said.assertion)
    recipient = None if data is None else data.get("Recipient")
    if data is not None and recipient is None:
        yield finding("FLEX378", "recipient", what="Recipient in the assertion")
    given = {"Destination": said.response.get("Destination"), "Recipient": recipient}
    for names, found in _grouped(given):
        if found != trusted.acs_url:
            whose = _whose(found, trusted.acs_url)
            path = names.lower().replace(" and ", ",")
            yield finding("FLEX374", path, what=names, found=_quoted(found), whose=whose, wanted=trusted.acs_url)


def _audience(assertion: Element, trusted: Trusted) -> Iterator[Finding]:
    audiences = assertion.findall("saml:Conditions/saml:AudienceRestriction/saml:Audience", NAMES)
    if not audiences:
        yield finding("FLEX378", "audience", what="audience in the assertion")
    # Of several, one of Flex's libraries looks at the first alone.
    elif (found := own_text(audiences[0])) != trusted.audience:
        whose = _whose(found, trusted.audience)
        yield finding("FLEX373", "audience", found=_quoted(found), whose=whose, wanted=trusted.audience)


def _grouped(given: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """The names of each value, so that one mistake is told once."""
    values = dict.fromkeys(value for value in given.values() if value is not None)
    return [(" and ".join(name for name, each in given.items() if each == value), value) for value in values]


def bearer(assertion: Element | None) -> Element | None:
    """The confirmation data by which whoever brings the assertion is taken for its subject."""
    return first(assertion, f"saml:Subject/saml:SubjectConfirmation[@Method='{BEARER}']/saml:SubjectConfirmationData")


def _issuers(said: Contents, trusted: Trusted) -> Iterator[Finding]:
    """That of a response is optional; that of an assertion is not (SAML 2.0 core 2.3.3)."""
    inner = None if said.assertion is None else own_text(first(said.assertion, "saml:Issuer"))
    if inner == "":
        yield finding("FLEX378", "issuer", what="issuer of the assertion")
    for names, found in _grouped({"the response": said.issuer or None, "the assertion": inner or None}):
        if found != trusted.issuer:
            yield finding("FLEX372", "issuer", what=names, found=_quoted(found), wanted=_quoted(trusted.issuer))


def _whose(found: str, wanted: str) -> str:
    """Of which other Flex an address is, in words."""
    sid, ours = _SID.search(found), _SID.search(wanted)
    if sid and ours and sid[0][:2] != ours[0][:2]:
        kind = "legacy" if sid[0].startswith("AC") else "enhanced"
        return f", an address of {kind} SSO, where {ours[0]} is wanted"
    if sid and ours and sid[0] != ours[0]:
        return f", of another Flex connection than {ours[0]}"
    return f", not {_quoted(wanted)}"


def subject(said: Contents) -> Iterator[Finding]:
    """Who is confirmed and how, that there was a login, and which request it answers."""
    if said.assertion is None:
        return
    data = bearer(said.assertion)
    if data is None:
        yield finding("FLEX378", "subject", what="subject confirmation of the kind bearer")
    if first(said.assertion, "saml:AuthnStatement") is None:
        yield finding("FLEX378", "assertion", what="authentication statement in the assertion")
    inner = None if data is None else data.get("InResponseTo")
    outer = said.response.get("InResponseTo")
    if data is not None and inner != outer:
        yield finding("FLEX382", "subject", outer=shortened(outer or "none"), inner=shortened(inner or "none"))


def claims(said: Contents) -> Iterator[Finding]:
    """Claims that stand twice: readers differ in which one they take."""
    counts = Counter(each.get("Name", "") for each in attribute_elements(said.assertion))
    for name in (name for name, count in counts.items() if count > 1):
        yield finding("FLEX384", f"attributes.{shortened(name)}", name=shortened(name))


def _quoted(text: str) -> str:
    return f"`{shortened(text, _LONGEST)}`" if text else "empty"
