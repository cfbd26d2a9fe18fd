"""The Console's page for single sign-on: the form, and two short ways to fill it in."""

from html import escape
from typing import Any

from starlette.responses import HTMLResponse

from provisioner.sandbox import clipboard
from provisioner.sandbox.flex import connection, console_form
from provisioner.sandbox.flex.console_form import BadSettingsError, Entries
from provisioner.sandbox.flex.refusal import CONSOLE, SETTINGS, RefusedError
from provisioner.sandbox.pages import page
from provisioner.sandbox.world import Visit

# Name, label, hint. The labels are those of Twilio Console (guide for Google Workspace, which shows all of them).
_TEXTS = (
    ("connection_sid", "SSO connection SID", "JQ…, which Twilio Console shows; AC…, the account's, for legacy SSO"),
    ("friendly_name", "Friendly name", ""),
    (
        "certificate_pem",
        "X.509 Certificate",
        "The whole of it, with the lines -----BEGIN and -----END CERTIFICATE-----",
    ),
    ("issuer", "Identity Provider Issuer", ""),
    ("sso_url", "Single Sign-on URL", ""),
    ("default_redirect_url", "Default redirect URL", "Needed when people start at the identity provider"),
    ("trusted_urls", "Trusted URLs", "One a line, without wildcards"),
)
_LONG = {"certificate_pem": 8, "trusted_urls": 3}


def shown(visit: Visit, *, saved: bool = False, error: BadSettingsError | None = None) -> HTMLResponse:
    """Give the page: with the connection in use, or with what was typed and what is wrong with it."""
    used = connection.load(visit)
    entries = error.entries if error else {}
    if used and not error:
        entries = {**connection.as_json(used), "connection_sid": used.sid}
    body = [
        _outcome(saved, error),
        _shortcuts(visit, "quiet" if used else ""),
        _form({**console_form.of_form({}), **entries}, error),
        _addresses(used.sid) if used else "",
    ]
    return page("Single sign-on", "".join(body), part=CONSOLE, tenant=visit.tenant, status=400 if error else 200)


def _outcome(saved: bool, error: BadSettingsError | None) -> str:
    if error:
        refusal = RefusedError(SETTINGS, "")
        items = "".join(
            f"<li><code>{escape(name)}</code>: {escape(text)}</li>" for name, text in error.problems.items()
        )
        return (
            f'<section class="bad" role="alert" data-code="{SETTINGS}"><h2>Not saved. Error {SETTINGS}</h2>'
            f"<p>{escape(refusal.text)}</p><ul>{items}</ul></section>"
        )
    if saved:
        onward = '<p><a class="button" href="/flex/">Go to Flex and log in</a></p>'
        return f'<p role="status"><strong>Saved.</strong></p>{onward}'
    return '<p>Flex knows of the identity provider only what stands here. <a href="/flex/">Back to Flex</a></p>'


def _shortcuts(visit: Visit, style: str) -> str:
    names = [each["name"] for each in clipboard.entries(visit.world.store, visit.tenant)]
    loads = "".join(
        f'<button class="{style}" name="load" value="{escape(name)}">Load the values of {escape(name)}</button>'
        for name in names
    )
    load = f'<form method="post" action="/flex/console">{loads}</form>' if loads else ""
    return (
        f"{load}<details><summary>Paste JSON</summary>"
        '<form method="post" action="/flex/console"><label for="values">Output of '
        "<code>provisioner outputs --format json</code></label>"
        '<textarea id="values" name="values" rows="8" spellcheck="false" required></textarea>'
        "<button>Load these values</button></form></details>"
    )


def _form(entries: Entries, error: BadSettingsError | None) -> str:
    problems = error.problems if error else {}
    inputs = "".join(_input(name, label, hint, entries[name], problems.get(name)) for name, label, hint in _TEXTS)
    checked = " checked" if entries["login_popup"] else ""
    return (
        f'<form method="post" action="/flex/console">{inputs}<label class="check">'
        f'<input type="checkbox" name="login_popup" value="on"{checked}> Login using popup</label>'
        "<button>Save</button></form>"
    )


def _input(name: str, label: str, hint: str, value: Any, problem: str | None) -> str:
    text = escape("\n".join(value) if isinstance(value, list | tuple) else str(value))
    style = "hint problem" if problem else "hint"
    told = f'<p class="{style}" id="{name}-hint">{escape(problem or hint)}</p>' if problem or hint else ""
    more = f' aria-describedby="{name}-hint"' if told else ""
    more += ' aria-invalid="true"' if problem else ""
    if name in _LONG:
        field = f'<textarea id="{name}" name="{name}" rows="{_LONG[name]}" spellcheck="false"{more}>{text}</textarea>'
    else:
        field = f'<input id="{name}" name="{name}" value="{text}" autocomplete="off" spellcheck="false"{more}>'
    return f'<label for="{name}">{label}</label>{field}{told}'


def _addresses(sid: str) -> str:
    return (
        "<h2>For the identity provider</h2><dl>"
        f"<dt>ACS URL</dt><dd><code>{escape(connection.acs_url(sid))}</code></dd>"
        f"<dt>Entity ID</dt><dd><code>{escape(connection.audience(sid))}</code></dd></dl>"
    )
