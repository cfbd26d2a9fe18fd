"""What a run knows of the tenant by now: from what it read, then from what it wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Known:
    """The application as it was read or written last (`is_looked_up`: None means that there is none), and ids.

    `managed` holds those of the Actions that plans manage, this one's or another's. `created` holds the kinds of what
    this run created.
    """

    client: Json | None = None
    is_looked_up: bool = False
    connection: Json = field(default_factory=dict)
    action_id: str = ""
    managed: frozenset[str] = frozenset()
    created: set[str] = field(default_factory=set)

    def saw(self, client: Json | None) -> None:
        """Takes note of the application, or of there being none."""
        self.client, self.is_looked_up = client, True
