"""The sandbox: plays the vendors' APIs on this machine, as strictly as they are; uses nothing else of provisioner."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.app import Sandbox, create_app
    from provisioner.sandbox.clock import Clock
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.transport import EmbeddedTransport
    from provisioner.sandbox.world import SandboxSettings

__all__ = ["Clock", "EmbeddedTransport", "Sandbox", "SandboxSettings", "Store", "create_app"]

_HOMES = {
    "Clock": "clock",
    "EmbeddedTransport": "transport",
    "Sandbox": "app",
    "SandboxSettings": "world",
    "Store": "store",
    "create_app": "app",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: most runs of the program need no web framework."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
