"""What Flex asks of any identity provider's configuration, as rules with stable codes. Pure: no clock, no vendor."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from provisioner.core.finding import Finding, Severity
from provisioner.core.text import some
from provisioner.flex import claims as names
from provisioner.flex.addresses import Sso, acs_url, audience
from provisioner.flex.roles import INSIGHTS_ROLES, SENIOR_ROLES


class Rule(NamedTuple):
    """How bad it is, and what it is about in a few words (the table in docs/rules.md)."""

    severity: Severity
    about: str


RULES = {
    "FLEX001": Rule("error", "An address is not the one of the plan's SSO connection"),
    "FLEX002": Rule("error", "An address of legacy SSO in an enhanced set-up, or the other way round"),
    "FLEX003": Rule("error", "An address that Twilio gave up in 2020"),
    "FLEX004": Rule("error", "An address with a typing error in its scheme"),
    "FLEX005": Rule("error", "The metadata URL where the ACS URL belongs"),
    "FLEX006": Rule("warning", "Legacy SSO after Twilio ended it on 2026-03-31"),
    "FLEX007": Rule("warning", "A SID that the chosen kind of SSO does not use"),
    "FLEX010": Rule("error", "A claim that Flex requires is missing"),
    "FLEX011": Rule("error", "A claim with a namespace, which Flex does not map"),
    "FLEX012": Rule("warning", "A claim whose name is nearly one that Flex knows"),
    "FLEX013": Rule("error", "A typed claim (name.TYPE) with an unknown type"),
    "FLEX020": Rule("error", "A Flex Insights role without supervisor or admin"),
    "FLEX021": Rule("warning", "Supervisors or admins who see all of Flex Insights for want of an Insights role"),
    "FLEX022": Rule("warning", "Attributes of people that nobody writes: the plan creates nobody"),
    "FLEX030": Rule("error", "The response is not signed"),
    "FLEX031": Rule("warning", "The assertion is not signed"),
    "FLEX032": Rule("warning", "SHA-1"),
    "FLEX033": Rule("error", "The assertion is encrypted"),
    "FLEX034": Rule("warning", "A default relay state, where Flex wants none"),
    "FLEX035": Rule("error", "A NameID that changes with every login"),
    "FLEX036": Rule("warning", "A NameID that nobody can read"),
    "FLEX037": Rule("warning", "Sessions of less than an hour"),
    "FLEX038": Rule("error", "Requests that must be signed, as Flex's are not"),
    "FLEX040": Rule("error", "A wildcard in a trusted URL"),
    "FLEX041": Rule("error", "A trusted URL without scheme or host"),
    "FLEX042": Rule("warning", "A self-hosted Flex UI without a default redirect URL"),
}

# Twilio guides "SSO configuration" and "Migration guide".
LEGACY_ENDED = date(2026, 3, 31)

# The region label of the host is a pattern: the guides show us1 alone, and say nowhere that it is the only one.
_ENHANCED_ACS = r"https://login\.flex\.[a-z0-9]+\.twilio\.com/login/callback\?connection=(JQ[0-9a-f]{32})"


def finding(code: str, message: str, path: str, hint: str = "") -> Finding:
    """A finding under one of this module's codes."""
    return Finding(code, RULES[code].severity, message, hint, path)


def connection(flex: Sso, today: date) -> Iterator[Finding]:
    """Which kind of SSO, and its SIDs."""
    if flex.sso == "legacy" and today > LEGACY_ENDED:
        hint = "set `sso: enhanced` and take `connection_sid` from the Console"
        yield finding("FLEX006", f"Twilio ended legacy SSO on {LEGACY_ENDED}", "flex.sso", hint)
    unused = "connection_sid" if flex.sso == "legacy" else "account_sid"
    if getattr(flex, unused):
        yield finding("FLEX007", f"`{unused}` is not used by {flex.sso} SSO", f"flex.{unused}", "leave it out")


