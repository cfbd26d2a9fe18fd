"""The page at `/`: says that this is a sandbox, and shows what the tenant holds and where to go on."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.sandbox import overview
from provisioner.sandbox.answer import problem
from provisioner.sandbox.clock import iso
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place, neighbour
from provisioner.sandbox.pages import page

if TYPE_CHECKING:
    from provisioner.sandbox.app import Sandbox
    from provisioner.sandbox.world import Part

SHOWN = 50
"""Rows of a table; a tenant may hold thousands."""


def home(sandbox: "Sandbox") -> ASGIApp:
    """Give the application that answers at `/`."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method in ("GET", "HEAD"):
            response: Response = _page(sandbox, request.state.place)
        else:
            response = problem(405, "This page is for reading.")
        await response(scope, receive, send)

    return answered


def _page(sandbox: "Sandbox", place: Place) -> HTMLResponse:
    names = sorted({*sandbox.world.store.tenants(), DEFAULT_TENANT, place.tenant})
    tenants = [_link(neighbour(place, name).origin, name, here=name == place.tenant) for name in names]
    control = [_link(f"/_sandbox/{name}", name) for name in ("state", "requests", "faults", "clock", "clipboard")]
    body = [
        f'<p class="mute">Its clock says {escape(iso(sandbox.world.clock.now()))}.</p>',
        _links("Where to click", _doors(sandbox)),
        _links("Tenants", tenants),
        _links("As JSON", control),
        *(_part(sandbox, part, place) for part in sandbox.parts),
    ]
    vendors = " / ".join(part.name.capitalize() for part in sandbox.parts)
    return page(f"Sandbox tenant {place.tenant}", "".join(body), part=vendors, tenant=place.tenant)


def _doors(sandbox: "Sandbox") -> list[str]:
    from provisioner.sandbox.parts import DOORS

    played = [part.name for part in sandbox.parts]
    return [_link(path, text) for part, doors in DOORS.items() if part in played for text, path in doors.items()]


def _links(title: str, links: list[str]) -> str:
    if not links:
        return ""
    return f'<nav aria-label="{title}"><ul class="row"><li class="mute">{title}</li>{"".join(links)}</ul></nav>'


def _link(address: str, text: str, *, here: bool = False) -> str:
    current = ' aria-current="page"' if here else ""
    return f'<li><a href="{escape(address)}"{current}>{escape(text)}</a></li>'


def _part(sandbox: "Sandbox", part: "Part", place: Place) -> str:
    visit = sandbox.visit(part, place)
    credentials = "".join(
        f"<dt>{escape(name)}</dt><dd>{_secret(value)}</dd>" for name, value in part.credentials(visit).items()
    )
    state = part.state(visit)
    names = overview.names_by_id(state)
    tables = [_table(part.name, title, items, names) for title, items in overview.tables(state).items()]
    listed = f"<dl>{credentials}</dl>" if credentials else ""
    return f"<section><h2>{escape(part.name.capitalize())}</h2>{listed}{''.join(tables)}</section>"


def _secret(value: str) -> str:
    """A credential; one of many lines (a key) is folded, so that what the tenant holds stays in sight."""
    if "\n" not in value:
        return f"<code>{escape(value)}</code>"
    return f"<details><summary>show</summary><pre><code>{escape(value)}</code></pre></details>"


def _table(part: str, title: str, items: list[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    anchor = escape(f"{part}-{title.replace(' ', '-').lower()}")
    heading = f'<h3 id="{anchor}">{escape(title)} <span class="mute">{len(items)}</span></h3>'
    if not items:
        return heading
    more = f'<p class="mute">… and {len(items) - SHOWN} more.</p>' if len(items) > SHOWN else ""
    lines = [overview.line(item, names) for item in items[:SHOWN]]
    columns = ["name", *(each for each in ("status", "details") if any(getattr(line, each) for line in lines))]
    head = "".join(f'<th scope="col">{each.capitalize()}</th>' for each in columns)
    rows = "".join(_row(line, columns[1:]) for line in lines)
    return (
        f'{heading}<div class="scroll" tabindex="0" role="region" aria-labelledby="{anchor}"><table class="stacked">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    )


def _row(line: overview.Line, columns: Sequence[str]) -> str:
    cells = "".join(f'<td class="{each}">{escape(getattr(line, each))}</td>' for each in columns)
    return f'<tr><th scope="row">{escape(line.name)}</th>{cells}</tr>'
