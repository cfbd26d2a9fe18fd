"""Lists of users: all of them or those that a query finds, in an index that lags behind writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.auth0 import errors, lucene, paging, user_records
from provisioner.sandbox.auth0.wire import Answer, Call, Operation

Body = dict[str, Any]

MOST = 1_000
"""Of one query no more results than these can be read (public issue node-auth0 1246)."""
_BATCH = 500


def search(call: Call) -> Answer:
    """A page of what is found, with totals if asked (recording 36)."""
    first, size = paging.window(call)
    if first + size > MOST:
        page_of = "https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation"
        raise errors.bad_request(f"You can only page through the first {MOST} records. See {page_of}", "invalid_paging")
    if call.query.get("search_engine", "v3") != "v3":
        raise errors.invalid_query(f"No enum match for: {call.query['search_engine']}", "search_engine")
    found, total = _sorted(call, first, size) if "sort" in call.query else _plain(call, first, size)
    users = paging.project(call, paging.shuffled(call, found))
    if not call.flag("include_totals"):
        return Answer(users)
    return Answer({"start": first, "limit": size, "length": len(users), "users": users, "total": total})


def _hits(call: Call) -> Iterator[Body]:
    """Every user that the index shows and the query wants, in the order of creation."""
    wanted = lucene.parse(call.query["q"]) if call.query.get("q") else None
    keys = {"connection": call.query["connection"]} if "connection" in call.query else {}
    place = 0
    while True:
        batch = call.documents.page("user", after=place, limit=_BATCH, **keys)
        for place, user in batch:  # noqa: B007 - the last place is where the next batch goes on
            seen = search_index.visible(call.visit, user)
            if seen is not None and (wanted is None or wanted(seen)):
                yield user_records.shown(seen)
        if len(batch) < _BATCH:
            return


def _plain(call: Call, first: int, size: int) -> tuple[list[Body], int]:
    page, total = list[Body](), 0
    for user in _hits(call):
        if first <= total < first + size:
            page.append(user)
        total += 1
    return page, total


def _sorted(call: Call, first: int, size: int) -> tuple[list[Body], int]:
    """Sorted by one field, `email:1` or `email:-1` (OpenAPI: `sort`)."""
    field, _, direction = call.query["sort"].rpartition(":")
    if not field or direction not in {"1", "-1"}:
        raise errors.invalid_query("The sort must be field:1 or field:-1", "sort")
    found = sorted(
        _hits(call),
        key=lambda user: str(next(lucene.values(user, field), "")),
        reverse=direction == "-1",
    )
    return found[first : first + size], len(found)


_QUERY = ("q", "sort", "connection", "search_engine", "primary_order", *paging.FIELDS, *paging.BY_NUMBER)
OPERATIONS = (Operation("GET", "/api/v2/users", search, ("read:users",), query=_QUERY),)
