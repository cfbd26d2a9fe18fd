"""What is pasted into the Console's form, checked field by field; no HTML."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from provisioner.sandbox.flex import connection
from provisioner.sandbox.flex.connection import Connection

Entries = dict[str, Any]
FIELDS = (
    "connection_sid",
    "friendly_name",
    "certificate_pem",
    "issuer",
    "sso_url",
    "default_redirect_url",
    "trusted_urls",
    "login_popup",
)

_LOCAL = ("localhost", "127.0.0.1", "::1")


class BadSettingsError(Exception):
    """The form cannot be saved: `problems` are words by field, `entries` what was typed."""

    def __init__(self, problems: Mapping[str, str], entries: Entries) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems, self.entries = problems, entries


def of_form(form: Mapping[str, str]) -> Entries:
    """Give the entries of a submitted form: one trusted URL a line."""
    entries: Entries = {name: form.get(name, "").strip() for name in FIELDS}
    return entries | {
        "trusted_urls": form.get("trusted_urls", "").split(),
        "login_popup": bool(form.get("login_popup")),
    }


def of_values(values: Any) -> Entries:
    """Give the entries of Flex values as a program prints them in JSON.

    Raises BadSettingsError where they are none, or where their addresses are not those that their SID leads to:
    Flex would await its responses elsewhere than the identity provider sends them.
    """
    if not isinstance(values, Mapping) or not isinstance(values.get("acs_url"), str):
        raise BadSettingsError({"values": "These are no Flex values: there is no acs_url."}, {})
    sid = connection.sid_within(values["acs_url"])
    told = {name: values[name] for name in FIELDS if values.get(name) is not None}
    entries = of_form({}) | told | {"connection_sid": sid}
    expected = {"acs_url": connection.acs_url(sid), "audience": connection.audience(sid)}
    wrong = {
        name: f"{name} is {values.get(name)!r}, which is not this connection's: Twilio's is {right}."
        for name, right in expected.items()
        if values.get(name) != right
    }
    if wrong:
        raise BadSettingsError(wrong, entries)
    return entries


def of_json(text: str) -> Entries:
    """Give the entries of Flex values in JSON, alone or as the `outputs` of an apply. Raises BadSettingsError."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSettingsError({"values": f"This is no JSON: {error}."}, {}) from error
    return of_values(values.get("outputs", values) if isinstance(values, dict) else values)


def checked(entries: Entries) -> Connection:
    """Give the connection that these entries describe. Raises BadSettingsError with every problem."""
    problems = {}
    for name, check in _CHECKS.items():
        try:
            check(entries[name])
        except (ValueError, TypeError) as error:
            problems[name] = str(error)
    if problems:
        raise BadSettingsError(problems, entries)
    rest = {name: value for name, value in entries.items() if name != "connection_sid"}
    return Connection(**{"sid": entries["connection_sid"], **rest, "trusted_urls": tuple(entries["trusted_urls"])})


def _check_sid(text: str) -> None:
    if not connection.is_sid(text):
        raise ValueError("JQ (or AC, for legacy SSO) and 32 digits of 0-9 and a-f are expected.")


def _check_certificate(pem: str) -> None:
    """Flex holds one certificate and wants it with its dashed lines (guide for Google: the entire contents)."""
    _check_text(pem)
    if "PRIVATE KEY" in pem:
        raise ValueError("This is a private key, which nobody but the identity provider may have.")
    if pem.count("-----BEGIN CERTIFICATE-----") != 1:
        raise ValueError("One certificate is expected, with its lines -----BEGIN and -----END CERTIFICATE-----.")
    try:
        x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise ValueError("This certificate cannot be read: was it pasted whole?") from error


def _check_issuer(text: str) -> None:
    _check_text(text)
    if not text:
        raise ValueError("The identity provider's issuer is missing.")


def _check_sso_url(text: str) -> None:
    _check_url(text)
    if "metadata" in urlsplit(text).path.lower():
        raise ValueError(
            "This is the address of metadata: people would see an XML file that has no style information "
            "in place of the login page."
        )


def _check_optional_url(text: str) -> None:
    if text != "":
        _check_url(text)


def _check_trusted(urls: list[str]) -> None:
    if not isinstance(urls, list | tuple):
        raise TypeError("A list is expected.")
    for url in urls:
        if "*" in url:
            raise ValueError(f"{url}: wildcards are not allowed.")
        _check_url(url)


def _check_url(text: str) -> None:
    _check_text(text)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in text):
        raise ValueError(f"{text or 'Nothing'} is no URL: https://… is expected.")
    if parts.scheme == "http" and not (parts.hostname in _LOCAL or parts.hostname.endswith(".localhost")):
        raise ValueError(f"{text} is not safe: https://… is expected.")


def _check_text(text: str) -> None:
    if not isinstance(text, str):
        raise TypeError("A text is expected.")


def _check_switch(value: bool) -> None:
    if not isinstance(value, bool):
        raise TypeError("On or off is expected.")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "connection_sid": _check_sid,
    "friendly_name": _check_text,
    "certificate_pem": _check_certificate,
    "issuer": _check_issuer,
    "sso_url": _check_sso_url,
    "default_redirect_url": _check_optional_url,
    "trusted_urls": _check_trusted,
    "login_popup": _check_switch,
}
