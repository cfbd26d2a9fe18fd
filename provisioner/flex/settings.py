"""A vendor's own settings in a plan, held against the rules; each provider says what its vendor calls them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from provisioner.core.finding import Finding
from provisioner.flex import rules
from provisioner.flex.addresses import Sso
from provisioner.flex.spelling import did_you_mean

_AT = "application.settings"

Check = Callable[[Any, str], Iterator[Finding]]


class Vocabulary(NamedTuple):
    """One vendor's settings: those it documents, those the plan has keys for, and what a rule looks into.

    `addresses` are those that must be the ACS URL. `misplaced` and `undocumented` are the vendor's codes for a setting
    with a key of its own and for one that is not documented, and `finding` makes a finding of one.
    """

    where: str
    documented: Collection[str]
    own_place: Mapping[str, str]
    checks: Mapping[str, Check]
    addresses: Collection[str]
    misplaced: str
    undocumented: str
    finding: Callable[[str, str, str, str], Finding]


def findings(given: Mapping[str, Any], flex: Sso, words: Vocabulary) -> Iterator[Finding]:
    """What is wrong with the plan's free-form settings, in their order."""
    for name, value in given.items():
        path = f"{_AT}.{name}"
        if name in words.own_place:
            yield words.finding(words.misplaced, f"`{name}` has its own place in the plan", path, words.own_place[name])
        elif name not in words.documented:
            hint = did_you_mean(name, words.documented) or "it is sent as it stands"
            yield words.finding(words.undocumented, f"{words.where} has no documented field `{name}`", path, hint)
        if name in words.checks:
            yield from words.checks[name](value, path)
        if name in words.addresses:
            yield from rules.acs_address(flex, str(value), path)
        if name == "audience":
            yield from rules.audience_address(flex, str(value), path)