def acs_address(flex: Sso, given: str, path: str) -> Iterator[Finding]:
    """An ACS URL (or recipient, or destination) that somebody wrote by hand."""
    wanted = acs_url(flex)
    enhanced = re.fullmatch(_ENHANCED_ACS, given)
    if given == wanted or (enhanced and enhanced[1] == flex.connection_sid and flex.sso == "enhanced"):
        return
    if given.endswith("/metadata"):
        yield finding("FLEX005", f"`{given}` is the metadata URL", path, f"the ACS URL is {wanted}")
    else:
        yield _wrong_address(flex, given, wanted, path)


def audience_address(flex: Sso, given: str, path: str) -> Iterator[Finding]:
    """An audience (SP entity ID) that somebody wrote by hand."""
    if given != audience(flex):
        yield _wrong_address(flex, given, audience(flex), path)


def _wrong_address(flex: Sso, given: str, wanted: str, path: str) -> Finding:
    hint = f"it is {wanted}"
    if given.startswith("https://preview.twilio.com/"):
        return finding("FLEX003", f"`{given}` is an address that Twilio gave up in 2020", path, hint)
    if re.match(r"(?!https?://)h+t+p*s*:/*", given) or given.startswith("http://"):
        return finding("FLEX004", f"`{given}` does not start with https://", path, hint)
    if _kind(given) not in (None, flex.sso):
        return finding("FLEX002", f"`{given}` belongs to {_kind(given)} SSO, and the plan says {flex.sso}", path, hint)
    return finding("FLEX001", f"`{given}` is not an address of this SSO connection", path, hint)


def _kind(address: str) -> str | None:
    if address.startswith("https://iam.twilio.com/"):
        return "legacy"
    return "enhanced" if address.startswith("urn:flex:") or "login.flex." in address else None


def claims(given: Collection[str], path: str) -> Iterator[Finding]:
    """The names of the claims; `path` is where they stand, each under its name."""
    namespaced = {names.bare(name) for name in given if names.is_namespaced(name)}
    for claim in names.REQUIRED:
        if claim not in given and claim not in namespaced:
            near = next((name for name in given if names.meant(name) == claim), None)
            hint = f"rename `{near}`" if near else "without it every login ends with Twilio's error 45050"
            yield finding("FLEX010", f"the required claim `{claim}` is missing", path, hint)
    for name in given:
        yield from _claim(name, given, f"{path}.{name}")


def _claim(name: str, given: Collection[str], path: str) -> Iterator[Finding]:
    if names.is_namespaced(name):
        message = f"the claim `{name}` has a namespace, and Flex does not map it"
        yield finding("FLEX011", message, path, names.renamed(name))
    elif (meant := names.meant(name)) and (meant in given or meant not in names.REQUIRED):
        yield finding("FLEX012", f"Flex does not read `{name}`: names are case sensitive", path, f"write `{meant}`")
    elif kind := names.type_meant(name):
        wrong = name.rpartition(".")[2]
        hint = f"did you mean `{kind}`? Flex knows {', '.join(sorted(names.TYPES))}"
        yield finding("FLEX013", f"`{wrong}` is not a type of claim: a login would end with status 400", path, hint)


def insights(people: Iterable[tuple[str, Collection[str]]]) -> Iterator[Finding]:
    """Roles of Flex Insights beside the others, of people by login (Twilio guide "Insights user roles")."""
    see_all = []
    used = False
    for login, roles in people:
        has_insights = not INSIGHTS_ROLES.isdisjoint(roles)
        is_senior = not SENIOR_ROLES.isdisjoint(roles)
        used |= has_insights and is_senior
        if has_insights and not is_senior:
            hint = "add supervisor or admin, or leave the wfo role out"
            message = f"{login} has an Insights role without supervisor or admin, so it does nothing"
            yield finding("FLEX020", message, f"user:{login.lower()}", hint)
        elif is_senior and not has_insights:
            see_all.append(login)
    if used and see_all:
        yield finding("FLEX021", _sees_all(see_all), "users", "give an Insights role, if only wfo.full_access")


