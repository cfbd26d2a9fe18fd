"""Finds the plan's things in a tenant: by mark, by name, by e-mail address. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from provisioner.adapters.auth0 import action, application, binding, user
from provisioner.errors import NotFound, Refusal, Refused

if TYPE_CHECKING:
    from provisioner.adapters.auth0.known import Known
    from provisioner.adapters.auth0.plan import Auth0Plan
    from provisioner.adapters.auth0.session import Auth0Session

Json = dict[str, Any]

# Everybody who may sign in to Flex has one of these; the Insights roles count beside them only.
_ROLES = ("admin", "agent", "supervisor")
_CONNECTION = {"fields": "id,name,strategy", "include_fields": "true"}
_FLOW = "/actions/triggers/post-login/bindings"


def below(collection: str, *parts: str) -> str:
    """The path of something below a collection, percent-encoded: `below("/users", id)`."""
    return "/".join((collection, *(quote(part, safe="") for part in parts)))


async def clients(session: Auth0Session) -> list[Json]:
    """All applications, in as few requests as can be: nothing else finds one by its name or mark."""
    query = {"fields": ",".join(application.FIELDS), "include_fields": "true"}
    query |= {"is_global": "false", "include_totals": "true"}
    return [each async for page in session.pages("/clients", query, "clients") for each in page]


async def client(session: Auth0Session, client_id: str) -> Json:
    """One application as it is now."""
    query = {"fields": ",".join(application.FIELDS), "include_fields": "true"}
    there: Json = await session.get(below("/clients", client_id), query)
    return there


async def enabled_connections(session: Auth0Session, client_id: str) -> dict[str, Json]:
    """The connections that are enabled for an application, by name."""
    path = below("/clients", client_id, "connections")
    query: dict[str, str | int] = {"take": 100, **_CONNECTION}
    found: dict[str, Json] = {}
    while True:
        answer = await session.get(path, query)
        found |= {each["name"]: each for each in answer["connections"]}
        if not answer.get("next") or answer["next"] == query.get("from"):
            return found
        query["from"] = answer["next"]


async def connection(session: Auth0Session, plan: Auth0Plan) -> Json:
    """The plan's connection. Raises `Refused` where the tenant has none of that name."""
    name = plan.application.connection
    for each in await session.get("/connections", {"name": name, **_CONNECTION}):
        if each["name"] == name:
            return each  # type: ignore[no-any-return]
    known = [each["name"] for each in await session.get("/connections", {"per_page": 100, **_CONNECTION})]
    near = get_close_matches(name, known, n=1) or known[:3]
    message = f"there is no connection `{name}` in the tenant; there is {', '.join(near) or 'none at all'}"
    raise Refused((Refusal("missing", message, (f"{application.KIND}:{plan.application.name}",)),))


async def the_action(session: Auth0Session, name: str) -> Json | None:
    """The post-login Action of exactly this name."""
    query = {"actionName": name, "triggerId": action.TRIGGER["id"]}
    async for page in session.pages("/actions/actions", query, "actions"):
        for each in page:
            if each["name"] == name:
                return each  # type: ignore[no-any-return]
    return None


async def action_of(session: Auth0Session, action_id: str) -> Json | None:
    """The Action with this id, None where there is none."""
    return await _if_there(session, below("/actions/actions", action_id))


async def flow(session: Auth0Session, known: Known) -> binding.Flow:
    """The whole login flow, to its last page: whatever is missing here would be unbound by a write."""
    bindings = [each async for page in session.pages(_FLOW, {}, "bindings") for each in page]
    return binding.Flow(tuple(bindings), known.action_id, known.managed)


async def people_by_email(session: Auth0Session, email: str, fields: Sequence[str] = user.FIELDS) -> list[Json]:
    """Everybody with this address, in whatever connection; unlike a search, this sees what was just written."""
    query = {"email": email.lower(), "fields": ",".join(fields), "include_fields": "true"}
    found: list[Json] = await session.get("/users-by-email", query)
    return found


async def people_with_roles(session: Auth0Session, connection_name: str, *, most: int) -> dict[str, str]:
    """The people in the connection who have Flex roles, as far as the search knows already: addresses by id.

    The search ends as soon as they are more than `most`.
    """
    roles = " OR ".join(f'app_metadata.flex.roles:"{role}"' for role in _ROLES)
    name = connection_name.replace("\\", "\\\\").replace('"', '\\"')
    query = {"q": f'identities.connection:"{name}" AND ({roles})', "search_engine": "v3", "include_totals": "true"}
    query |= {"fields": "user_id,email", "include_fields": "true"}
    found: dict[str, str] = {}
    async for page in session.pages("/users", query, "users"):
        found |= {each["user_id"]: user.key(each) for each in page}
        if len(found) > most:
            break
    return found


async def person(session: Auth0Session, user_id: str) -> Json | None:
    """Somebody as they are now (OpenAPI: getUser), None where they are gone."""
    query = {"fields": ",".join(user.FIELDS), "include_fields": "true"}
    return await _if_there(session, below("/users", user_id), query)


async def _if_there(session: Auth0Session, path: str, query: Mapping[str, str] | None = None) -> Json | None:
    try:
        there: Json = await session.get(path, query)
    except NotFound:
        return None
    return there
