"""The one frame of every web page that the sandbox serves, and its security policy; no vendor's words."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: {part} in the sandbox</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<p class="bar"><strong>{part}</strong> <span class="mute">tenant <code>{tenant}</code></span>
<a href="/">sandbox home</a></p>
<p class="notice"><strong>This is a sandbox on your own machine, not {part}.</strong>
Nothing here reaches a real tenant, and nothing has to be kept secret.</p>
<h1>{title}</h1>
</header>
<main>
{body}
</main>{script}
</body>
</html>
"""


def page(
    title: str,
    body: str,
    *,
    part: str,
    tenant: str,
    status: int = 200,
    script: str = "",
    policy: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Give a page of a part ("Okta", "Auth0", "Flex") in the sandbox's one style.

    `title`, `part` and `tenant` are text and are escaped here; `body` is HTML, whose maker has escaped what came from
    outside. `script` is the page's only script: nothing else runs, should an escape ever be missing. `policy` adds to
    or replaces directives of the Content-Security-Policy: {"form-action": "*"} lets a form post to other sites, which
    holds for every redirect that answers it, too.
    """
    directives = {
        "default-src": "'none'",
        "style-src": _digest(_style()),
        "img-src": "data:",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        **({"script-src": _digest(script)} if script else {}),
        **(policy or {}),
    }
    html = _PAGE.format(
        title=escape(title),
        part=escape(part),
        tenant=escape(tenant),
        style=_style(),
        body=body,
        script=f"\n<script>{script}</script>" if script else "",
    )
    headers = {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in directives.items()),
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(html, status, headers)


@cache
def _style() -> str:
    return Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """The source expression by which a policy lets this very style or script in (CSP Level 3, hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
