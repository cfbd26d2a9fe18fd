"""Lists of users: all of them, filtered, searched in the index, or found by the start of a name."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox import search_index
from provisioner.sandbox.okta import errors, paging, search, user_schema
from provisioner.sandbox.okta.user_records import UserView
from provisioner.sandbox.okta.wire import Answer, Call, Operation

Body = dict[str, Any]

LIMITS = paging.Limits(default=200, most=200)
PICKER = paging.Limits(default=10, most=200)
_FILTER = search.Grammar(
    dict.fromkeys(
        ("status", "id", "profile.login", "profile.email", "profile.firstName", "profile.lastName"), frozenset({"eq"})
    )
    | {"lastUpdated": search.ORDER},
    fold_case=False,
)
_TOP = ("id", "status", "created", "activated", "statusChanged", "lastUpdated", "type.id")
_CONTAINING = ("profile.firstName", "profile.lastName", "profile.email", "profile.login")
"""What a search may ask a part of; of any other property it knows the start (OpenAPI: listUsers)."""


def list_users(call: Call) -> Answer:
    """A page of users. Without `search` and `filter` the deactivated are left out (OpenAPI: listUsers)."""
    if call.query.get("search"):
        return _search(call)
    if call.query.get("filter"):
        wanted = _FILTER.parse(call.query["filter"])
        return _page(call, *paging.gather(call, "user", LIMITS, wanted, {}), LIMITS, "filter")
    if call.query.get("q"):
        return _pick(call)
    return _page(call, *paging.gather(call, "user", LIMITS, _present, {}), LIMITS)


def _present(user: Body) -> bool:
    return bool(user["status"] != "DEPROVISIONED")


def _page(call: Call, found: list[Body], following: int | None, limits: paging.Limits, *known: str) -> Answer:
    view = UserView(call)
    shown = [_projected(call, view.brief(user)) for user in found]
    return paging.answer(call, shown, following, limits, *known, "fields")


def _search(call: Call) -> Answer:
    """Search the index, and sort what is found if asked; a filter beside it is E0000033 (error catalogue)."""
    if call.query.get("filter"):
        raise errors.refusal(
            "E0000033", 400, "Bad request. Can't specify a search query and filter in the same request."
        )
    grammar = _grammar(call)
    wanted = grammar.parse(call.query["search"])
    if call.query.get("sortBy"):
        return _sorted(call, grammar, wanted)

    def kept(user: Body) -> bool:
        seen = search_index.visible(call.visit, user)
        return seen is not None and wanted(seen)

    found, following = paging.gather(call, "user", LIMITS, kept, {})
    seen = [search_index.visible(call.visit, user) or user for user in found]
    return _page(call, seen, following, LIMITS, "search")


def _sorted(call: Call, grammar: search.Grammar, wanted: search.Predicate) -> Answer:
    """What is wanted, in order; refusals of another property or order are guesses, what there is is documented."""
    order = call.query.get("sortOrder", "asc").lower()
    if not grammar.allowed(call.query["sortBy"]):
        raise errors.invalid_search(f"Cannot sort by {call.query['sortBy']}.")
    if order not in {"asc", "desc"}:
        raise errors.invalid("sortOrder", "sortOrder: The value must be asc or desc")
    seen = [shown for user in call.documents.find("user") if (shown := search_index.visible(call.visit, user))]
    hits = sorted((user for user in seen if wanted(user)), key=search.sort_key(call.query["sortBy"]))
    if order == "desc":
        hits.reverse()
    return _page(call, *paging.cut(call, hits, LIMITS), LIMITS, "search", "sortBy", "sortOrder")


def _grammar(call: Call) -> search.Grammar:
    """Any attribute of any user type can be searched for (OpenAPI: listUsers); an unknown one is E0000031."""
    names = set(_TOP)
    for kind in call.documents.find("userType"):
        names |= {f"profile.{name}" for name in user_schema.attributes(call.visit, kind["id"])}
    operators = dict.fromkeys(names, search.ALL - {"co"}) | dict.fromkeys(_CONTAINING, search.ALL)
    return search.Grammar(operators, fold_case=True)


def _pick(call: Call) -> Answer:
    """Users whose first name, last name or e-mail address starts so; one page without a next (OpenAPI: `q`)."""
    start = call.query["q"].lower()

    def kept(user: Body) -> bool:
        values = (user["profile"].get(name) or "" for name in ("firstName", "lastName", "email"))
        return _present(user) and any(value.lower().startswith(start) for value in values)

    found, _ = paging.gather(call, "user", PICKER, kept, {})
    return _page(call, found, None, PICKER, "q")


def _projected(call: Call, user: Body) -> Body:
    """The user with the asked fields only, and always the id: `id,status,profile:(login,city)` (OpenAPI: `fields`)."""
    asked = call.query.get("fields")
    if not asked:
        return user
    head, _, rest = asked.partition("profile:(")
    inner, _, tail = rest.partition(")")
    top = {name.strip() for name in f"{head},{tail}".split(",") if name.strip()}
    shown = {name: value for name, value in user.items() if name == "id" or name in top}
    if rest:
        wanted = {name.strip() for name in inner.split(",")}
        shown["profile"] = {name: value for name, value in user["profile"].items() if name in wanted}
    return shown


OPERATIONS = (Operation("GET", "/api/v1/users", list_users, "users"),)
