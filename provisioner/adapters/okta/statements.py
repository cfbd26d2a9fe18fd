"""SAML attribute statements: between the plan's map by name and Okta's list. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.core.resource import Value

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import Statement

Json = dict[str, Any]

PREFIX = "attribute_statements."
# Holds what the tenant has beyond the plan; the plan wants nothing there.
OTHERS = PREFIX + "*"

_NAMESPACE = "urn:oasis:names:tc:SAML:2.0:attrname-format:"


def to_okta(statements: Mapping[str, Statement]) -> list[Json]:
    """Okta's list, in the order of names: the order means nothing, so it is the same at every write."""
    return [_to_okta(name, statements[name]) for name in sorted(statements)]


def fields(statements: Sequence[Json], named: Collection[str]) -> dict[str, Value]:
    """One readable line for each name in `named`, and all others together under `OTHERS`.

    Names are unique over all statements of an application (help.okta.com, define-attribute-statements).
    """
    lines = {statement["name"]: _line(statement) for statement in statements}
    others = tuple(f"{name}: {line}" for name, line in sorted(lines.items()) if name not in named)
    return {**{PREFIX + name: lines.get(name) for name in named}, OTHERS: others or None}


def _to_okta(name: str, statement: Statement) -> Json:
    common = {"name": name, "namespace": _NAMESPACE + statement.format}
    if statement.group is None:
        return {"type": "EXPRESSION", **common, "values": [statement.value]}
    kind, value = statement.group.chosen
    return {"type": "GROUP", **common, "filterType": kind, "filterValue": value}


def _line(statement: Json) -> str:
    form = str(statement.get("namespace") or "").removeprefix(_NAMESPACE)
    if statement.get("type") == "GROUP":
        return f"{form} groups {str(statement.get('filterType')).lower()} {statement.get('filterValue')}"
    values = statement.get("values") or []
    return f"{form} {values[0] if len(values) == 1 else json.dumps(values)}"
