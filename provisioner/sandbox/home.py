"""The page at `/`: says that this is a sandbox, and shows what the tenant holds and where to go on."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

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
        f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>"
        for name, value in part.credentials(visit).items()
    )
    tables = "".join(
        _table(part.name, kind, items) for kind, items in part.state(visit).items() if isinstance(items, list)
    )
    return f"<section><h2>{escape(part.name.capitalize())}</h2><dl>{credentials}</dl>{tables}</section>"


def _table(part: str, kind: str, items: list[Any]) -> str:
    anchor = escape(f"{part}-{kind}")
    title = f'<h3 id="{anchor}">{escape(_words(kind))} <span class="mute">{len(items)}</span></h3>'
    if not items:
        return title
    more = f'<p class="mute">… and {len(items) - SHOWN} more.</p>' if len(items) > SHOWN else ""
    rows = "".join(_row(item) for item in items[:SHOWN] if isinstance(item, Mapping))
    return (
        f'{title}<div class="scroll" tabindex="0" role="region" aria-labelledby="{anchor}"><table>'
        '<thead><tr><th scope="col">Name</th><th scope="col">Status</th><th scope="col">Details</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _words(kind: str) -> str:
    """Give `appGroups` as `App groups`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip().capitalize()


def _row(item: Mapping[str, Any]) -> str:
    profile = item.get("profile")
    facts = {**item, **profile} if isinstance(profile, Mapping) else dict(item)
    name = next((str(facts[key]) for key in ("label", "login", "name", "id") if facts.get(key)), "")
    cells = (str(facts.get("status", "")), ", ".join(_details(facts, name)))
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'


def _details(facts: Mapping[str, Any], name: str) -> Iterable[str]:
    for key, value in facts.items():
        if key in ("status", "profile") or key.startswith("_") or value in ("", None) or value in ([], {}):
            continue
        if isinstance(value, list):
            yield f"{key}: {len(value)}" if isinstance(value[0], Mapping) else f"{key}: {' '.join(map(str, value))}"
        elif not isinstance(value, Mapping) and str(value) != name:
            yield f"{key}: {value}"
