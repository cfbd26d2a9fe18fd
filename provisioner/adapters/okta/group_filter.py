"""Which groups a GROUP statement finds by their names (OpenAPI: SamlAttributeStatementGroup). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provisioner.adapters.okta.expression_functions import NotComputable

Json = dict[str, Any]
Matches = Callable[[str], bool]

# A pattern comes from the tenant, and some take for ever: it runs in an engine that stops it.
_SECONDS = 0.2
_FIND = """(pattern) => {
  const [part, whole] = [new RegExp(pattern), new RegExp(`^(?:${pattern})$`)];
  return (name) => [part, whole].filter((each) => each.test(name)).length;
}"""


def matcher(statement: Json) -> Matches:
    """Whether the statement's filter finds a name. Raises `NotComputable` where that cannot be told, now or later."""
    kind, text = statement.get("filterType"), statement.get("filterValue") or ""
    match kind:
        case "STARTS_WITH":
            return lambda name: name.startswith(text)
        case "EQUALS":
            return lambda name: name == text
        case "CONTAINS":
            return lambda name: text in name
        case "REGEX":
            return _pattern(text)
    raise NotComputable(f"the filter {kind} is not known here")


def _pattern(text: str) -> Matches:
    from quickjs import Context, JSException  # type: ignore[import-untyped]

    context = Context()
    context.set_time_limit(_SECONDS)
    try:
        found = context.eval(_FIND)(text)
    except JSException:
        raise NotComputable(f"`{text}` is no pattern that is known here") from None

    def matches(name: str) -> bool:
        try:
            count = found(name)
        except JSException:
            raise NotComputable(f"`{text}` takes too long") from None
        if count == 1:
            raise NotComputable(f"`{text}` finds a part of `{name}`, and whether that counts is not documented")
        return bool(count)

    return matches
