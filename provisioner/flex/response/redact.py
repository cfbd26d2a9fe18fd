"""A response that can go into a ticket: its structure as it was, nobody's values, nothing that could be used again."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from provisioner.flex.response.document import Element, parse, qualified
from provisioner.flex.roles import ROLES
from provisioner.flex.worker import split_roles

# Texts that say how the two sides are set up, and nothing about a person. All others are replaced.
_KEPT_TEXTS = {
    qualified(name)
    for name in ("saml:Issuer", "saml:Audience", "saml:AuthnContextClassRef", "saml:AuthnContextDeclRef")
} | {qualified("ds:X509Certificate")}
_KEPT_ATTRIBUTES = frozenset(
    {
        *("ID", "Id", "Version", "IssueInstant", "Destination", "Recipient", "InResponseTo", "NotBefore"),
        *("NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter", "Name", "NameFormat", "FriendlyName"),
        *("Format", "Method", "Value", "Algorithm", "URI", "PrefixList", "type", "nil"),
    }
)
_SECRET = {qualified("ds:SignatureValue"), qualified("ds:DigestValue")}
# What a value is like stays to be seen: an internal id, an address, the white space around it, the word null.
_KIND = re.compile(r"[a-z0-9-]+\|")
# In the words of an identity provider these alone are somebody's; without the words a ticket is worth nothing.
_WORD = re.compile(r"[^\s'\"<>()]+")
_TELLING = ("", "null", "undefined", "true", "false")


def redacted(xml: bytes) -> bytes:
    """The document with the same pseudonym for the same value wherever it stands.

    Names of claims, roles that Flex knows, times, addresses, algorithms and the (public) certificate stay. Raises
    `ProvisionerError` where it is no SAML response.
    """
    root = parse(xml)
    pseudonyms: dict[str, str] = {}

    def pseudonym(value: str) -> str:
        known = pseudonyms.setdefault(value, f"redacted-{len(pseudonyms) + 1}")
        return f"{known}@example.invalid" if "@" in value else known

    for element in list(root.iter()):
        _redact(element, pseudonym)
    return etree.tostring(root, encoding="utf-8")


def _redact(element: Element, pseudonym: Callable[[str], str]) -> None:
    """The text that follows a comment or an element is a value, too."""
    element.tail = _replaced(element.tail, pseudonym)
    if isinstance(element, etree._Comment | etree._ProcessingInstruction):
        element.text = ""
        return
    element.text = _text(element, pseudonym)
    for name, value in element.attrib.items():
        if etree.QName(name).localname not in _KEPT_ATTRIBUTES:
            element.set(name, _replaced(str(value), pseudonym) or "")


def _text(element: Element, pseudonym: Callable[[str], str]) -> str | None:
    if element.tag in _SECRET:
        return "redacted"
    if element.tag == qualified("samlp:StatusMessage"):
        return _WORD.sub(lambda word: pseudonym(word[0]) if "@" in word[0] else word[0], element.text or "")
    if element.tag in _KEPT_TEXTS or (element.tag == qualified("saml:AttributeValue") and _is_roles(element)):
        return element.text
    return _replaced(element.text, pseudonym)


def _is_roles(element: Element) -> bool:
    """Whether a value is nothing but roles, in whatever letters: the commonest mistake must stay to be seen."""
    parts = [part.strip().casefold() for part in split_roles([element.text or ""])]
    return bool(parts) and not len(element) and set(parts) <= ROLES


def _replaced(text: str | None, pseudonym: Callable[[str], str]) -> str | None:
    core = (text or "").strip()
    if text is None or core in _TELLING:
        return text
    before, _, after = text.partition(core)
    kind = _KIND.match(core)
    internal = kind[0] if kind else ""
    return f"{before}{internal}{pseudonym(core.removeprefix(internal))}{after}"
