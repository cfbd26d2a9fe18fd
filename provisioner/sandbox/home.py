"""The page at `/`: says that this is a sandbox, and shows what the tenant holds and where to go on."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from provisioner.sandbox import overview
from provisioner.sandbox.answer import problem
from provisioner.sandbox.clock import iso
from provisioner.sandbox.hosts import DEFAULT_TENANT, Place, neighbour

if TYPE_CHECKING:
    from provisioner.sandbox.app import Sandbox
    from provisioner.sandbox.world import Part

SHOWN = 50
"""Rows of a table; a tenant may hold thousands."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{tenant}: provisioner sandbox</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<h1>Sandbox tenant <code>{tenant}</code></h1>
<p class="notice"><strong>This is a sandbox on your own machine, not {vendors}.</strong>
Nothing here reaches a real tenant, and nothing has to be kept secret.</p>
<p class="mute">Its clock says {now}.</p>
</header>
<nav aria-label="Tenants"><ul class="row"><li class="mute">Tenants</li>{tenants}</ul></nav>
<nav aria-label="This tenant as JSON"><ul class="row"><li class="mute">As JSON</li>{control}</ul></nav>
<main>
{parts}
</main>
</body>
</html>
"""

# The page holds what anyone wrote into the tenant: should an escape be missing, no script may run.
_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


def home(sandbox: "Sandbox") -> ASGIApp:
    """Give the application that answers at `/`."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method in ("GET", "HEAD"):
            response: Response = HTMLResponse(_page(sandbox, request.state.place), headers=_HEADERS)
        else:
            response = problem(405, "This page is for reading.")
        await response(scope, receive, send)

    return answered


def _page(sandbox: "Sandbox", place: Place) -> str:
    names = sorted({*sandbox.world.store.tenants(), DEFAULT_TENANT, place.tenant})
    tenants = [_link(neighbour(place, name).origin, name, here=name == place.tenant) for name in names]
    control = [_link(f"/_sandbox/{name}", name) for name in ("state", "requests", "faults", "clock")]
    return _PAGE.format(
        tenant=escape(place.tenant),
        style=_style(),
        vendors=escape(" or ".join(part.name.capitalize() for part in sandbox.parts)),
        now=escape(iso(sandbox.world.clock.now())),
        tenants="".join(tenants),
        control="".join(control),
        parts="".join(_part(sandbox, part, place) for part in sandbox.parts),
    )


@cache
def _style() -> str:
    return Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


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
    return f"<section><h2>{escape(part.name.capitalize())}</h2><dl>{credentials}</dl>{''.join(tables)}</section>"


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
    rows = "".join(_row(overview.line(item, names)) for item in items[:SHOWN])
    return (
        f'{heading}<div class="scroll" tabindex="0" role="region" aria-labelledby="{anchor}"><table>'
        '<thead><tr><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Details</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _row(line: overview.Line) -> str:
    cells = f"<td>{escape(line.status)}</td><td>{escape(line.details)}</td>"
    return f'<tr><th scope="row">{escape(line.name)}</th>{cells}</tr>'
