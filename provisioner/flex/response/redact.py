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
        *("NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter", "Name", "NameFormat"),
        *("Format", "Method", "Value", "Algorithm", "URI", "PrefixList", "type", "nil"),
    }
)
_SECRET = {qualified("ds:SignatureValue"), qualified("ds:DigestValue")}
# What a value is like stays to be seen: an internal id, an address, the white space around it, the word null.
_KIND = re.compile(r"[a-z0-9-]+\|")
# In an address, whoever it names before the host.
_USER = re.compile(r"//[^/?#@\s]*@")
# What the plan's own Action says where it denies a login. The words of others may tell whom they are about.
_KEPT_WORDS = ("You have no role in Twilio Flex. Ask your administrator for one, then sign in again.",)
_TELLING = ("", "null", "undefined", "[object Object]", "true", "false")


def redacted(xml: bytes) -> bytes:
    """The document with the same pseudonym for the same value wherever it stands.

    Names of claims, roles that Flex knows, times, addresses, algorithms and the (public) certificate stay. Raises
    `ProvisionerError` where it is no SAML response.
    """
    root = parse(xml)
    _redact_all(root, _Pseudonyms())
    return etree.tostring(root, encoding="utf-8")


def cover_of(xml: bytes) -> Callable[[str], str]:
    """What makes of a value what `redacted` makes of it in this document. Raises `ProvisionerError` as that does."""
    pseudonyms = _Pseudonyms()
    _redact_all(parse(xml), pseudonyms)
    return lambda value: value if value in _KEPT_WORDS or _is_roles(value) else _replaced(value, pseudonyms) or ""


class _Pseudonyms:
    """Numbers, in the order in which the values are met."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, value: str) -> str:
        known = self._known.setdefault(value, f"redacted-{len(self._known) + 1}")
        return f"{known}@example.invalid" if "@" in value else known


def _redact_all(root: Element, pseudonym: Callable[[str], str]) -> None:
    for element in list(root.iter()):
        _redact(element, pseudonym)


def _redact(element: Element, pseudonym: Callable[[str], str]) -> None:
    """The text that follows a comment or an element is a value, too."""
    element.tail = _replaced(element.tail, pseudonym)
    if isinstance(element, etree._Comment | etree._ProcessingInstruction):
        element.text = ""
        return
    element.text = _text(element, pseudonym)
    for name, value in element.attrib.items():
        kept = etree.QName(name).localname in _KEPT_ATTRIBUTES
        element.set(name, _without_password(str(value)) if kept else _replaced(str(value), pseudonym) or "")


def _text(element: Element, pseudonym: Callable[[str], str]) -> str | None:
    if element.tag in _SECRET:
        return "redacted"
    text = element.text or ""
    if element.tag == qualified("samlp:StatusMessage") and text.strip() in _KEPT_WORDS:
        return text
    if element.tag in _KEPT_TEXTS:
        return _without_password(text)
    if element.tag == qualified("saml:AttributeValue") and not len(element) and _is_roles(text):
        return text
    return _replaced(element.text, pseudonym)


def _is_roles(text: str) -> bool:
    """Whether a value is nothing but roles, in whatever letters: the commonest mistake must stay to be seen."""
    parts = [part.strip().casefold() for part in split_roles([text])]
    return bool(parts) and set(parts) <= ROLES


def _without_password(text: str) -> str:
    return _USER.sub("//redacted@", text)


def _replaced(text: str | None, pseudonym: Callable[[str], str]) -> str | None:
    core = (text or "").strip()
    if text is None or core in _TELLING:
        return text
    before, _, after = text.partition(core)
    kind = _KIND.match(core)
    internal = kind[0] if kind else ""
    return f"{before}{internal}{pseudonym(core.removeprefix(internal))}{after}"
