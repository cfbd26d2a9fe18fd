"""Lists: page sizes, cursors, the two Link headers, and the unfriendly settings that apply to every list."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from provisioner.sandbox.okta import errors, ids
from provisioner.sandbox.okta.wire import Answer, Call

Body = dict[str, Any]
_WHOLE = re.compile(r"[0-9]{1,9}")
SCAN = 500
"""How many documents are read at once while a predicate thins them out."""


@dataclass(frozen=True)
class Limits:
    """How many objects a page holds: by default, at most, and at least (OpenAPI: `limit` of each list)."""

    default: int
    most: int
    least: int = 1
    minus_one: bool = False
    """Whether `-1` asks for the default."""


def size(call: Call, limits: Limits) -> int:
    """The page size asked for, cut to the vendor's maximum.

    One below the minimum, or that is no number, is refused; the wording is a guess, the code is the catalogue's.
    """
    raw = call.query.get("limit")
    if raw is None or (raw == "-1" and limits.minus_one):
        return limits.default
    if not _WHOLE.fullmatch(raw) or int(raw) < limits.least:
        raise errors.invalid("limit", f"limit: The limit must be a number of at least {limits.least}")
    return min(int(raw), limits.most)


def start(call: Call) -> int:
    """The place that the request's cursor stands for; a cursor that is not ours is E0000029 (recording 19)."""
    raw = call.query.get("after")
    place = ids.position(raw) if raw else 0
    if place is None:
        raise errors.invalid_cursor()
    return place


def gather(
    call: Call, kind: str, limits: Limits, keep: Callable[[Body], bool], keys: Mapping[str, str]
) -> tuple[list[Body], int | None]:
    """One page of the documents of a kind that are kept, and the place to go on from when there are more."""
    wanted = _capped(call, size(call, limits))
    place, found = start(call), list[tuple[int, Body]]()
    while len(found) <= wanted:
        batch = call.documents.page(kind, after=place, limit=max(wanted + 1, SCAN), **keys)
        found += [(number, body) for number, body in batch if keep(body)]
        if len(batch) < max(wanted + 1, SCAN):
            break
        place = batch[-1][0]
    page = found[:wanted]
    return [body for _, body in page], page[-1][0] if len(found) > wanted else None


def cut(call: Call, items: list[Body], limits: Limits) -> tuple[list[Body], int | None]:
    """One page of a list that is in memory already, where the cursor counts items (sorted searches)."""
    first = start(call)
    last = first + _capped(call, size(call, limits))
    return items[first:last], last if last < len(items) else None


def mixed(call: Call, items: list[Body]) -> list[Body]:
    """The items in an order of their own where the sandbox is unfriendly: the vendor promises none."""
    return random.sample(items, len(items)) if call.visit.world.settings.shuffle else items


def answer(call: Call, items: list[Body], following: int | None, limits: Limits, *known: str) -> Answer:
    """The list as the vendor sends it: a Link to itself and, when there is more, one to the next page.

    Both repeat the effective `limit` and the query parameters that the endpoint knows, and drop the others
    (recordings 17, 29 and 35).
    """
    params = {"limit": str(size(call, limits))} | {name: call.query[name] for name in known if name in call.query}
    here = {"after": call.query["after"]} if call.query.get("after") else {}
    links = [_link(call, here | params, "self")]
    if following is not None:
        links.append(_link(call, {"after": ids.cursor(following)} | params, "next"))
    return Answer(items if "sortBy" in known else mixed(call, items), headers=links)


def _capped(call: Call, wanted: int) -> int:
    cap = call.visit.world.settings.page_size_cap
    return min(wanted, cap) if cap else wanted


def _link(call: Call, params: Mapping[str, str], rel: str) -> tuple[str, str]:
    return "link", f'<{call.visit.origin}{call.url}?{urlencode(params)}>; rel="{rel}"'
