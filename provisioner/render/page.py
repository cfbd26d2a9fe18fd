"""The frame of a web page that is one file: style and script inside, nothing loaded, nothing from outside run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from provisioner.core.text import visible


def page(name: str, texts: Mapping[str, str], parts: Mapping[str, str]) -> str:
    """The template `NAME.html`, filled in; `texts` are escaped, `parts` are markup already.

    Its style is `page.css` with `NAME.css`, its script `NAME.js`. It is ASCII, so that it is the same whatever the
    encoding of the stream that it is printed to.
    """
    style, script = _file("page.css") + _file(f"{name}.css"), _file(f"{name}.js")
    filled = {
        **{key: text(told) for key, told in texts.items()},
        **parts,
        "policy": _policy(style, script),
        "style": style,
        "script": script,
    }
    return Template(_file(f"{name}.html")).substitute(filled).encode("ascii", "xmlcharrefreplace").decode()


def text(told: str) -> str:
    """Words from outside, as the page may hold them, in an attribute as well."""
    return escape(visible(told))


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Lets in this page's own style and script alone: should an escape be missing, nothing of it runs or loads."""
    hashes = [base64.b64encode(hashlib.sha256(inline.encode("ascii")).digest()).decode() for inline in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
