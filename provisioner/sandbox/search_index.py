"""The eventually consistent view that searches read: what a document was until its last write has been indexed."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.world import Visit

Body = dict[str, Any]


def remember(visit: Visit, kind: str, id: str, body: Body) -> Body:
    """The document to store, with what searches go on seeing until the lag has passed (both vendors say so)."""
    before = visit.documents.get(kind, id)
    seen = visible(visit, before) if before else None
    due = visit.world.clock.now() + visit.world.settings.search_lag
    return body | {"index": {"due": due, "before": seen and {k: v for k, v in seen.items() if k != "index"}}}


def visible(visit: Visit, body: Body) -> Body | None:
    """The document as searches see it now; None where they do not see it yet."""
    index = body["index"]
    return body if visit.world.clock.now() >= index["due"] else index["before"]
