"""What was noticed about a plan, a change set or a tenant, with a stable code."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Finding(NamedTuple):
    """One observation; `path` says where: a path in the plan file (`application.settings.audience`) or an address."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: str = ""
