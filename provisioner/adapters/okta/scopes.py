"""The OAuth scopes that a run asks for: as few as the plan needs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.adapters.okta import user_attribute

if TYPE_CHECKING:
    from provisioner.adapters.okta.plan import OktaPlan


def needed(plan: OktaPlan, *, write: bool) -> tuple[str, ...]:
    """Reading scopes, and beside them the managing ones where the run may write.

    No document says that a managing scope includes reading: each operation names its own (OpenAPI: security).
    """
    kinds = ("apps", "groups", "users", *(("schemas",) if user_attribute.wanted(plan) else ()))
    rights = ("read", "manage") if write else ("read",)
    return tuple(f"okta.{kind}.{right}" for kind in kinds for right in rights)
