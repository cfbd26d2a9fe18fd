"""The one error that ends a login with a page instead of an answer to the application."""

from __future__ import annotations


class Misled(Exception):
    """A login that cannot go on, and no application to tell: the person sees the vendor's error page."""

    def __init__(self, description: str, error: str = "invalid_request") -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
