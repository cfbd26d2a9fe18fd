"""Addresses in requests: what counts as a link."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_link(text: str, *schemes: str) -> bool:
    """Whether the text is an absolute address, with one of these schemes if any are named."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc) and (not schemes or parts.scheme in schemes)
