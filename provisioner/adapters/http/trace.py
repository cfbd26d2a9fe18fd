"""What is counted and logged of every request: never a body, a query or a secret."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping

from httpx import URL

from provisioner.adapters.http.redact import shown_headers, shown_path
from provisioner.core.adapter import Requests

logger = logging.getLogger("provisioner.http")


class Trace:
    """The counts of one tenant's run. `waited` is the time that requests stood in line for the rate, summed up."""

    def __init__(self) -> None:
        self.requests = Requests()
        self.by_operation: Counter[str] = Counter()
        self.waited = 0.0

    def answered(self, method: str, url: URL, bucket: str, status: int, seconds: float) -> None:
        """Count and log one request that was sent; `status` 0 means that no answer came.

        With its host: many tenants may be looked at in one run.
        """
        self.requests.total += 1
        self.requests.rate_limited += status == 429
        self.by_operation[f"{method} {bucket}"] += 1
        outcome, path = str(status) if status else "no answer", shown_path(url.path)
        logger.info("%s %s%s  %s  %d ms  [%s]", method, url.host, path, outcome, seconds * 1000, bucket)

    def headers(self, headers: Mapping[str, str]) -> None:
        """Log the headers of an answer as far as they may be shown."""
        logger.debug("  %s", shown_headers(headers))
