"""Lists: pages by number or by checkpoint, their envelopes, projections of fields, and the unfriendly settings."""

from __future__ import annotations

import base64
import random
from collections.abc import Collection
from typing import Any

from provisioner.sandbox.auth0 import errors
from provisioner.sandbox.auth0.wire import Answer, Call

Body = dict[str, Any]

DEFAULT = 50
MOST = 100
"""Objects on a page, by default and at most (OpenAPI: `per_page`, `take`)."""
FEW = 20
"""Actions or bindings on a page by default (OpenAPI: `per_page`)."""
BY_NUMBER = ("page", "per_page", "include_totals")
BY_CHECKPOINT = ("from", "take")
FIELDS = ("fields", "include_fields")


def window(call: Call, default: int = DEFAULT) -> tuple[int, int]:
    """The first place and the size of the page asked for."""
    size = capped(call, call.number("per_page", default, 0, MOST) or default)
    return call.number("page", 0, 0) * size, size


def capped(call: Call, wanted: int) -> int:
    """The page size, cut where the sandbox is told to be unfriendly."""
    cap = call.visit.world.settings.page_size_cap
    return min(wanted, cap) if cap else wanted


def answer(call: Call, name: str, items: list[Body], always: Collection[str] = ()) -> Answer:
    """One page of the list in the form that the query asks for.

    Plain array; `{total, start, limit, NAME}` with `include_totals` (recording 09); `{NAME, next}` with `take` or
    `from`, which wins, and `next` only where more follows (replay: GET /connections with `take`).
    """
    if any(parameter in call.query for parameter in BY_CHECKPOINT):
        return checkpoint(call, name, items, always=always)
    first, size = window(call)
    page = project(call, shuffled(call, items[first : first + size]), always)
    if not call.flag("include_totals"):
        return Answer(page)
    return Answer({"total": len(items), "start": first, "limit": size, name: page})


def checkpoint(call: Call, name: str, items: list[Body], most: int = MOST, always: Collection[str] = ()) -> Answer:
    """One page of the list from the place that `from` stands for."""
    first, size = _place(call.query.get("from")), capped(call, call.number("take", DEFAULT, 1, most))
    page = project(call, shuffled(call, items[first : first + size]), always)
    following = first + size
    return Answer({name: page} | ({"next": _cursor(following)} if following < len(items) else {}))


def numbered(call: Call, name: str, items: list[Body]) -> Answer:
    """One page in the form of this part of the API, which leaves out every number that is 0 (recordings 23 and 24).

    `total` is how many there are, and 0 and so absent on a page behind the last.
    """
    first, size = window(call, FEW)
    found = items[first : first + size]
    numbers = {"total": len(items) if found else 0, "page": call.number("page", 0, 0), "per_page": size}
    return Answer({name: found} | {key: number for key, number in numbers.items() if number})


def shuffled(call: Call, items: list[Body]) -> list[Body]:
    """The items, in another order where the sandbox is told to be unfriendly."""
    return random.sample(items, len(items)) if call.visit.world.settings.shuffle else items


def project(call: Call, items: list[Body], always: Collection[str] = ()) -> list[Body]:
    """The items with the fields that `fields` names, or without them (OpenAPI: `fields`, `include_fields`).

    Some kinds of things show some fields in any case: `always`.
    """
    if "fields" not in call.query:
        return items
    names = {name.strip() for name in call.query["fields"].split(",")}
    included = call.flag("include_fields", True)
    return [
        {name: value for name, value in item.items() if (name in names) == included or name in always} for item in items
    ]


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode().rstrip("=")


def _place(cursor: str | None) -> int:
    """The place that a cursor of ours stands for; the words for any other are a guess."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return int(text.removeprefix("place:"))
    except ValueError:
        raise errors.invalid_query("The provided value is no checkpoint", "from") from None
