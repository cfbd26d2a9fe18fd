"""Flex values as one web page for whoever fills in Twilio Console; its frame, style and script lie beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from provisioner.core.text import visible
from provisioner.flex.console import PAGE, WHERE, Notes
from provisioner.flex.values import Values, fingerprint, not_after
from provisioner.planfile.tenant import is_loopback, origin
from provisioner.render.page import page

EMPTY = "leave empty"


_TRYING = (
    "In a private window, choose <em>Login with SSO</em> on the same page or open the login link, and sign in as "
    "somebody whom the plan names. Full name, e-mail address and roles must stand on the worker in TaskRouter."
)
_TRYING_SANDBOX = (
    "Open the login link, choose <em>Login with SSO</em>, and sign in as somebody whom the plan names. Full name, "
    "e-mail address and roles must stand on the worker's page."
)


class _Place(NamedTuple):
    """The Console that the values go to, and how a login is tried there."""

    page: str
    where: str
    console: str
    flex: str
    trying: str
    login: str | None


def _place(given: Values) -> _Place:
    """Twilio's own, or that of the sandbox, which plays Flex beside the identity provider."""
    at = urlsplit(given.sso_url)
    if not is_loopback(at.hostname or ""):
        return _Place(PAGE, " → ".join(WHERE), "Twilio Console", "Flex", _TRYING, given.login_url)
    flex, own = f"{origin(at)}/flex/", "sandbox's own Twilio Console"
    return _Place(f"{flex}console", f"The {own}", f"the {own}", "the sandbox's Flex", _TRYING_SANDBOX, flex)


def values(given: Values, notes: Notes, *, plan: str, tenant: str, today: date, warn_days: int) -> str:
    """The page: the form's fields in its order, each to be copied, and what to do step by step.

    It needs nothing else, works when opened as a file, and is the same for the same input. A certificate that ends
    within `warn_days` is said to, as of `today`.
    """
    place = _place(given)
    told = {"page": place.page, "where": place.where, "console": place.console, "flex": place.flex}
    texts = {"plan": plan, "tenant": tenant, "day": today.isoformat(), **told}
    parts = {
        "compared": "\n".join(
            (_field("acs_url", "ACS URL", given.acs_url), _field("audience", "Audience URI", given.audience))
        ),
        "fields": "\n".join(_form(given, notes, _ending(given.certificate_pem, today, warn_days))),
        "login": _field("login_url", "Login link", place.login, absent="the one that the Console shows"),
        "trying": place.trying,
        "coming": _coming(given, today, warn_days),
    }
    return page("handover", texts | notes._asdict(), parts)


def _form(given: Values, notes: Notes, ending: str) -> Iterator[str]:
    """The Console's fields in its order (Twilio guide "Configure Google Workspace", Console fields)."""
    yield _field("friendly_name", "Friendly name", given.friendly_name)
    yield _certificate("certificate_pem", "X.509 Certificate", given.certificate_pem, ending)
    yield _field("issuer", "Identity Provider Issuer", given.issuer)
    yield _field("sso_url", "Single Sign-on URL", given.sso_url)
    yield _field(
        "default_redirect_url",
        "Default redirect URL",
        given.default_redirect_url,
        note="Needed when people start at the identity provider's own page, and for a Flex UI under your own address.",
    )
    yield _entry("Trusted URLs", _trusted(given.trusted_urls), notes.trusted_urls)
    yield _entry("Login using popup", f"<strong>{'on' if given.login_popup else 'off'}</strong>", notes.login_popup)


def _field(key: str, name: str, value: str | None, *, absent: str = EMPTY, note: str = "") -> str:
    return _entry(name, _copied(key, name, value) if value else _nothing(absent), note)


def _trusted(urls: Sequence[str]) -> str:
    """One row each: the Console takes them one by one."""
    rows = [_copied(f"trusted_url_{number}", f"Trusted URL {number}", url) for number, url in enumerate(urls, 1)]
    return "\n".join(rows) or _nothing(EMPTY)


def _certificate(key: str, name: str, pem: str, ending: str) -> str:
    block = f'<code class="pem" id="{key}" tabindex="0" aria-label="{name}">{escape(pem)}</code>'
    about = (
        f'<p class="note">The whole block, from the first dash to the last. {ending}<br>SHA-256 {fingerprint(pem)}</p>'
    )
    return _entry(name, _row(block, key, name) + about)


def _entry(name: str, shown: str, note: str = "") -> str:
    told = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<div><dt>{escape(name)}</dt><dd>{shown}{told}</dd></div>"


def _nothing(told: str) -> str:
    return f'<span class="empty">{escape(told)}</span>'


def _copied(key: str, name: str, value: str) -> str:
    return _row(f'<code id="{key}">{escape(visible(value))}</code>', key, name)


def _row(shown: str, key: str, name: str) -> str:
    label = f'aria-label="Copy {escape(name)}" data-name="{escape(name)}"'
    return f'<div class="value">{shown}<button type="button" value="{key}" {label} hidden>Copy</button></div>'


def _coming(given: Values, today: date, warn_days: int) -> str:
    if not (pem := given.next_certificate_pem):
        return '<p class="note">No next certificate is prepared at the moment.</p>'
    ending = _ending(pem, today, warn_days)
    return f"<dl>{_certificate('next_certificate_pem', 'Next certificate', pem, ending)}</dl>"


def _ending(pem: str, today: date, warn_days: int) -> str:
    """When the certificate ends, as a date and as days from `today`."""
    ends = not_after(pem).date()
    left = (ends - today).days
    told = f"It ended on {ends}." if left < 0 else f"It ends on {ends}, {left:,} days after {today}."
    return f'<strong class="warn">{told}</strong>' if left <= warn_days else told
