"""Flex values as one web page for whoever fills in Twilio Console; its frame, style and script lie beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from provisioner.core.text import visible
from provisioner.flex.console import PAGE, WHERE, Notes
from provisioner.flex.values import Values, fingerprint, not_after
from provisioner.render.page import page

EMPTY = "leave empty"


def values(given: Values, notes: Notes, *, plan: str, tenant: str, today: date, warn_days: int) -> str:
    """The page: the form's fields in its order, each to be copied, and what to do step by step.

    It needs nothing else, works when opened as a file, and is the same for the same input. A certificate that ends
    within `warn_days` is said to, as of `today`.
    """
    texts = {"plan": plan, "tenant": tenant, "day": today.isoformat(), "page": PAGE, "where": " → ".join(WHERE)}
    parts = {
        "compared": "\n".join(
            (_field("acs_url", "ACS URL", given.acs_url), _field("audience", "Audience URI", given.audience))
        ),
        "fields": "\n".join(_form(given, notes, _ending(given.certificate_pem, today, warn_days))),
        "login": _field("login_url", "Login link", given.login_url, absent="the one that the Console shows"),
        "coming": _coming(given, today, warn_days),
    }
    return page("handover", texts | notes._asdict(), parts)


def _form(given: Values, notes: Notes, ending: str) -> Iterator[str]:
    """The Console's fields in its order (Twilio guide "Configure Google Workspace", Console fields)."""
    yield _field("friendly_name", "Friendly Name", given.friendly_name)
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
