"""Finds the plan's things in an org: by name, by mark, by login. Reads only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from provisioner.adapters.okta import application, group
from provisioner.adapters.okta.app_user import AppUser
from provisioner.adapters.okta.paths import APPS, GROUP_RULES, GROUPS, USERS, below
from provisioner.errors import NotFound

if TYPE_CHECKING:
    from provisioner.adapters.okta.executor import OktaSession
    from provisioner.adapters.okta.plan import OktaPlan

Json = dict[str, Any]

# What a search may take of an address, in characters as sent. Long addresses are refused somewhere on their way, mostly
# from 8 kB on, and a search that is too long is an error of its own (OpenAPI: listUsers).
_SEARCH_LENGTH = 3500
# Everybody. The plain listing leaves out people who are deactivated; a search has them (OpenAPI: listUsers).
_EVERYBODY = 'lastUpdated gt "1970-01-01T00:00:00.000Z"'


async def applications(session: OktaSession, label: str) -> list[Json]:
    """The applications with exactly this label: Okta's `q` finds every label and name that begins like it."""
    return [app async for app in _all(session, APPS, {"q": label, "limit": "200"}) if app["label"] == label]


async def candidates(session: OktaSession, plan: OktaPlan) -> list[Json]:
    """Applications among which `application.choose` finds the plan's: all that the org has, its rivals among them.

    A large org is not read beyond the second page if an application with the plan's label carries its mark; else the
    plan's may have been renamed.
    """
    found: dict[str, Json] = {}
    pages = 0
    async for page in session.pages(APPS, {"limit": "200"}):
        found |= {app["id"]: app for app in page}
        pages += 1
        if pages == 2:
            labelled = await applications(session, plan.application.label)
            found |= {app["id"]: app for app in labelled}
            if any(application.is_ours(plan, app) for app in found.values()):
                break
    return list(found.values())


async def the_group(session: OktaSession, name: str) -> Json | None:
    """The group with exactly this name."""
    return group.choose(name, [each async for each in _all(session, GROUPS, {"q": name})])


async def group_rules(session: OktaSession) -> AsyncIterator[Json]:
    """The org's rules that put people into groups: none can be asked for by its group (OpenAPI: listGroupRules)."""
    async for each in _all(session, GROUP_RULES, {"limit": "200"}):
        yield each


async def members(session: OktaSession, group_id: str) -> AsyncIterator[Json]:
    """Everybody in the group."""
    async for each in _all(session, below(GROUPS, group_id, "users"), {"limit": "1000"}):
        yield each


async def assigned_groups(session: OktaSession, app_id: str) -> list[Json]:
    """The groups that the application is assigned to, each with the group itself embedded."""
    path = below(APPS, app_id, "groups")
    return [each async for each in _all(session, path, {"limit": "200", "expand": "group"})]


async def let_in(session: OktaSession, app_id: str) -> list[AppUser]:
    """The first 5,000 whom Okta lets into the application, directly or by a group.

    These calls draw on the smallest budget that an org has, so very large applications are not read to the end.
    """
    found: list[AppUser] = []
    pages = 0
    async for page in session.pages(below(APPS, app_id, "users"), {"limit": "500"}):
        found += map(AppUser.of, page)
        pages += 1
        if pages == 10:
            break
    return found


async def user(session: OktaSession, login: str) -> Json | None:
    """The person with this login: unlike a search, this sees what was just written (OpenAPI: listUsers, getUser)."""
    try:
        answer = await session.call("GET", below(USERS, login))
    except NotFound:
        return None
    return answer.json  # type: ignore[no-any-return]


async def users(session: OktaSession, logins: Sequence[str]) -> AsyncIterator[Json]:
    """Those people who exist, and possibly others; never one request for each.

    Somebody who came into being in the last seconds may be missing: a search lags behind.
    """
    searches = list(_searches(logins))
    if len(searches) > 1 and (everybody := await _small_org(session)) is not None:
        searches = []
        for each in everybody:
            yield each
    for search in searches:
        async for each in _all(session, USERS, {"search": search, "limit": "200"}):
            yield each


async def _small_org(session: OktaSession) -> list[Json] | None:
    """Everybody in the org, if one page holds them. Only a second page tells: pages may be smaller than asked for."""
    first: list[Json] | None = None
    async for page in session.pages(USERS, {"search": _EVERYBODY, "limit": "200"}):
        if first is not None:
            return None
        first = page
    return first or []


def _searches(logins: Sequence[str]) -> Iterator[str]:
    terms: list[str] = []
    length = 0
    for login in logins:
        escaped = login.replace("\\", "\\\\").replace('"', '\\"')
        term = f'profile.login eq "{escaped}"'
        size = len(quote(f" or {term}", safe=""))
        if terms and length + size > _SEARCH_LENGTH:
            yield " or ".join(terms)
            terms, length = [], 0
        terms.append(term)
        length += size
    if terms:
        yield " or ".join(terms)


async def _all(session: OktaSession, path: str, query: dict[str, str]) -> AsyncIterator[Json]:
    async for page in session.pages(path, query):
        for each in page:
            yield each