def _sees_all(people: Sequence[str]) -> str:
    return f"all of Flex Insights (wfo.full_access) is given, for want of an Insights role, to {some(people)}"


def unwritten(named: Iterable[Collection[str]]) -> Iterator[Finding]:
    """The attributes that are named for people of a plan that creates nobody: only roles and membership are its own."""
    if names := sorted({name for person in named for name in person}):
        message = f"the plan creates nobody, so nobody's {some(names)} is written"
        yield finding("FLEX022", message, "users.create", "leave them out, or set `create: true`")


def response_signed(given: object, path: str) -> Iterator[Finding]:
    """Whether the response is signed (Twilio guide "Configure Okta IdP with Flex": Response, Signed)."""
    if given is not True:
        yield finding("FLEX030", "the response is not signed, and Flex refuses it", path, "leave it out, or true")


def assertion_signed(given: object, path: str) -> Iterator[Finding]:
    """Whether the assertion is signed; an extra that some providers cannot give beside a signed response."""
    if given is not True:
        yield finding("FLEX031", "the assertion is not signed, as the guide asks", path, "leave it out, or true")


def algorithm(given: object, path: str) -> Iterator[Finding]:
    """The algorithm of a signature or a digest."""
    if re.search(r"sha[-_]?1$", str(given), re.I):
        yield finding("FLEX032", f"{given} is weak, and nothing about Flex needs it", path, "leave it out: SHA-256")


def encryption(enabled: bool, path: str) -> Iterator[Finding]:
    """Whether the assertion is encrypted (Twilio guide "Configure Okta IdP with Flex": not supported)."""
    if enabled:
        yield finding("FLEX033", "Flex cannot read an encrypted assertion", path, "leave it out")


def unsigned_requests(refused: bool, path: str) -> Iterator[Finding]:
    """Whether requests must be signed: those of Flex are not (one is decoded in bruno222/twilio-flex-plugin-sso)."""
    if refused:
        yield finding(
            "FLEX038", "requests must be signed, and Flex signs none: it lets nobody in", path, "leave it out"
        )


def name_id(format_: str, path: str) -> Iterator[Finding]:
    """The format of the NameID: its value becomes the name of the TaskRouter worker."""
    if format_ == "transient":
        message = "a transient NameID is another one at every login: Flex would make a new worker each time"
        yield finding("FLEX035", message, path, "use unspecified or emailAddress")
    if format_ == "persistent":
        message = "a persistent NameID is opaque by its definition, and Flex shows it as the worker's name"
        yield finding("FLEX036", message, path, "use unspecified or emailAddress")


def session(seconds: object, path: str) -> Iterator[Finding]:
    """How long a session lasts (Twilio guide "SSO configuration": over an hour, better 8 to 10)."""
    if isinstance(seconds, int) and seconds < 3600:
        message = f"after {seconds} s agents would be logged out in the middle of a shift"
        yield finding("FLEX037", message, path, "leave it out, or 28800 and more")


def relay_state(given: object, path: str) -> Iterator[Finding]:
    """The default relay state: the guide says "Leave blank"."""
    if given:
        message = "Flex wants no default relay state: a login from the IdP's own page would end up nowhere"
        yield finding("FLEX034", message, path, "use `flex.default_redirect_url`")


def trusted_urls(urls: Sequence[str], default_redirect_url: str | None) -> Iterator[Finding]:
    """The trusted URLs of the Console form (Twilio guide "SSO configuration": full URLs, no wildcards)."""
    for place, url in enumerate(urls):
        path = f"flex.trusted_urls[{place}]"
        if "*" in url:
            yield finding("FLEX040", f"enhanced SSO takes no wildcard: `{url}`", path, "name each URL")
        elif not re.match(r"https?://[^/\s]+", url):
            yield finding("FLEX041", f"`{url}` is not a full URL", path, f"such as https://{url.rpartition('/')[2]}")
    if urls and not default_redirect_url:
        message = "a self-hosted Flex UI needs a default redirect URL"
        yield finding("FLEX042", message, "flex.trusted_urls", "set `flex.default_redirect_url`")
