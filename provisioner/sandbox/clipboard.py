"""What a program has printed for people to paste elsewhere, by name: each tenant's, forgotten by a reset."""

from collections.abc import Mapping
from typing import Any

from provisioner.sandbox.store import Store


def put(store: Store, tenant: str, name: str, values: Mapping[str, Any]) -> None:
    """Keep these values in place of the former ones of this name."""
    store.documents(tenant, "sandbox").put("clipboard", name, {"name": name, "values": values})


def entries(store: Store, tenant: str) -> list[dict[str, Any]]:
    """Give `{"name", "values"}` of each name, in the order in which they first came."""
    return store.documents(tenant, "sandbox").find("clipboard")
