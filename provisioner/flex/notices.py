"""What is said of a change set or a tenant, whichever the vendor: the codes from FLEX201 on. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from provisioner.core.change import ChangeSet, Update
from provisioner.core.finding import Finding, Severity
from provisioner.core.resource import Desired, Observed
from provisioner.core.text import shortened

# Severity, message and hint by code. What stands in them as {…} is filled in where the finding is made.
Table = Mapping[str, tuple[Severity, str, str]]

NOTICES: Table = {
    "FLEX201": (
        "warning",
        "The ACS URL of a live application changes: nobody can sign in until Flex has the plan's connection.",
        "if somebody changed the application, this repairs it; else make the change in Twilio Console at the same time",
    ),
    "FLEX202": (
        "warning",
        "The NameID of a live application changes: Flex makes a new worker for everyone whose NameID differs,"
        " and bills the old ones too until they are deleted.",
        "have the old workers' attributes and history moved before agents sign in",
    ),
    "FLEX203": (
        "warning",
        "The audience of a live application changes: nobody can sign in until Flex has the plan's connection.",
        "if somebody changed the application, this repairs it; else make the change in Twilio Console at the same time",
    ),
    "FLEX204": (
        "warning",
        "Where the roles come from changes in a live application: agents have other roles from their next sign-in on,"
        " and whoever has none there cannot sign in.",
        "make sure that everyone has roles there before agents sign in",
    ),
    "FLEX205": (
        "warning",
        "The issuer of a live application changes: nobody can sign in until Flex has the plan's.",
        "if somebody changed the application, this repairs it; else paste the issuer that the apply prints into Twilio"
        " Console",
    ),
    "FLEX213": (
        "warning",
        "Another application, {name}, posts to the same ACS URL: people may sign in to Flex through it.",
        "delete or deactivate it, if it is no longer used",
    ),
    "FLEX217": (
        "warning",
        "The Single Sign-on URL leads to {name}, which is neither the tenant nor among the plan's trusted URLs.",
        "name the tenant's custom domain in flex.trusted_urls; do not paste an address that nobody knows",
    ),
}

# Of what comes from outside into a message.
_LONGEST = 300


def finding(table: Table, code: str, path: str, **filled_in: object) -> Finding:
    """The finding with this code of a table, message and hint filled in; nothing that is filled in is endless."""
    severity, message, hint = table[code]
    words = {name: shortened(str(value), _LONGEST) for name, value in filled_in.items()}
    return Finding(code, severity, message.format(**words), hint.format(**words), path)


def about_live_changes(
    table: Table, changes: ChangeSet, kind: str, behind: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """One finding for each code that has a changed field `behind` it, in a thing of this kind that is there already."""
    for change in changes.changes:
        if isinstance(change, Update) and change.kind == kind:
            paths = {field.path for field in change.fields}
            for code, fields in behind.items():
                if not paths.isdisjoint(fields):
                    yield finding(table, code, change.address)


def about_unnamed(table: Table, desired: Desired, observed: Observed, codes: Mapping[str, str]) -> Iterator[Finding]:
    """One finding for each thing in the tenant that the plan does not name, of a kind that has a code here."""
    wanted = {resource.address for resource in desired.resources}
    for address, found in observed.resources.items():
        if address not in wanted and found.kind in codes:
            yield finding(table, codes[found.kind], address, name=found.key)


def about_sso_url(sso_url: str, known: Collection[str]) -> Iterator[Finding]:
    """FLEX217 where agents would be sent to sign in at an origin that is none of the `known` URLs'."""
    if _origin(sso_url) not in map(_origin, known):
        yield finding(NOTICES, "FLEX217", "sso_url", name="://".join(_origin(sso_url)))


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def people(count: int, verb: str) -> str:
    """What so many people do, in words: `1 person gets`, `2 people get`."""
    return f"1 person {verb}s" if count == 1 else f"{count} people {verb}"
